"""Left or right, agreed over a region and over the photo.

A segmentation net decides the side of a part pixel by pixel, from what its receptive field
shows, so a door can be half left, half right. Two facts hold for any photo of one vehicle: one
region is one part, and of the flanks (doors, rocker panel, …) only one is visible. Each pixel
keeps its probability of the part; only how it divides between the two sides is moved to what
the region, and for parts of a flank the whole photo, says. Off unless `model.json` asks for it
among what the assessment records: `"side_agreement": {"flank": 2.0, "region": 2.0}`.

What it brings is in inference/EXPERIMENTS.md ("Left and right agreed").
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.errors import ConfigError
from inference.models import ModelVersionFiles
from inference.taxonomy import Layer
from inference.taxonomy.part_relations import FLANK

KEY = "side_agreement"
# As much of the photo is taken to speak for both sides: a few pixels of a door decide nothing.
_UNDECIDED = 0.002

Probabilities = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SideAgreement:
    """The powers to which the share of a side is raised, over a flank and over a region;
    0 leaves it out."""

    flank: float = 0.0
    region: float = 0.0

    def __post_init__(self) -> None:
        if not (self.flank >= 0 and self.region >= 0):
            raise ConfigError(f"{KEY} is {asdict(self)}; its powers must be 0 or more.")

    @classmethod
    def from_json(cls, data: object) -> "SideAgreement":
        """What `model.json` says; `ConfigError` for what it may not say."""
        said: dict[str, Any] = dict(data) if isinstance(data, Mapping) else {"": data}
        powers = {key: said.pop(key, 0.0) for key in ("flank", "region")}
        if said or not all(type(power) in (int, float) for power in powers.values()):
            raise ConfigError(f"{KEY} is {data}; it may have the numbers `flank` and `region`.")
        return cls(**{key: float(power) for key, power in powers.items()})

    def __call__(
        self, values: Probabilities, members: Sequence[Sequence[int]], layer: Layer
    ) -> Probabilities:
        """Soft-max probabilities (C, h, w) with sides agreed; `members[c]` are the finest ids of
        channel c. A head that does not tell sides apart is given back as it is."""
        pairs = list(_pairs(members, layer))
        if not pairs or not (self.flank or self.region):
            return values
        agreed = values.copy()
        flank = [pair for pair in pairs if members[pair[0]][0] in FLANK]
        if self.flank and flank:
            self._over_the_photo(agreed, flank)
        if self.region:
            self._over_regions(agreed, pairs)
        return agreed

    def _over_the_photo(self, values: Probabilities, flank: Sequence[tuple[int, int]]) -> None:
        left, right = (float(values[list(side)].sum()) for side in zip(*flank, strict=True))
        undecided = _UNDECIDED * values[0].size
        share = np.float32((left + undecided) / (left + right + 2 * undecided))
        for pair in flank:
            _divide(values, pair, share, self.flank)

    def _over_regions(self, values: Probabilities, pairs: Sequence[tuple[int, int]]) -> None:
        parts = np.stack([values[left] + values[right] for left, right in pairs])
        sided = [channel for pair in pairs for channel in pair]
        others = np.delete(values, sided, axis=0)
        winner, highest = parts.argmax(axis=0), parts.max(axis=0)
        if len(others):
            winner = np.where(highest >= others.max(axis=0), winner, -1)
        for place in np.flatnonzero(
            np.bincount(winner[winner >= 0], minlength=len(pairs))
        ).tolist():
            pair = pairs[place]
            count, regions = cv2.connectedComponents((winner == place).view(np.uint8))
            left, right = (
                np.bincount(regions.ravel(), values[channel].ravel(), count) for channel in pair
            )
            share = (left / np.maximum(left + right, np.finfo(np.float32).tiny)).astype(np.float32)
            share[0] = 0.5
            _divide(values, pair, share[regions], self.region)


def side_agreement_of(version: ModelVersionFiles) -> SideAgreement:
    """What the model version asks for, by default nothing; `ConfigError` where its parts head
    has no soft-max, whose sides could be traded against each other."""
    asked = SideAgreement.from_json(version.assessment.get(KEY, {}))
    parts = version.modules.get("parts")
    if asked != SideAgreement() and parts is not None and parts.decoder != "softmax":
        raise ConfigError(f"{KEY} needs a soft-max; the parts head is {parts.decoder}.")
    return asked


def _divide(
    values: Probabilities,
    pair: tuple[int, int],
    share: np.float32 | Probabilities,
    power: float,
) -> None:
    """Divide what both channels have by their odds times those of `share`, to this power."""
    left, right = pair
    both = values[left] + values[right]
    for_left, for_right = values[left] * share**power, values[right] * (1 - share) ** power
    total = for_left + for_right
    of_left = np.divide(for_left, total, out=np.full_like(both, 0.5), where=total > 0)
    values[left], values[right] = both * of_left, both * (1 - of_left)


def _pairs(members: Sequence[Sequence[int]], layer: Layer) -> Iterator[tuple[int, int]]:
    """The channels of the left and of the right one of each part that has both."""
    channel_of = {one: channel for channel, ids in enumerate(members) for one in ids}
    for channel, ids in enumerate(members):
        other = channel_of.get(int(layer.mirrored[ids[0]]), channel)
        if other != channel and layer.by_id[ids[0]].side == "left":
            yield channel, other
