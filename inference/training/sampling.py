"""Which photos a step sees: each set its share, every photo of a set before any comes again.

Within a set photos may be chosen by their damage (Ma et al. 2023): *under* keeps as many photos
of each class as the rarest has, *over* repeats those of rarer classes up to the most frequent.
Hard kinds of photos (`cases/hard_cases.json`) can be given a weight.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.data.records import LabelledPhoto
from inference.errors import ConfigError, LabelError
from inference.training.config import SamplingConfig, SegmentationConfig
from inference.training.photos import in_set

HARD_CASES = "cases/hard_cases.json"
HARD_SET = "damage-claims"
# Multiples of the golden ratio spread evenly, so that every batch has nearly its shares.
_GOLDEN = (5**0.5 - 1) / 2


class Sampler:
    """Deterministic: the same step always gives the same photos.

    `damage_class[i]` is the channel of photo i's largest damage, 0 where it has none.
    """

    def __init__(
        self,
        config: SegmentationConfig,
        photos: Sequence[LabelledPhoto],
        damage_class: Sequence[int],
        data: Path,
    ) -> None:
        self._seed = config.seed
        self._batch = config.schedule.batch
        repeats = hard_repeats(config.sampling, photos, data)
        rng = np.random.default_rng(config.seed)
        used = [item for item in config.sets if item.share > 0]
        self._pools = []
        for item in used:
            pool = _share(in_set(photos, item.name), config.sampling.data_share)
            if not pool:
                raise ConfigError(f"The set {item.name!r} has no photo to learn from.")
            chosen = by_damage(pool, damage_class, config.sampling.by_damage, rng)
            self._pools.append([index for index in chosen for _ in range(repeats[index])])
        shares = np.cumsum([item.share for item in used])
        self._bounds = shares / shares[-1]

    def batch(self, step: int) -> list[int]:
        """Positions of the photos of this step."""
        first = step * self._batch
        phases = (np.arange(first + self._batch) * _GOLDEN) % 1.0
        sets = np.searchsorted(self._bounds, phases, "right").clip(max=len(self._pools) - 1)
        return [
            # The n-th draw of a set is the n-th of its endless sequence of shuffles.
            self._nth(int(sets[number]), int(np.count_nonzero(sets[:number] == sets[number])))
            for number in range(first, first + self._batch)
        ]

    def _nth(self, of_set: int, nth: int) -> int:
        pool = self._pools[of_set]
        lap, place = divmod(nth, len(pool))
        order = np.random.default_rng([self._seed, of_set, lap]).permutation(len(pool))
        return pool[int(order[place])]


def _share(pool: list[int], share: float) -> list[int]:
    """A share of the photos, for learning curves; the smaller share is part of the larger."""
    if share >= 1.0:
        return pool
    order = np.random.default_rng(len(pool)).permutation(len(pool))
    return [pool[place] for place in order[: max(1, round(share * len(pool)))].tolist()]


def by_damage(
    pool: Sequence[int], damage_class: Sequence[int], how: str, rng: np.random.Generator
) -> list[int]:
    """The pool with its photos kept or repeated by their damage; those without it stay."""
    groups: dict[int, list[int]] = {}
    for index in pool:
        groups.setdefault(damage_class[index], []).append(index)
    damaged = {label: group for label, group in groups.items() if label}
    if how == "none" or not damaged:
        return list(pool)
    sizes = [len(group) for group in damaged.values()]
    size = min(sizes) if how == "under" else max(sizes)
    chosen = [
        int(index)
        for group in damaged.values()
        for index in rng.choice(group, size, replace=how == "over")
    ]
    return sorted(groups.get(0, []) + chosen)


def hard_repeats(
    sampling: SamplingConfig, photos: Sequence[LabelledPhoto], data: Path
) -> list[int]:
    """How often each photo stands in its pool: the highest weight of the kinds it is of."""
    if not sampling.hard_kinds:
        return [1] * len(photos)
    files = _hard_files(data / HARD_CASES, sampling.hard_kinds)
    return [
        max(1, round(max(files.get(photo.key, 1.0), files.get(photo.source or "", 1.0))))
        for photo in photos
    ]


def _hard_files(path: Path, weights: Mapping[str, float]) -> dict[str, float]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        kinds = {row["kind"]: row["files"] for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LabelError(f"{path} cannot be read: {error!r}") from error
    if unknown := sorted(set(weights) - set(kinds)):
        raise ConfigError(f"{unknown} are no kinds of {path.name}; it has: {', '.join(kinds)}.")
    result: dict[str, float] = {}
    for kind, weight in weights.items():
        for file in kinds[kind]:
            key = f"{HARD_SET}/{file}"
            result[key] = max(result.get(key, 1.0), weight)
    return result


def largest_class(labels: NDArray[np.uint8], table: NDArray[np.bool_]) -> int:
    """The class (channel) with the most labelled pixels, background aside; 0 if there is none.

    Where the label is a set of classes each has its share of the pixel, but a set of all of them
    says nothing. `table` (rows, channels) is that of the label sets.
    """
    named = table[:, 1:]
    everything = named.all(axis=1) & (named.shape[1] > 1)
    telling = named & ~everything[:, None]
    shares = telling / telling.sum(axis=1, keepdims=True).clip(min=1)
    counts = np.bincount(labels.ravel(), minlength=256)[: len(table)] @ shares
    return int(counts.argmax()) + 1 if counts.any() else 0
