"""Pixel counts: how often a pixel of one class was predicted as another.

Counts are kept per photo, so that figures of any choice of photos, and their bootstrap
intervals, are sums.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inference.errors import MaskError
from inference.masks import LabelMap
from inference.taxonomy import IGNORE

Counts = NDArray[np.int64]
"""(true classes, predicted classes)"""


@dataclass(frozen=True)
class PhotoCounts:
    """The confusion of one photo; `cluster` names what it must be resampled together with.

    `parts_seen` is the number of parts that the model sees in it, None where it has no part
    model; `tables` are what the measures counted, by key.
    """

    file: str
    cluster: str
    counts: Counts
    parts_seen: int | None = None
    tables: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)


def confusion(truth: LabelMap, predicted: LabelMap, classes: int) -> Counts:
    """(classes, classes) pixels by true and predicted class; true 255 (*ignore*) left out."""
    if truth.shape != predicted.shape:
        raise MaskError(f"Truth {truth.shape} and prediction {predicted.shape} differ in size.")
    kept = truth != IGNORE
    pairs = truth[kept].astype(np.int64) * classes + predicted[kept]
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def total(photos: Sequence[PhotoCounts], classes: int) -> Counts:
    """The sum over photos."""
    summed = np.zeros((classes, classes), np.int64)
    for photo in photos:
        summed += photo.counts
    return summed
