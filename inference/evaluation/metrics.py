"""Figures from counts: IoU, mIoU, accuracy, bootstrap intervals, calibration error."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.evaluation.counts import Counts, PhotoCounts
from inference.taxonomy import BACKGROUND

REPLICATES = 5000
_CHUNK = 250


def iou_by_class(counts: Counts, classes: Sequence[int]) -> dict[int, float | None]:
    """IoU of each class over all pixels; None where no pixel is labelled so."""
    both = np.diag(counts)
    either = counts.sum(axis=0) + counts.sum(axis=1) - both
    return {
        index: float(both[index] / either[index]) if counts[index].sum() else None
        for index in classes
    }


def mean_iou(iou: dict[int, float | None], *, background: bool = True) -> float | None:
    """Mean over the classes that occur in the labels, with or without background."""
    values = [
        value
        for index, value in iou.items()
        if value is not None and (background or index != BACKGROUND)
    ]
    return float(np.mean(values)) if values else None


@dataclass(frozen=True)
class Interval:
    """A percentile interval of a bootstrap."""

    low: float
    high: float
    replicates: int

    def to_json(self) -> list[float]:
        return [round(self.low, 4), round(self.high, 4)]


def miou_interval(
    photos: Sequence[PhotoCounts], classes: Sequence[int], *, seed: int = 0
) -> Interval:
    """95 % interval of the mIoU: photos resampled by cluster, 5,000 replicates."""
    return _interval(bootstrap_miou(photos, classes, _weights(photos, seed)))


def miou_difference(
    one: Sequence[PhotoCounts],
    other: Sequence[PhotoCounts],
    classes: Sequence[int],
    *,
    seed: int = 0,
) -> Interval:
    """95 % interval of mIoU(one) − mIoU(other) on the same photos, resampled together."""
    weights = _weights(one, seed)
    differences = bootstrap_miou(one, classes, weights) - bootstrap_miou(other, classes, weights)
    return _interval(differences)


def bootstrap_miou(
    photos: Sequence[PhotoCounts], classes: Sequence[int], weights: NDArray[np.float32]
) -> NDArray[np.float64]:
    """mIoU of every replicate; `weights` (replicates, photos) says how often a photo counts."""
    index = list(classes)
    both = np.stack([np.diag(photo.counts)[index] for photo in photos]).astype(np.float64)
    true = np.stack([photo.counts.sum(axis=1)[index] for photo in photos]).astype(np.float64)
    said = np.stack([photo.counts.sum(axis=0)[index] for photo in photos]).astype(np.float64)
    results = []
    for start in range(0, len(weights), _CHUNK):
        chunk = weights[start : start + _CHUNK].astype(np.float64)
        b, t, s = chunk @ both, chunk @ true, chunk @ said
        iou = np.divide(b, t + s - b, out=np.zeros_like(b), where=t + s > 0)
        seen = t > 0
        results.append((iou * seen).sum(axis=1) / np.maximum(seen.sum(axis=1), 1))
    return np.concatenate(results)


def _weights(photos: Sequence[PhotoCounts], seed: int) -> NDArray[np.float32]:
    clusters = sorted({photo.cluster for photo in photos})
    number_of = {cluster: number for number, cluster in enumerate(clusters)}
    rng = np.random.default_rng(seed)
    even = np.full(len(clusters), 1.0 / len(clusters))
    drawn = rng.multinomial(len(clusters), even, size=REPLICATES).astype(np.float32)
    return drawn[:, [number_of[photo.cluster] for photo in photos]]


def _interval(values: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(values, [0.025, 0.975])
    return Interval(float(low), float(high), len(values))


@dataclass(frozen=True)
class BinaryFigures:
    """A yes-or-no question: the second class is *yes*."""

    confusion: tuple[tuple[int, int], tuple[int, int]]
    accuracy: float
    precision: float | None
    recall: float | None

    @classmethod
    def of(cls, truth: Sequence[bool], said: Sequence[bool]) -> "BinaryFigures":
        """Figures over equally long lists of what is true and what was said."""
        table = np.zeros((2, 2), np.int64)
        np.add.at(table, (np.asarray(truth, int), np.asarray(said, int)), 1)
        (right_no, wrong_yes), (wrong_no, right_yes) = table.tolist()
        return cls(
            confusion=((right_no, wrong_yes), (wrong_no, right_yes)),
            accuracy=(right_no + right_yes) / max(1, len(truth)),
            precision=_ratio(right_yes, right_yes + wrong_yes),
            recall=_ratio(right_yes, right_yes + wrong_no),
        )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def number_of_classes_right(photos: Sequence[PhotoCounts], least_share: float) -> dict[str, float]:
    """Share of photos whose number of classes (background apart) is right, ±1 and ±3.

    A class below `least_share` of a photo's pixels is not counted as predicted.
    """
    differences = np.array([_extra_classes(photo.counts, least_share) for photo in photos])
    return {
        name: float((np.abs(differences) <= most).mean())
        for name, most in (("exact", 0), ("within_1", 1), ("within_3", 3))
    }


def _extra_classes(counts: Counts, least_share: float) -> int:
    labelled = counts.sum(axis=1)[1:] > 0
    predicted = counts.sum(axis=0)[1:] > least_share * counts.sum()
    return int(predicted.sum()) - int(labelled.sum())
