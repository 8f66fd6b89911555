"""Measure speed in one run, as ratios.

Decode (reduced against full), every network per backend and batch size against what the
machine's matrix product allows, post-processing, and the whole assessment against the plain
recipe: Pillow, eager PyTorch one photo at a time, regions in a Python loop. Photos come from
--data (laid out like ../shared/data), or are drawn where there is none.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inference.cli.models import default_model
from inference.evaluation.speed import (
    Photo,
    all_backends,
    assessment_speed,
    decode_speed,
    drawn_photo,
    network_speed,
    postprocessing_speed,
)
from inference.models import load_model_version
from inference.predictor import Networks, Predictor

SET = "damage-claims/images"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="folder laid out like ../shared/data")
    parser.add_argument("--photos", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--model", type=Path, help="folder of a model version")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--cache-dir", type=Path)


def run(args: argparse.Namespace) -> int:
    version = load_model_version(args.model or default_model())
    backends = all_backends(args.device, args.cache_dir)
    photos = photos_of(args.data, args.photos)
    predictor = Predictor(Networks(version, backends[0]))
    figures = {
        "model_version": version.version,
        "device": args.device,
        "decode": decode_speed(384, args.repeats),
        "networks": network_speed(version, backends, args.repeats),
        "postprocessing": postprocessing_speed(predictor, photos[0], args.repeats),
        "assessment": assessment_speed(version, backends, photos, args.repeats),
    }
    rounded = _rounded(figures)
    print(json.dumps(rounded) if args.json else "\n".join(_lines(rounded)))
    return 0


def photos_of(data: Path | None, number: int) -> list[Photo]:
    """Photos of the set of claim photos, or drawn ones of the same size."""
    paths = sorted((data / SET).glob("*.jpg"))[:number] if data else []
    if paths:
        return [(path.name, path) for path in paths]
    return [(f"drawn {index}", drawn_photo(640, 640)) for index in range(number)]


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _rounded(value)
        if isinstance(value, dict)
        else round(value, 3)
        if isinstance(value, float)
        else value
        for name, value in figures.items()
    }


def _lines(figures: dict[str, Any], depth: int = 0) -> Iterator[str]:
    for name, value in figures.items():
        indent = "  " * depth
        if isinstance(value, dict):
            yield f"{indent}{name}"
            yield from _lines(value, depth + 1)
        else:
            yield f"{indent}{name}: {value}"
