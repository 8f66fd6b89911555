"""From class probabilities at model resolution to label maps at the size people see.

Two decoders (PIPELINE 3): *soft-max*, one class per pixel by arg-max, and *multi-label*, every
class with its own threshold and minor parts painted over major ones. Probabilities are merged
by summing before the arg-max, and interpolated before it too, so that outlines are smooth.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference import masks
from inference.errors import ConfigError
from inference.masks import Box, LabelMap
from inference.taxonomy import BACKGROUND, PARTS, Layer, Merge

Probabilities = NDArray[np.float32]
Size = tuple[int, int]
"""height, width"""

DEFAULT_MULTI_LABEL_THRESHOLD = 0.5
_BODY_TYPES = tomllib.loads(Path(__file__).with_name("body_types.toml").read_text(encoding="utf-8"))


BODY_TYPES: tuple[str, ...] = tuple(_BODY_TYPES["excluded"])


@dataclass(frozen=True)
class LayerPrediction:
    """One layer of one photo: `finest` and `merged` ids (H, W) uint8, `confidence` (H, W)
    float32, the probability of the merged class that won each pixel."""

    finest: LabelMap
    merged: LabelMap
    confidence: NDArray[np.float32]


@dataclass(frozen=True)
class VehicleFacts:
    """What is known of the vehicle beforehand (PIPELINE 10); None where it is not."""

    body_type: str | None = None
    doors_per_side: int | None = None

    def __post_init__(self) -> None:
        known = _BODY_TYPES["excluded"]
        if self.body_type is not None and self.body_type not in known:
            raise ConfigError(f"{self.body_type!r} is no body type; there are: {', '.join(known)}.")
        if self.doors_per_side not in (None, 1, 2):
            raise ConfigError(f"A vehicle has 1 or 2 doors per side, not {self.doors_per_side}.")

    @property
    def excluded_parts(self) -> frozenset[str]:
        """Names of parts that such a vehicle does not have."""
        names: set[str] = set()
        if self.body_type is not None:
            names.update(_BODY_TYPES["excluded"][self.body_type])
        if self.doors_per_side == 1:
            names.update(_BODY_TYPES["taken_up_with_one_door"])
        return frozenset(names)


def with_facts(
    probabilities: Probabilities, class_ids: Sequence[int], facts: VehicleFacts | None
) -> Probabilities:
    """Part probabilities (C, h, w) of a vehicle of which `facts` are known.

    Parts that it does not have get 0 and the rest is scaled up to the same sum, a second door
    on a one-door side counts as the first.
    """
    excluded = facts.excluded_parts if facts else frozenset()
    channels = {
        channel: PARTS.by_id[class_id]
        for channel, class_id in enumerate(class_ids)
        if class_id != BACKGROUND and PARTS.by_id[class_id].name in excluded
    }
    if not channels:
        return probabilities
    result = probabilities.copy()
    for channel, item in channels.items():
        heir_name = _BODY_TYPES["taken_up_with_one_door"].get(item.name)
        heir = PARTS.by_label.get(f"{heir_name} {item.side}")
        if heir is not None and heir.id in class_ids:
            result[list(class_ids).index(heir.id)] += result[channel]
        result[channel] = 0.0
    result *= probabilities.sum(axis=0) / np.maximum(result.sum(axis=0), 1e-6)
    return result


def decode_softmax(
    probabilities: Probabilities, class_ids: Sequence[int], merge: Merge, size: Size
) -> LayerPrediction:
    """Arg-max of the merged probabilities (C, h, w), which sum to 1 at every pixel, at `size`.

    `class_ids[c]` is the finest id of channel c (0: background). Within the merged class that
    won a pixel, `finest` is its most probable member.
    """
    groups = _channels_by_class(class_ids, merge)
    candidates = ((merged, _summed(probabilities, channels)) for merged, channels in groups.items())
    winner, confidence = _strongest(candidates, size)
    finest = _finest_members(probabilities, class_ids, merge, winner)
    return LayerPrediction(finest, winner, np.minimum(confidence, 1.0, out=confidence))


def decode_multi_label(
    probabilities: Probabilities,
    class_ids: Sequence[int],
    merge: Merge,
    size: Size,
    layer: Layer,
    thresholds: Mapping[str, float],
) -> LayerPrediction:
    """Independent probabilities (C, h, w): the strongest major class at or above its threshold,
    then minor ones painted over it; elsewhere background.

    `thresholds` are by finest class label. A merged class is as probable as the strongest of its
    members that pass theirs: independent probabilities may not be summed.
    """
    passing = np.zeros_like(probabilities)
    merged = np.zeros((len(merge.classes) + 1, *probabilities.shape[1:]), probabilities.dtype)
    for channel, class_id in enumerate(class_ids):
        if class_id != BACKGROUND:
            limit = thresholds.get(layer.by_id[class_id].label, DEFAULT_MULTI_LABEL_THRESHOLD)
            values = probabilities[channel]
            np.copyto(passing[channel], values, where=values >= limit)
            target = merged[merge.prediction_table[class_id]]
            np.maximum(target, passing[channel], out=target)
    merged[BACKGROUND] = 0.0
    winner, confidence = np.zeros(size, np.uint8), np.zeros(size, np.float32)
    for minor in (False, True):
        candidates = (
            (index, merged[index])
            for index, members in enumerate(merge.members, start=1)
            if all(layer.by_id[member].minor for member in members) == minor
        )
        strongest, value = _strongest(candidates, size)
        painted = (value > 0.0).view(np.uint8)
        cv2.copyTo(strongest, painted, winner)
        cv2.copyTo(value, painted, confidence)
    finest = _finest_members(passing, class_ids, merge, winner)
    return LayerPrediction(finest, winner, confidence)


def _channels_by_class(class_ids: Sequence[int], merge: Merge) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for channel, class_id in enumerate(class_ids):
        groups.setdefault(int(merge.prediction_table[class_id]), []).append(channel)
    return groups


def _summed(probabilities: Probabilities, channels: Sequence[int]) -> Probabilities:
    """(h, w); most classes have one channel, which is not copied."""
    if len(channels) == 1:
        alone: Probabilities = probabilities[channels[0]]
        return alone
    summed: Probabilities = probabilities[list(channels)].sum(axis=0)
    return summed


def _strongest(
    candidates: Iterable[tuple[int, Probabilities]], size: Size, within: Box | None = None
) -> tuple[LabelMap, NDArray[np.float32]]:
    """Per pixel of `size` the number whose map is highest there, interpolated, and that.

    Outside the box `within` pixels may be left 0.

    Each map is enlarged only where it may win, one at a time: 37 of them at 1600 × 1200 would
    be 280 MB at once, and most of them are one part somewhere.
    """
    height, width = size
    winner, best = np.zeros(size, np.uint8), np.zeros(size, np.float32)
    box = within or (0, 0, width, height)
    for number, candidate, rows, columns in _contenders(list(candidates), size, box):
        wide = cv2.resize(candidate, (width, candidate.shape[0]), interpolation=cv2.INTER_LINEAR)[
            :, columns
        ]
        value = cv2.resize(
            np.ascontiguousarray(wide), (wide.shape[1], height), interpolation=cv2.INTER_LINEAR
        )[rows]
        beaten = best[rows, columns]
        np.copyto(winner[rows, columns], number, where=value > beaten)
        np.maximum(value, beaten, out=beaten)
    return winner, best


def _contenders(
    candidates: Sequence[tuple[int, Probabilities]], size: Size, within: Box
) -> Iterator[tuple[int, Probabilities, slice, slice]]:
    """The candidates that may win a pixel of `size`, with the rows and columns where they may.

    Between four neighbouring values a map stays within them, so where one map's least of the
    four is above another's greatest, the other cannot win.
    """
    if not candidates:
        return
    left, top, width, height = within
    maps = np.stack([candidate for _, candidate in candidates])
    bar = _of_four(maps, np.minimum).max(axis=0)
    greatest = _of_four(maps, np.maximum)
    may_win = (greatest >= bar) & (greatest > 0.0)
    for (number, _), candidate, where in zip(candidates, maps, may_win, strict=True):
        if not where.any():
            continue
        rows = _span(where.any(axis=1), candidate.shape[0], size[0], slice(top, top + height))
        columns = _span(where.any(axis=0), candidate.shape[1], size[1], slice(left, left + width))
        if rows.start < rows.stop and columns.start < columns.stop:
            yield number, candidate, rows, columns


def _of_four(maps: Probabilities, extreme: np.ufunc) -> Probabilities:
    """(K, h, w) → the extreme of every four neighbours, (K, h - 1, w - 1), at least 1 × 1."""
    if maps.shape[2] > 1:
        maps = extreme(maps[:, :, :-1], maps[:, :, 1:])
    if maps.shape[1] > 1:
        maps = extreme(maps[:, :-1], maps[:, 1:])
    return maps


def _span(where: NDArray[np.bool_], before: int, after: int, within: slice) -> slice:
    """The pixels, of `after`, that lie between the values, of `before`, from `where` on."""
    places = np.flatnonzero(where)
    first, last = int(places[0]), int(places[-1]) + 1
    scale = after / before
    start = int((first + 0.5) * scale - 0.5) if first > 0 else 0
    stop = int((last + 0.5) * scale - 0.5) + 2 if last < before - 1 else after
    return slice(max(start, within.start), min(stop, after, within.stop))


def _finest_members(
    probabilities: Probabilities, class_ids: Sequence[int], merge: Merge, winner: LabelMap
) -> LabelMap:
    channel_of = {class_id: channel for channel, class_id in enumerate(class_ids)}
    members_of = {
        index: [member for member in members if member in channel_of]
        for index, members in enumerate(merge.members, start=1)
    }
    table = np.zeros(256, np.uint8)
    for index, members in members_of.items():
        table[index] = members[0] if members else BACKGROUND
    finest: LabelMap = table[winner]
    present = np.flatnonzero(np.bincount(winner.ravel(), minlength=256))
    for index in present.tolist():
        members = members_of.get(index, [])
        if len(members) > 1:
            won = winner == index
            candidates = ((member, probabilities[channel_of[member]]) for member in members)
            strongest, _ = _strongest(candidates, winner.shape, masks.box_of(won))
            cv2.copyTo(strongest, won.view(np.uint8), finest)
    return finest
