"""The label maps of a photo as everything decided on it leaves them: ground truth for training.

The newest correction (or what the models said) is the base, and decisions are painted on it in
the order they were made: a rejected region is no damage, a corrected one gets its words, missed
damage is drawn where its mask is. Where a person said that there is damage but not exactly
where, the pixels that could be it are *ignore*, never "no damage".
"""

from dataclasses import dataclass

import numpy as np

from inference import masks
from inference.masks import LabelMap
from inference.taxonomy import BACKGROUND, IGNORE
from reviewapp.review.regions import Region, window_of
from reviewapp.review.standing import StandingPart
from reviewapp.review.states import Standing
from reviewapp.review.words import Vocabulary


@dataclass(frozen=True, slots=True)
class LabelMaps:
    """(H, W) uint8 of finest class ids, both of the display photo's size."""

    parts: LabelMap
    damage: LabelMap


def paint(base: LabelMaps, standing: list[StandingPart], vocabulary: Vocabulary) -> LabelMaps:
    """The base with all decisions on it; `standing` are the damaged parts of this photo."""
    maps = LabelMaps(base.parts.copy(), base.damage.copy())
    for part in sorted(standing, key=_when):
        if part.region is not None:
            _repaint(maps, part, part.region, vocabulary)
        elif part.stands and _is_said_apart(part):
            _draw(maps, part, vocabulary)
    return maps


def _when(part: StandingPart) -> tuple[float, str]:
    made = part.decision.created_at.timestamp() if part.decision else 0.0
    return made, str(part.id)


def _is_said_apart(part: StandingPart) -> bool:
    """A person said so, and not by painting: the label maps do not hold it yet."""
    return part.decision is not None and part.decision.correction_id is None


def _repaint(maps: LabelMaps, part: StandingPart, region: Region, words: Vocabulary) -> None:
    """Bring a region that the maps hold to what was decided on it."""
    window = window_of(region.bbox)
    inside = masks.decode_rle(region.mask)[window]
    parts, damage = maps.parts[window], maps.damage[window]
    inside &= damage != BACKGROUND
    if part.state is Standing.REJECTED:
        damage[inside] = BACKGROUND
        return
    told, there = part.words, region.words
    if (told.part, told.side) != (there.part, there.side):
        parts[inside] = words.repaint_parts(parts[inside], told)
    if told.damage != there.damage or told.damage_type not in ("", there.damage_type):
        damage[inside] = words.repaint_damage(damage[inside], told)


def _draw(maps: LabelMaps, part: StandingPart, words: Vocabulary) -> None:
    """Add damage that the maps do not hold, as exactly as it is known."""
    if part.mask is not None:
        inside = masks.decode_rle(part.mask)
        maps.parts[inside] = words.repaint_parts(maps.parts[inside], part.words)
        maps.damage[inside] = words.repaint_damage(maps.damage[inside], part.words)
        return
    maps.damage[_could_be(maps, part, words)] = IGNORE


def _could_be(maps: LabelMaps, part: StandingPart, words: Vocabulary) -> masks.Mask:
    """Undamaged pixels of the box; without one of the part; where that is not seen, of all."""
    undamaged: masks.Mask = maps.damage == BACKGROUND
    members = words.parts.members[words.part_ids[part.words.part, part.words.side] - 1]
    where = np.isin(maps.parts, members)
    if part.bbox is not None:
        where = np.zeros_like(undamaged)
        where[window_of(part.bbox)] = True
    if where.any():
        undamaged &= where
    return undamaged
