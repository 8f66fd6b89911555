"""Kinds of hard photo (night, vans, close-ups …): every figure on the photos of each kind.

The list names files of `damage-claims`; photos of other sets belong to a kind by their `source`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.data.records import LabelledPhoto
from inference.errors import LabelError
from inference.evaluation.figures import SegmentationFigures

FILE = Path("cases") / "hard_cases.json"
LISTED_SET = "damage-claims"
FEW_PHOTOS = 10
# Large, and of little meaning for a few photos.
_LEFT_OUT = ("model_version", "taxonomy", "confusion")


@dataclass(frozen=True)
class HardKind:
    """A kind, whether its list is *sure*, and which photos of a set (file names) are of it."""

    name: str
    sure: bool
    files: frozenset[str]


def read_kinds(path: Path, photos: Sequence[LabelledPhoto]) -> list[HardKind]:
    """The kinds of the list in its order, with those of `photos` that belong to each.

    Raises `LabelError` for a broken list, and where no photo is of any kind.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        listed = [(str(row["kind"]), row["confidence"], frozenset(row["files"])) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LabelError(
            f"{path} is no list of kinds (kind, confidence, files): {error!r}. Name another with "
            "--kinds FILE."
        ) from error
    kinds = [
        HardKind(name, confidence == "sure", frozenset(
            photo.path.name for photo in photos if _listed_file(photo) in files
        ))
        for name, confidence, files in listed
    ]  # fmt: skip
    if not any(kind.files for kind in kinds):
        raise LabelError(
            f"No photo here is in {path}, which lists files of {LISTED_SET}: figures by kind need "
            "that set, or one whose photos name it as their source."
        )
    return kinds


def _listed_file(photo: LabelledPhoto) -> str | None:
    set_name, _, file = (photo.source or photo.key).partition("/")
    return file if set_name == LISTED_SET else None


def figures_by_kind(
    figures: SegmentationFigures, kinds: Sequence[HardKind], *, intervals: bool = False
) -> list[dict[str, Any]]:
    """Per kind `kind`, `sure`, `photos`, `few_photos` and, if there are any, the figures.

    All that `evaluate` prints but the confusion matrix; `few_photos`: fewer than `FEW_PHOTOS`,
    so that one photo may decide.
    """
    result = []
    for kind in kinds:
        chosen = figures.of(kind.files)
        row: dict[str, Any] = {
            "kind": kind.name,
            "sure": kind.sure,
            "photos": len(chosen.photos),
            "few_photos": len(chosen.photos) < FEW_PHOTOS,
        }
        if chosen.photos:
            found = chosen.to_json(intervals=intervals)
            row |= {key: value for key, value in found.items() if key not in _LEFT_OUT}
        result.append(row)
    return result
