"""Test-time averaging: a segmentation net sees a photo several times, its answers are averaged.

Mirrored, with left and right classes swapped back, and at several sizes. Each variant costs a
forward pass, so it is off unless `model.json` asks for it, per module, among what the
assessment records: `"test_time": {"parts": {"flip": true, "long_sides": [320, 384]}}`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.errors import ConfigError
from inference.models import ModelVersionFiles
from inference.taxonomy import Layer

KEY = "test_time"
MODULES = ("parts", "damage")
_SIDES = range(32, 4097)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to show a photo to a net: scaled to `long_side` pixels, perhaps mirrored."""

    long_side: int
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Averaging:
    """Which variants of a photo a module sees; without `long_sides` the module's own."""

    flip: bool = False
    long_sides: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        wrong = [side for side in self.long_sides if side not in _SIDES]
        if wrong or len(set(self.long_sides)) != len(self.long_sides):
            raise ConfigError(
                f"Long sides to average are {list(self.long_sides)}; they must be different "
                f"whole numbers from {_SIDES.start} to {_SIDES.stop - 1}."
            )

    @classmethod
    def from_json(cls, data: object) -> "Averaging":
        """What `model.json` says for one module; `ConfigError` for what it may not say."""
        said = dict(data) if isinstance(data, Mapping) else {"": data}
        sides, flip = said.pop("long_sides", []), said.pop("flip", False)
        if said or not isinstance(flip, bool) or not isinstance(sides, list):
            raise ConfigError(
                f"{KEY} of a module is {data}; it may have `flip` (true or false) and "
                "`long_sides` (a list of pixels)."
            )
        return cls(flip, tuple(sides))

    def to_json(self) -> dict[str, Any]:
        return {"flip": self.flip, "long_sides": list(self.long_sides)}

    def variants(self, long_side: int) -> tuple[Variant, ...]:
        """What a module whose own long side is `long_side` sees, one forward pass each."""
        mirrorings = (False, True) if self.flip else (False,)
        return tuple(
            Variant(side, mirrored)
            for side in self.long_sides or (long_side,)
            for mirrored in mirrorings
        )


def averaging_by_module(assessment: Mapping[str, Any]) -> dict[str, Averaging]:
    """What `model.json` says under `assessment`; a module it does not name sees one variant."""
    asked = assessment.get(KEY, {})
    if not isinstance(asked, Mapping) or set(asked) - set(MODULES):
        raise ConfigError(f"{KEY} is {asked}; it may name the modules {', '.join(MODULES)}.")
    return {name: Averaging.from_json(asked.get(name, {})) for name in MODULES}


def with_averaging(
    version: ModelVersionFiles, averaging: Mapping[str, Averaging]
) -> ModelVersionFiles:
    """The model version with other averaging, which its assessments then record."""
    said = {name: item.to_json() for name, item in averaging.items()}
    return replace(version, assessment=MappingProxyType({**version.assessment, KEY: said}))


def mirrored_channels(members: Sequence[Sequence[int]], layer: Layer) -> list[int]:
    """For each channel the one that shows its class in a mirrored photo: left ↔ right.

    `members[c]` are the finest ids that channel c stands for. `ConfigError` where a side has no
    channel.
    """
    channel_of = {one: channel for channel, ids in enumerate(members) for one in ids}
    opposite = [int(layer.mirrored[ids[0]]) for ids in members]
    alone = [layer.by_id[one].label for one in opposite if one not in channel_of]
    if alone:
        raise ConfigError(
            f"The {layer.name} head has no channel for {', '.join(alone)}, which a mirrored "
            f"photo shows; set `flip` to false in {KEY}."
        )
    return [channel_of[one] for one in opposite]


def mirrored_back(values: NDArray[np.float32], channels: Sequence[int]) -> NDArray[np.float32]:
    """Probabilities (C, h, w) of a mirrored photo as those of the photo itself."""
    back: NDArray[np.float32] = values[list(channels), :, ::-1]
    return back


def averaged(answers: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The mean of probabilities (C, h, w) of one photo, at the size of the largest of them."""
    if len(answers) == 1:
        return answers[0]
    height, width = max(answer.shape[1:] for answer in answers)
    total = np.zeros((answers[0].shape[0], height, width), np.float32)
    for answer in answers:
        for channel, values in enumerate(answer):
            enlarged = cv2.resize(
                np.ascontiguousarray(values), (width, height), interpolation=cv2.INTER_LINEAR
            )
            total[channel] += enlarged
    total /= len(answers)
    return total
