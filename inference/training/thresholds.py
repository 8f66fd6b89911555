"""Per-class thresholds of the multi-label decoder, chosen on validation photos."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.data.partial import Head, LabelSets, paint_labels
from inference.data.records import LabelledPhoto
from inference.taxonomy.mapping import LayerMapping

GRID = np.linspace(0.1, 0.9, 17)


class ThresholdChoice:
    """Counts, for every class and threshold of the grid, what IoU that class alone would have."""

    def __init__(self, head: Head) -> None:
        self._head = head
        shape = (len(head.labels), len(GRID))
        self._both, self._said = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self._true = np.zeros(len(head.labels), np.int64)

    def add(
        self, photo: LabelledPhoto, mapping: LayerMapping, probabilities: NDArray[np.float32]
    ) -> None:
        """Count one photo; only exactly labelled pixels say anything."""
        height, width = probabilities.shape[1:]
        labels = paint_labels(photo, mapping, LabelSets(self._head), photo.size)
        labels = np.asarray(
            cv2.resize(labels, (width, height), interpolation=cv2.INTER_NEAREST_EXACT), np.uint8
        )
        exact = labels < len(self._head.labels)
        for channel in range(1, len(self._head.labels)):
            self._count(channel, probabilities[channel][exact], labels[exact] == channel)

    def _count(self, channel: int, values: NDArray[np.float32], true: NDArray[np.bool_]) -> None:
        bins = np.searchsorted(GRID, values, "right")
        for pixels, target in ((bins, self._said), (bins[true], self._both)):
            counts = np.bincount(pixels, minlength=len(GRID) + 1)
            # Bin b lies at or above the first b thresholds of the grid.
            target[channel] += counts[::-1].cumsum()[::-1][1:]
        self._true[channel] += int(true.sum())

    def best(self) -> dict[str, float]:
        """Class label → its best threshold; classes that no photo shows are left out."""
        result = {}
        for channel, label in enumerate(self._head.labels):
            if channel and self._true[channel]:
                either = self._said[channel] + self._true[channel] - self._both[channel]
                result[label] = round(float(GRID[int((self._both[channel] / either).argmax())]), 3)
        return result
