"""Measure a model version on a folder laid out like ../shared/data.

WHAT is parts, damage, presence, whole or part-naming. The table that maps the set's names to
the taxonomy is found by the folder's name or given by --mapping. With --json one JSON object is
printed.
"""

import argparse
import json
import logging
from pathlib import Path
from typing import Any, cast

from inference.cli.models import add_model_arguments, predictor_of
from inference.data.coco import read_coco
from inference.data.splits import group_photos
from inference.evaluation.classification import evaluate_classifier
from inference.evaluation.counts_file import write_counts
from inference.evaluation.held_back import held_back
from inference.evaluation.part_naming import evaluate_part_naming
from inference.evaluation.report import html_report, worst_photos
from inference.evaluation.segmentation import evaluate_layer
from inference.predictor import Predictor
from inference.taxonomy import LayerName
from inference.taxonomy.mapping import SetMapping, load_mapping

log = logging.getLogger(__name__)

LAYERS = ("parts", "damage")
TAXONOMIES = ("original", "sides", "reduced", "categorical", "binary", "inspection")
DEFAULT_TAXONOMY = {"parts": "sides", "damage": "categorical"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=(*LAYERS, "presence", "whole", "part-naming"))
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
        "--split",
        choices=("all", "validation"),
        default="all",
        help="only the photos that training kept back",
    )
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    predictor = predictor_of(args)
    if args.what in ("presence", "whole"):
        figures = evaluate_classifier(predictor, args.what, args.folder)
    else:
        figures = _on_labelled_photos(args, predictor)
    print(json.dumps(figures, ensure_ascii=False) if args.json else in_words(figures))
    return 0


def _on_labelled_photos(args: argparse.Namespace, predictor: Predictor) -> dict[str, Any]:
    mapping = mapping_of(args.folder, args.mapping)
    photos = read_coco(args.folder, mapping)
    if args.split == "validation":
        photos = held_back(predictor.version, photos, mapping.name)
    log.info("%d photos of %s", len(photos), mapping.name)
    if args.what == "part-naming":
        return evaluate_part_naming(predictor, photos, mapping)
    layer = cast("LayerName", args.what)
    clusters: dict[str, str] = {}
    if args.intervals or args.counts:
        groups = group_photos(photos, args.folder.resolve().parent)
        clusters = {photo.key: groups.leader(photo.key) for photo in photos}
    taxonomy = args.taxonomy or DEFAULT_TAXONOMY[layer]
    figures = evaluate_layer(predictor, photos, mapping, layer, taxonomy, clusters)
    if args.counts:
        write_counts(args.counts, figures.stored(mapping.name))
    result = figures.to_json(intervals=args.intervals)
    if args.html:
        worst = worst_photos(predictor, figures, photos, layer)
        title = f"{layer} of {mapping.name} under {taxonomy}"
        args.html.write_text(html_report(title, result, worst), encoding="utf-8")
    return result


def mapping_of(folder: Path, named: str | None) -> SetMapping:
    """The mapping that is named, or the one called like the folder."""
    return load_mapping(named or folder.resolve().name)


def in_words(figures: dict[str, Any]) -> str:
    """The figures as lines of text, without the confusion matrix."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict) and name == "iou":
            lines += [f"  IoU {label}: {iou}" for label, iou in value.items()]
        elif not isinstance(value, dict | list):
            lines.append(f"{name}: {value}")
    return "\n".join(lines)
