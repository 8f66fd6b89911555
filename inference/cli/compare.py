"""Say how two model versions differ on the same photos, class by class.

    python -m inference compare OLD NEW damage ../shared/data/damage-claims --split validation
    python -m inference compare old.npz new.npz

ONE and OTHER are folders of model versions, then WHAT (parts or damage) and a folder laid out
like those of ../shared/data follow; or files that `evaluate … --counts FILE.npz` wrote. The
difference is OTHER − ONE with a 95 % bootstrap interval: 5,000 replicates of photos, drawn by
case. It is sure (*) where the interval excludes 0. With --json one JSON object is printed.
"""

import argparse
import json
from pathlib import Path
from typing import Any, cast

from inference.cli.evaluate import DEFAULT_TAXONOMY, LAYERS, TAXONOMIES, mapping_of
from inference.cli.models import add_backend_arguments, predictor_of
from inference.data.readers import read_labelled
from inference.data.splits import group_photos
from inference.errors import ConfigError
from inference.evaluation.counts_file import StoredCounts, read_counts
from inference.evaluation.difference import difference_of
from inference.evaluation.held_back import held_back
from inference.evaluation.segmentation import evaluate_layer
from inference.taxonomy import LayerName

_COUNTS = ".npz"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("one", type=Path, metavar="ONE")
    parser.add_argument("other", type=Path, metavar="OTHER")
    parser.add_argument("what", nargs="?", choices=LAYERS, metavar="WHAT")
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--mapping", help="name of a mapping, or a TOML file of your own")
    parser.add_argument("--taxonomy", choices=TAXONOMIES, help="as for `evaluate`")
    parser.add_argument(
        "--split",
        choices=("all", "validation"),
        default="all",
        help="validation: only photos that both trainings kept back",
    )
    add_backend_arguments(parser)


def run(args: argparse.Namespace) -> int:
    one, other = _from_files(args) if args.one.suffix == _COUNTS else _from_models(args)
    figures = difference_of(one, other).to_json()
    print(json.dumps(figures, ensure_ascii=False) if args.json else _in_words(figures))
    return 0


def _from_files(args: argparse.Namespace) -> tuple[StoredCounts, StoredCounts]:
    if args.other.suffix != _COUNTS or args.what:
        raise ConfigError(
            "Files of counts are compared with each other: compare ONE.npz OTHER.npz, and "
            "nothing else."
        )
    return read_counts(args.one), read_counts(args.other)


def _from_models(args: argparse.Namespace) -> tuple[StoredCounts, StoredCounts]:
    if not args.folder:
        raise ConfigError(
            "Two model versions need photos: compare ONE OTHER WHAT DIR, where WHAT is "
            f"{' or '.join(LAYERS)}."
        )
    mapping = mapping_of(args.folder, args.mapping)
    layer = cast("LayerName", args.what)
    predictors = [
        predictor_of(argparse.Namespace(**vars(args) | {"model": folder}))
        for folder in (args.one, args.other)
    ]
    photos = read_labelled(args.folder, mapping)
    groups = group_photos(photos, args.folder.resolve().parent)
    clusters = {photo.key: groups.leader(photo.key) for photo in photos}
    if args.split == "validation":
        for predictor in predictors:
            photos = held_back(predictor.version, photos, mapping.name)
    taxonomy = args.taxonomy or DEFAULT_TAXONOMY[layer]
    one, other = (
        # Only counts are compared: nothing else is measured on the way.
        evaluate_layer(predictor, photos, mapping, layer, taxonomy, clusters, measures=()).stored(
            mapping.name
        )
        for predictor in predictors
    )
    return one, other


def _in_words(figures: dict[str, Any]) -> str:
    rows = {"mIoU": figures["miou"], **figures["iou"]}
    width = max(map(len, rows))
    return "\n".join(
        [
            f"{figures['layer']} of {figures['set']} under {figures['taxonomy']}: "
            f"{figures['photos']} photos of {figures['clusters']} cases",
            f"{figures['one']} → {figures['other']}",
            *(f"  {name:{width}}  {_row(row)}" for name, row in rows.items()),
        ]
    )


def _row(row: dict[str, Any]) -> str:
    if row["difference"] is None:
        return "no pixel is labelled so"
    low, high = row["interval"]
    return (
        f"{row['one']:.3f} → {row['other']:.3f}  {row['difference']:+.3f} "
        f"[{low:+.3f}, {high:+.3f}]{' *' if row['sure'] else ''}"
    )
