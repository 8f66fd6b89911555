"""Damaged regions of a photo's label maps, and what a correction did to them. No database."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from inference import masks
from inference.masks import Box, LabelMap, Mask, Rle
from inference.postprocessing import RegionRules, regions_of_label_maps
from inference.results import DamagedPart
from reviewapp.review.words import Words

# A dab of the smallest brush is meant; what is smaller is a slip at an edge.
PAINTED_MINIMUM_PX = 25


@dataclass(frozen=True, slots=True)
class Region:
    """One damaged region, and whom it stands for.

    `damaged_parts` are ids of what the models said, `missed` ids of decisions that added it.
    """

    words: Words
    bbox: Box
    area_px: int
    share_of_part: float | None
    share_of_photo: float
    size_class: str
    severity: str
    mask: Rle
    damaged_parts: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> "Region":
        x, y, width, height = row["bbox"]
        return cls(
            **{
                **row,
                "words": Words(**row["words"]),
                "bbox": (x, y, width, height),
                "damaged_parts": tuple(row["damaged_parts"]),
                "missed": tuple(row["missed"]),
            }
        )

    def is_same_as(self, other: "Region") -> bool:
        return self.words == other.words and self.mask == other.mask


@dataclass(frozen=True)
class Comparison:
    """Two states of one photo's regions. Every new region is in exactly one of
    `unchanged`, `changed` and `added`; every old one in `unchanged`, `changed` or `vanished`.
    """

    unchanged: tuple[Region, ...]
    changed: tuple[tuple[Region, Region], ...]
    vanished: tuple[Region, ...]
    added: tuple[Region, ...]


def regions_of(parts_map: LabelMap, damage_map: LabelMap, rules: RegionRules) -> list[Region]:
    """The regions of two label maps as a person left them."""
    minimum = min(rules.minimum_area_share, PAINTED_MINIMUM_PX / parts_map.size)
    fine = replace(rules, minimum_area_share=minimum)
    found = regions_of_label_maps("photo", parts_map, damage_map, fine)
    return [_region(item) for item in found.damaged_parts]


def _region(item: DamagedPart) -> Region:
    return Region(
        words=Words(item.part, item.side or "", item.damage, item.damage_type),
        bbox=item.bbox,
        area_px=item.area_px,
        share_of_part=item.share_of_part,
        share_of_photo=item.share_of_photo,
        size_class=item.size_class.value,
        severity=item.severity.value,
        mask=item.mask,
    )


def compare(old: Sequence[Region], new: Sequence[Region]) -> Comparison:
    """What became of every old region: unchanged, changed (where most of it went) or vanished.

    A new region that no old one went to is a piece of an old one if it has the same words and
    touches its pixels, else it is added. New regions inherit whom the old ones stood for.
    """
    same = {index: twin for index, item in enumerate(old) if (twin := _twin(item, new)) is not None}
    left = [item for index, item in enumerate(old) if index not in same]
    fresh = [item for index, item in enumerate(new) if index not in same.values()]
    overlaps = _overlaps(left, fresh)
    went_to = {row: max(found, key=found.__getitem__) for row, found in overlaps.items() if found}
    pairs = list(went_to.items())
    pairs += [
        (row, column)
        for row, found in overlaps.items()
        for column in found
        if column not in went_to.values() and _same_words(left[row], fresh[column])
    ]
    return Comparison(
        unchanged=tuple(_heir(new[twin], [old[index]]) for index, twin in same.items()),
        changed=tuple(
            (left[row], _heir(fresh[column], _givers(left, pairs, column)))
            for row, column in sorted(pairs)
        ),
        vanished=tuple(item for row, item in enumerate(left) if row not in went_to),
        added=tuple(
            item for column, item in enumerate(fresh) if column not in {taken for _, taken in pairs}
        ),
    )


def _twin(item: Region, others: Sequence[Region]) -> int | None:
    found = (index for index, other in enumerate(others) if item.is_same_as(other))
    return next(found, None)


def _same_words(one: Region, other: Region) -> bool:
    return one.words.key == other.words.key


def _givers(old: Sequence[Region], pairs: Iterable[tuple[int, int]], column: int) -> list[Region]:
    return [old[row] for row, taken in pairs if taken == column]


def _heir(region: Region, givers: Iterable[Region]) -> Region:
    """The region, standing for all that these stood for."""
    givers = list(givers)
    return replace(
        region,
        damaged_parts=_joined(giver.damaged_parts for giver in givers),
        missed=_joined(giver.missed for giver in givers),
    )


def _joined(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for some in names for name in some))


def _overlaps(old: Sequence[Region], new: Sequence[Region]) -> dict[int, dict[int, int]]:
    """Common pixels of every old region with every new one that it touches."""
    new_masks = [masks.decode_rle(item.mask) for item in new]
    found: dict[int, dict[int, int]] = {}
    for row, item in enumerate(old):
        mask = masks.decode_rle(item.mask)
        window = window_of(item.bbox)
        common = {
            column: int((mask[window] & other[window]).sum())
            for column, other in enumerate(new_masks)
        }
        found[row] = {column: pixels for column, pixels in common.items() if pixels}
    return found


def distinct(regions: Iterable[Region]) -> list[Region]:
    """Each region once, in order."""
    found: list[Region] = []
    for region in regions:
        if region not in found:
            found.append(region)
    return found


def window_of(box: Box) -> tuple[slice, slice]:
    x, y, width, height = box
    return slice(y, y + height), slice(x, x + width)


def overlap_share(one: Rle, other: Rle) -> float:
    """Intersection over union of two masks of the same photo."""
    if one == other:
        return 1.0
    if one["size"] != other["size"]:
        return 0.0
    first, second = _decoded(one), _decoded(other)
    union = int((first | second).sum())
    return int((first & second).sum()) / union if union else 0.0


def _decoded(rle: Rle) -> Mask:
    return masks.decode_rle(rle)
