"""Count photos and instances per class and split of a data folder, or of one set in it.

The tables have the shape of Ma et al. 2023, Tables I and II. Splits are those of trainings: by
case, near-duplicates on one side.
"""

import argparse
import json
from pathlib import Path

from inference.data.describe import SPLITS, SetDescription, describe


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--fraction", type=float, default=0.15, help="share that validates (default 0.15)"
    )


def run(args: argparse.Namespace) -> int:
    sets = describe(args.data, args.fraction)
    if args.json:
        print(json.dumps({"sets": [item.to_json() for item in sets]}, ensure_ascii=False))
    else:
        print("\n\n".join(in_words(item) for item in sets))
    return 0


def in_words(item: SetDescription) -> str:
    """One set as two tables: its photos, and photos and instances by class."""
    total = sum(item.photos.values())
    head = f"{item.name}: {total} photos (" + ", ".join(
        f"{split} {item.photos[split]}" for split in SPLITS
    )
    columns = "".join(
        f"{f'{split} {what}':>22}" for what in ("photos", "instances") for split in SPLITS
    )
    lines = [f"{head})", f"{'class':28}{columns}"]
    for name in sorted(item.photos_of):
        numbers = [*(item.photos_of[name][s] for s in SPLITS)]
        numbers += [item.instances_of[name][s] for s in SPLITS]
        lines.append(f"{name:28}" + "".join(f"{number:22}" for number in numbers))
    return "\n".join(lines)
