"""A figure of a model version with its 95 % interval, as `model.json` holds it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inference.evaluation.counts import PhotoCounts, total
from inference.evaluation.judging import Judge
from inference.evaluation.metrics import iou_by_class, miou_interval
from inference.training.validation import judged_miou

_Z = 1.959964


@dataclass(frozen=True)
class Measured:
    """A figure from `photos` photos; `classes` are the IoU that an mIoU is the mean of."""

    value: float
    low: float
    high: float
    photos: int
    classes: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        measured: dict[str, Any] = {
            "value": round(self.value, 4),
            "interval": [round(self.low, 4), round(self.high, 4)],
            "photos": self.photos,
        }
        if self.classes:
            measured["classes"] = {name: round(iou, 4) for name, iou in self.classes.items()}
        return measured


def measured_miou(photos: Sequence[PhotoCounts], judge: Judge) -> Measured:
    """mIoU, background counted; the interval by bootstrap over cases."""
    counts = total(list(photos), len(judge.names))
    value = judged_miou(counts, judge.classes)
    interval = miou_interval(photos, judge.classes)
    classes = {
        judge.names[index]: iou
        for index, iou in iou_by_class(counts, judge.classes).items()
        if iou is not None
    }
    return Measured(value, interval.low, interval.high, len(photos), classes)


def measured_share(right: Sequence[bool]) -> Measured:
    """The share of photos that are right, with Wilson's interval (Wilson 1927)."""
    number = len(right)
    share = sum(right) / number
    spread = _Z * math.sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2))
    middle, scale = share + _Z**2 / (2 * number), 1 + _Z**2 / number
    return Measured(share, (middle - spread) / scale, (middle + spread) / scale, number)


def to_json(figures: Mapping[str, Measured]) -> dict[str, Any]:
    return {name: figure.to_json() for name, figure in figures.items()}
