"""Which photos a step sees: each set its share, every photo of a set before any comes again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inference.data.records import LabelledPhoto
from inference.errors import ConfigError
from inference.training.config import SegmentationConfig
from inference.training.photos import in_set


class Sampler:
    """Deterministic: the same step always gives the same photos."""

    def __init__(
        self, config: SegmentationConfig, photos: Sequence[LabelledPhoto], data: Path
    ) -> None:
        self._seed = config.seed
        self._batch = config.schedule.batch
        self._pools = [in_set(photos, item.name) for item in config.sets if item.share > 0]
        for item, pool in zip([i for i in config.sets if i.share > 0], self._pools, strict=True):
            if not pool:
                raise ConfigError(f"The set {item.name!r} has no photo to learn from.")
        shares = np.array([item.share for item in config.sets if item.share > 0])
        self._shares = shares / shares.sum()

    def batch(self, step: int) -> list[int]:
        """Positions of the photos of this step."""
        first = step * self._batch
        return [self._photo(number) for number in range(first, first + self._batch)]

    def _photo(self, number: int) -> int:
        # The n-th draw of a set is the n-th of its endless sequence of shuffles.
        set_index = self._set_of(number)
        nth = int(self._drawn_before(number)[set_index])
        pool = self._pools[set_index]
        lap, place = divmod(nth, len(pool))
        order = np.random.default_rng([self._seed, set_index, lap]).permutation(len(pool))
        return pool[int(order[place])]

    def _drawn_before(self, number: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """How many photos of each set the first `number` draws contain: the shares, evenly."""
        bounds = np.concatenate([[0.0], np.cumsum(self._shares)])
        phases = (np.arange(number) * _GOLDEN) % 1.0
        return np.histogram(phases, bounds)[0]

    def _set_of(self, number: int) -> int:
        phase = (number * _GOLDEN) % 1.0
        return min(
            int(np.searchsorted(np.cumsum(self._shares), phase, "right")), len(self._pools) - 1
        )


# Multiples of the golden ratio spread evenly, so that every batch has nearly its shares.
_GOLDEN = (5**0.5 - 1) / 2
