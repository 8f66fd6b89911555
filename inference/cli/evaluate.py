"""Measure a model version on a folder laid out like ../shared/data.

WHAT is parts, damage, presence, whole or part-naming. Labelled photos are read from COCO
(annotations.json), VIA (via_region_data.json) or indexed PNG folders; presence and whole take a
folder of photos per class. The table that maps the set's names to the taxonomy is found by the
folder's name or given by --mapping. With --json one JSON object is printed, as
inference/OUTPUT.md describes it.

Second domain: evaluate parts ../shared/data/parts-and-damage --taxonomy reduced
               evaluate damage ../shared/data/parts-and-damage --taxonomy binary
"""

import argparse
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from inference.cli.figures_in_words import in_words
from inference.cli.models import (
    add_averaging_arguments,
    add_model_arguments,
    averaging_of,
    predictor_of,
)
from inference.data.readers import read_labelled
from inference.data.records import LabelledPhoto
from inference.data.splits import group_photos
from inference.errors import ConfigError
from inference.evaluation.classification import classifier_robustness, evaluate_classifier
from inference.evaluation.counts_file import write_counts
from inference.evaluation.hard_kinds import FILE, figures_by_kind, read_kinds
from inference.evaluation.held_back import held_back
from inference.evaluation.part_naming import evaluate_part_naming
from inference.evaluation.report import html_report
from inference.evaluation.robustness import robustness
from inference.evaluation.segmentation import evaluate_layer, labelled_in
from inference.evaluation.worst import worst_photos
from inference.predictor import Predictor
from inference.taxonomy import LayerName
from inference.taxonomy.mapping import SetMapping, load_mapping

log = logging.getLogger(__name__)

LAYERS = ("parts", "damage")
CLASSIFIERS = ("presence", "whole")
TAXONOMIES = ("original", "sides", "reduced", "categorical", "binary", "inspection")
DEFAULT_TAXONOMY = {"parts": "sides", "damage": "categorical"}
# What only some of WHAT can be asked for; asking elsewhere is refused, not ignored.
_ONLY_FOR = {
    "taxonomy": LAYERS,
    "intervals": LAYERS,
    "counts": LAYERS,
    "html": LAYERS,
    "kinds": LAYERS,
    "robustness": (*LAYERS, *CLASSIFIERS),
    "mapping": (*LAYERS, "part-naming"),
    "split": (*LAYERS, "part-naming"),
    "flip": (*LAYERS, "part-naming"),
    "long_sides": (*LAYERS, "part-naming"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=(*LAYERS, *CLASSIFIERS, "part-naming"))
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--mapping", help="name of a mapping, or a TOML file of your own")
    parser.add_argument(
        "--taxonomy",
        choices=TAXONOMIES,
        help="coarser classes to judge under (default: sides for parts, categorical for damage)",
    )
    parser.add_argument(
        "--intervals", action="store_true", help="95 %% bootstrap intervals, resampled by case"
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="also write a page with the worst photos"
    )
    parser.add_argument(
        "--counts",
        type=Path,
        metavar="FILE.npz",
        help="also keep every photo's counts, for comparing two models",
    )
    parser.add_argument(
        "--kinds",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="FILE",
        help="all figures per kind of hard photo too (default: DIR/../cases/hard_cases.json)",
    )
    parser.add_argument(
        "--robustness",
        action="store_true",
        help="again under blur, noise, darkness, JPEG and occlusion, three strengths each: takes "
        "about 17 times as long",
    )
    parser.add_argument(
        "--split", choices=("all", "validation"), help="validation: only what training kept back"
    )
    add_model_arguments(parser)
    add_averaging_arguments(parser)


def run(args: argparse.Namespace) -> int:
    _refuse_what_does_not_apply(args)
    averaging = averaging_of(args)
    predictor = predictor_of(args, averaging)
    if args.what in CLASSIFIERS:
        figures = _of_classifier(args, predictor)
    else:
        figures = _on_labelled_photos(args, predictor)
    if averaging:
        figures["test_time"] = {name: item.to_json() for name, item in averaging.items()}
    print(json.dumps(figures, ensure_ascii=False) if args.json else in_words(figures))
    return 0


def _refuse_what_does_not_apply(args: argparse.Namespace) -> None:
    for option, those in _ONLY_FOR.items():
        if getattr(args, option) not in (None, False) and args.what not in those:
            said = option.replace("_", "-")
            raise ConfigError(
                f"--{said} is not for {args.what!r}, only for {', '.join(those)}: leave it out."
            )


def _of_classifier(args: argparse.Namespace, predictor: Predictor) -> dict[str, Any]:
    figures = evaluate_classifier(predictor, args.what, args.folder)
    if args.robustness:
        figures["robustness"] = classifier_robustness(predictor, args.what, args.folder)
    return figures


def _on_labelled_photos(args: argparse.Namespace, predictor: Predictor) -> dict[str, Any]:
    mapping = mapping_of(args.folder, args.mapping)
    photos = read_labelled(args.folder, mapping)
    if args.split == "validation":
        photos = held_back(predictor.version, photos, mapping.name)
    log.info("%d photos of %s", len(photos), mapping.name)
    if args.what == "part-naming":
        return evaluate_part_naming(predictor, photos, mapping)
    return _of_layer(args, predictor, photos, mapping)


def _of_layer(
    args: argparse.Namespace,
    predictor: Predictor,
    photos: Sequence[LabelledPhoto],
    mapping: SetMapping,
) -> dict[str, Any]:
    layer = cast("LayerName", args.what)
    taxonomy = args.taxonomy or DEFAULT_TAXONOMY[layer]
    data = args.folder.resolve().parent
    kinds = None
    if args.kinds is not None:
        kinds = read_kinds(data / FILE if args.kinds == Path() else args.kinds, photos)
    clusters = None
    if args.intervals or args.counts:
        groups = group_photos(photos, data)
        clusters = {photo.key: groups.leader(photo.key) for photo in photos}
    figures = evaluate_layer(predictor, photos, mapping, layer, taxonomy, clusters)
    if args.counts:
        write_counts(args.counts, figures.stored(mapping.name))
    result = figures.to_json(intervals=args.intervals)
    if kinds is not None:
        result["kinds"] = figures_by_kind(figures, kinds, intervals=args.intervals)
    if args.robustness:
        judged = labelled_in(layer, photos, mapping)
        clustered = clusters if args.intervals else None
        result["robustness"] = robustness(predictor, judged, figures.judge, layer, clustered)
    if args.html:
        worst = worst_photos(predictor, figures, photos, layer)
        title = f"{layer} of {mapping.name} under {taxonomy}"
        args.html.write_text(html_report(title, result, worst), encoding="utf-8")
    return result


def mapping_of(folder: Path, named: str | None) -> SetMapping:
    """The mapping that is named, or the one called like the folder."""
    return load_mapping(named or folder.resolve().name)
