"""Assess photos as one case, without any server.

Prints what was found in words, or with --json one JSON object: model_version, taxonomy,
photos, report, flags and failed (see inference/OUTPUT.md). Photos that cannot be read are
reported one by one on standard error and in `failed`; the rest is assessed and the exit status
is 1. Folders stand for the photos in them.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2

from inference import masks, overlays
from inference.cli.models import add_fact_arguments, add_model_arguments, predictor_of
from inference.decoding import VehicleFacts
from inference.preprocessing import SUFFIXES, decode_photo
from inference.results import CaseResult, PhotoResult
from inference.taxonomy import DAMAGE, PARTS
from inference.wording import counted, part_in_words


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write overlays and label maps")
    add_fact_arguments(parser)
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    paths = list(_photos(args.photos))
    facts = VehicleFacts(args.body_type, args.doors_per_side)
    case = predictor_of(args).assess_case([(str(path), path) for path in paths], facts)
    for failure in case.failed:
        print(f"{failure.file}: {failure.message}", file=sys.stderr)
    if args.out:
        write_pictures(case.photos, args.out)
    if args.json:
        print(json.dumps(case.to_json(), ensure_ascii=False))
    else:
        print("\n".join(in_words(case)))
    return 1 if case.failed else 0


def _photos(arguments: Sequence[Path]) -> Iterator[Path]:
    for path in arguments:
        if path.is_dir():
            yield from sorted(item for item in path.iterdir() if item.suffix.lower() in SUFFIXES)
        else:
            yield path


def write_pictures(photos: Sequence[PhotoResult], folder: Path) -> None:
    """Overlays, side by side, colour splash and the two label maps of every photo."""
    folder.mkdir(parents=True, exist_ok=True)
    stems: dict[str, int] = {}
    for photo in photos:
        stem = Path(photo.file).stem
        stems[stem] = stems.get(stem, 0) + 1
        name = stem if stems[stem] == 1 else f"{stem}-{stems[stem]}"
        _write_pictures_of(photo, folder, name)


def _write_pictures_of(photo: PhotoResult, folder: Path, name: str) -> None:
    pixels = decode_photo(photo.file, Path(photo.file)).display_pixels()
    parts = overlays.parts_overlay(pixels, photo.parts_map)
    damage = overlays.damage_overlay(pixels, photo.damage_map)
    splash, _ = overlays.colour_splash(pixels, photo.damage_map)
    pictures = {
        "parts": parts,
        "damage": damage,
        "side-by-side": overlays.side_by_side(pixels, parts, damage),
        "splash": splash,
    }
    for kind, picture in pictures.items():
        bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
        done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 90])
        if done:
            (folder / f"{name}.{kind}.jpg").write_bytes(data.tobytes())
    for label_map, layer in ((photo.parts_map, PARTS), (photo.damage_map, DAMAGE)):
        png = masks.encode_indexed(label_map, overlays.colours(layer))
        (folder / f"{name}.{layer.name}.png").write_bytes(png)


def in_words(case: CaseResult) -> Iterator[str]:
    """The case as lines of text."""
    yield f"Model version {case.model_version}"
    for photo in case.photos:
        yield f"{photo.file}: {photo.width} x {photo.height}, {_photo_in_words(photo)}"
    for line in case.report:
        flag = "  ⚑ " + " ".join(reason.text for reason in line.reasons) if line.flagged else ""
        where = part_in_words(line.part, line.side)
        photos = counted(len(line.photos), "photo").lower()
        yield f"{line.probability:4.0%}  {where}: {line.damage} ({photos}){flag}"
    for reason in case.flags:
        yield f"⚑ {reason.text}"


def _photo_in_words(photo: PhotoResult) -> str:
    if not photo.vehicle:
        return "no vehicle"
    view = photo.view.value if photo.view else "no part in view"
    return (
        f"{view}, {len(photo.parts)} parts, {len(photo.damaged_parts)} damaged parts, "
        f"damage area: {photo.damage_area_percent:.2f} %"
    )
