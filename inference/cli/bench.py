"""Measure speed in one run, as ratios; with --json everything as one object.

Decode (reduced against full), every network per backend and batch size against what the
machine's matrix product allows, post-processing, and the whole assessment: photos a second,
the share of it that the networks alone take, and against the plain recipe (Pillow, eager
PyTorch one photo at a time, regions in a Python loop). Photos come from --data (laid out like
../shared/data), or are drawn where there is none; several make several cases.

--flip and --long-sides say what test-time averaging costs. --accuracy N says what the fast
path costs: the mIoU of the first N validation photos of every-part-and-damage against the same
networks run plainly.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from inference.backends import BACKENDS, PRECISIONS, Backend, open_backend
from inference.cli.models import add_averaging_arguments, averaging_of, default_model
from inference.data.coco import read_coco
from inference.errors import ConfigError
from inference.evaluation.accuracy import accuracy_lost
from inference.evaluation.held_back import held_back
from inference.evaluation.machine import machine_facts
from inference.evaluation.network_speed import network_speed
from inference.evaluation.speed import (
    Photo,
    assessment_speed,
    averaging_speed,
    decode_speed,
    drawn_photo,
    postprocessing_speed,
)
from inference.models import ModelVersionFiles, load_model_version
from inference.predictor import Networks, Predictor, with_averaging
from inference.taxonomy.mapping import load_mapping

SET = "damage-claims/images"
JUDGED_SET = "every-part-and-damage"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="folder laid out like ../shared/data")
    parser.add_argument("--photos", type=int, default=8, metavar="N")
    parser.add_argument("--repeats", type=int, default=5, metavar="N")
    parser.add_argument(
        "--accuracy", type=int, metavar="N", help="also judge N photos, which takes much longer"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--model", type=Path, help="folder of a model version")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--backend", choices=tuple(BACKENDS), help="default: all of the device")
    parser.add_argument("--dtype", choices=PRECISIONS, help="default: as the model version says")
    parser.add_argument("--cache-dir", type=Path)
    add_averaging_arguments(parser)


def run(args: argparse.Namespace) -> int:
    if args.accuracy and args.data is None:
        raise ConfigError("--accuracy needs labelled photos: name their folder with --data.")
    version = load_model_version(args.model or default_model())
    averaging = averaging_of(args)
    backends = [
        open_backend(name, device=args.device, cache_dir=args.cache_dir, precision=args.dtype)
        for name in backends_on(args.device, args.backend)
    ]
    for backend in backends:
        backend.prepare(tuple(version.modules.values()))
    photos = photos_of(args.data, args.photos)
    figures = _figures(version, backends, photos, args.repeats)
    if averaging or version.assessment.get("test_time"):
        averaged = with_averaging(version, averaging) if averaging else version
        figures["test_time"] = averaging_speed(averaged, backends[0], photos, args.repeats)
    if args.accuracy:
        figures["accuracy"] = _accuracy(version, backends[0], args.data, args.accuracy)
    rounded = _rounded(figures)
    print(json.dumps(rounded) if args.json else "\n".join(_lines(rounded)))
    return 0


def _figures(
    version: ModelVersionFiles, backends: Sequence[Backend], photos: Sequence[Photo], repeats: int
) -> dict[str, Any]:
    device = backends[0].device
    predictor = Predictor(Networks(version, backends[0]))
    return {
        "model_version": version.version,
        "device": device,
        "machine": machine_facts(device),
        "decode": decode_speed(predictor.networks.long_side(("parts", "damage")), repeats),
        "networks": network_speed(version, backends, repeats),
        "postprocessing": postprocessing_speed(predictor, photos[0], repeats),
        "assessment": assessment_speed(version, backends, photos, repeats),
    }


def _accuracy(
    version: ModelVersionFiles, backend: Backend, data: Path, number: int
) -> dict[str, Any]:
    mapping = load_mapping(JUDGED_SET)
    photos = held_back(version, read_coco(data / JUDGED_SET, mapping), mapping.name)
    labelled = [photo for photo in photos if {"parts", "damage"} <= set(photo.layers)]
    return accuracy_lost(version, backend, labelled[:number], mapping)


def backends_on(device: str, asked: str | None) -> tuple[str, ...]:
    """The backend asked for, or all of this device, the one that the product uses there first."""
    if asked:
        return (asked,)
    return ("torch",) if device == "cuda" else tuple(BACKENDS)


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
        else round(value, 4)
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
