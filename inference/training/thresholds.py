"""Per-class thresholds of the multi-label decoder, chosen together on validation photos.

Classes take pixels from each other: one that learnt nothing is never better for a low threshold
by its own IoU, but then paints over all others. So what is raised is the mean IoU of the decoded
label map, one class's threshold after another (coordinate ascent) until none gains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.data.partial import Head, LabelSets, paint_labels
from inference.data.records import LabelledPhoto
from inference.taxonomy import BACKGROUND
from inference.taxonomy.mapping import LayerMapping

GRID = np.linspace(0.1, 0.9, 17)
_BEGIN = 8
_SWEEPS = 4
# Neighbouring pixels say the same, and all photos' stay in memory.
_EVERY = 2

Values = NDArray[np.float32]
Ids = NDArray[np.int64]


class ThresholdChoice:
    """Collects probabilities and labels of photos, and finds the thresholds that fit them best."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._members = [
            [class_id for class_id, channel in enumerate(head.channel_of) if channel == of]
            for of in range(len(head.labels))
        ]
        self._values: list[Values] = []
        self._labels: list[Ids] = []

    def add(
        self, photo: LabelledPhoto, mapping: LayerMapping, probabilities: NDArray[np.float32]
    ) -> None:
        """Take in one photo; only exactly labelled pixels say anything."""
        height, width = probabilities.shape[1:]
        labels = paint_labels(photo, mapping, LabelSets(self._head), photo.size)
        labels = np.asarray(
            cv2.resize(labels, (width, height), interpolation=cv2.INTER_NEAREST_EXACT), np.uint8
        )[::_EVERY, ::_EVERY]
        exact = labels < len(self._head.labels)
        self._values.append(probabilities[:, ::_EVERY, ::_EVERY][:, exact])
        self._labels.append(labels[exact].astype(np.int64))

    def best(self) -> dict[str, float]:
        """Finest class label → its threshold; classes that no photo shows are left out."""
        if not self._values:
            return {}
        layer = self._head.layer
        groups = [
            [
                channel
                for channel, members in enumerate(self._members)
                if channel != BACKGROUND and all(layer.by_id[one].minor for one in members) == minor
            ]
            for minor in (False, True)
        ]
        values, labels = np.concatenate(self._values, axis=1), np.concatenate(self._labels)
        chosen = LabelledPixels(values, labels, groups).thresholds()
        return {
            layer.by_id[member].label: round(float(GRID[chosen[channel]]), 3)
            for channel in np.unique(labels).tolist()
            if channel != BACKGROUND
            for member in self._members[channel]
        }


@dataclass(frozen=True)
class LabelledPixels:
    """Probabilities (C, pixels) with true channels (pixels,); a later one of the `groups` of
    channels is painted over an earlier one."""

    values: Values
    labels: Ids
    groups: Sequence[Sequence[int]]

    def thresholds(self) -> list[int]:
        """Per channel the place in `GRID`."""
        chosen = [_BEGIN] * len(self.values)
        for _ in range(_SWEEPS):
            before = list(chosen)
            for place, group in enumerate(self.groups):
                for channel in group:
                    chosen[channel] = self._best_for(place, channel, chosen)
            if chosen == before:
                break
        return chosen

    def _best_for(self, place: int, channel: int, chosen: Sequence[int]) -> int:
        """The threshold with the highest mean IoU while the others stay; of equal ones the
        highest, so that a class paints nothing without need."""
        under, may_win = self._others(place, channel, chosen)
        classes, steps = len(self.values), len(GRID)
        before = np.bincount(self.labels * classes + under, minlength=classes**2)
        bins = np.searchsorted(GRID, self.values[channel][may_win], "right")
        cells = (bins * classes + self.labels[may_win]) * classes + under[may_win]
        binned = np.bincount(cells, minlength=(steps + 1) * classes**2)
        binned = binned.reshape(steps + 1, classes, classes)
        # By threshold what the channel takes, by true and former class.
        taken = binned[::-1].cumsum(axis=0)[::-1][1:]
        counts = before.reshape(classes, classes) - taken
        counts[:, :, channel] += taken.sum(axis=2)
        return steps - 1 - int(_mean_iou(counts)[::-1].argmax())

    def _others(
        self, place: int, channel: int, chosen: Sequence[int]
    ) -> tuple[Ids, NDArray[np.bool_]]:
        """What is painted without the channel, and where it may be, once it passes."""
        under = np.zeros(len(self.labels), np.int64)
        may_win = np.ones(len(self.labels), np.bool_)
        for number, group in enumerate(self.groups):
            others = [one for one in group if one != channel]
            strongest, value = self._strongest(others, chosen)
            np.copyto(under, strongest, where=value > 0)
            if number == place:
                may_win &= self.values[channel] > value
            elif number > place:
                may_win &= value == 0
        return under, may_win

    def _strongest(self, channels: Sequence[int], chosen: Sequence[int]) -> tuple[Ids, Values]:
        """Per pixel the strongest of the channels that pass, and its probability."""
        best, winner = np.zeros(len(self.labels), np.float32), np.zeros(len(self.labels), np.int64)
        for channel in channels:
            values = self.values[channel]
            wins = (values >= GRID[chosen[channel]]) & (values > best)
            np.copyto(best, values, where=wins)
            np.copyto(winner, channel, where=wins)
        return winner, best


def _mean_iou(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """(thresholds, true, predicted) → mean IoU over the classes that are there."""
    both = np.diagonal(counts, axis1=1, axis2=2)
    true, said = counts.sum(axis=2), counts.sum(axis=1)
    iou = (both / np.maximum(true + said - both, 1))[:, true[0] > 0]
    return np.asarray(iou.mean(axis=1), np.float64)
