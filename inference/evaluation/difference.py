"""The difference of two models on the same photos, with its bootstrap interval (PIPELINE 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inference.errors import LabelError
from inference.evaluation.counts import PhotoCounts, total
from inference.evaluation.counts_file import StoredCounts
from inference.evaluation.metrics import (
    REPLICATES,
    Interval,
    iou_by_class,
    mean_iou,
    miou_difference,
)

_SHOWN = 3


@dataclass(frozen=True)
class Difference:
    """A figure of both, `other` − `one`, and the 95 % interval of that. Figures are None where
    no pixel is labelled with the class."""

    one: float | None
    other: float | None
    interval: Interval | None

    def to_json(self) -> dict[str, Any]:
        if self.one is None or self.other is None or self.interval is None:
            return {"one": None, "other": None, "difference": None, "interval": None, "sure": False}
        return {
            "one": round(self.one, 4),
            "other": round(self.other, 4),
            "difference": round(self.other - self.one, 4),
            "interval": self.interval.to_json(),
            "sure": self.interval.low > 0 or self.interval.high < 0,
        }


@dataclass(frozen=True)
class ModelDifference:
    """mIoU with background and every class's IoU of two evaluations of the same photos."""

    one: StoredCounts
    other: StoredCounts
    miou: Difference
    iou: dict[str, Difference]

    def to_json(self) -> dict[str, Any]:
        """The object that `compare` prints; `sure` where the interval excludes 0."""
        return {
            "one": self.one.model_version,
            "other": self.other.model_version,
            "set": self.one.set_name,
            "layer": self.one.layer,
            "taxonomy": self.one.taxonomy,
            "photos": len(self.one.photos),
            "clusters": len({photo.cluster for photo in self.one.photos}),
            "replicates": REPLICATES,
            "miou": self.miou.to_json(),
            "iou": {name: difference.to_json() for name, difference in self.iou.items()},
        }


def difference_of(one: StoredCounts, other: StoredCounts) -> ModelDifference:
    """`other` − `one`, photos resampled together by case.

    Raises `LabelError` where taxonomy, photos or labels differ.
    """
    _require_same_judge(one, other)
    first, second = list(one.photos), _in_order_of(one, other)
    classes = one.classes
    iou = [iou_by_class(total(photos, len(one.names)), classes) for photos in (first, second)]
    return ModelDifference(
        one,
        other,
        Difference(mean_iou(iou[0]), mean_iou(iou[1]), miou_difference(second, first, classes)),
        {
            one.names[index]: Difference(
                iou[0][index], iou[1][index], miou_difference(second, first, (index,))
            )
            for index in classes
        },
    )


def _require_same_judge(one: StoredCounts, other: StoredCounts) -> None:
    for what in ("set_name", "layer", "taxonomy", "names", "classes"):
        mine, theirs = getattr(one, what), getattr(other, what)
        if mine != theirs:
            raise LabelError(
                f"The two were not judged alike: {what} is {mine} for {one.model_version} and "
                f"{theirs} for {other.model_version}. Evaluate both on the same set under the "
                "same taxonomy."
            )


def _in_order_of(one: StoredCounts, other: StoredCounts) -> list[PhotoCounts]:
    """The other's photos in the first one's order."""
    by_file = {photo.file: photo for photo in other.photos}
    _require_same_files([photo.file for photo in one.photos], list(by_file))
    matched = [by_file[photo.file] for photo in one.photos]
    relabelled = [
        photo.file
        for photo, match in zip(one.photos, matched, strict=True)
        if not np.array_equal(photo.counts.sum(axis=1), match.counts.sum(axis=1))
    ]
    if relabelled:
        raise LabelError(
            f"The labels of {len(relabelled)} photos differ ({_few(relabelled)}): the two were "
            "evaluated on different releases of the set. Evaluate both again."
        )
    return matched


def _require_same_files(mine: Sequence[str], theirs: Sequence[str]) -> None:
    only_mine, only_theirs = sorted(set(mine) - set(theirs)), sorted(set(theirs) - set(mine))
    if only_mine or only_theirs:
        raise LabelError(
            f"The two were evaluated on different photos: {len(only_mine)} only by the first "
            f"({_few(only_mine)}), {len(only_theirs)} only by the second ({_few(only_theirs)}). "
            "Evaluate both on the same ones."
        )


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
