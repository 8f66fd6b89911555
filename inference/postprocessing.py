"""From two label maps of one photo to visible parts and damaged regions (PIPELINE 4 to 6).

A damaged region is a connected set of pixels with the same (part, side, damage). Works on what
the models predict and, with base confidence 1, on label maps that a person corrected.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference import masks
from inference.decoding import LayerPrediction
from inference.errors import MaskError
from inference.masks import Box, LabelMap
from inference.results import PART_UNKNOWN, DamagedPart, View, VisiblePart
from inference.sizes import severity_of, size_class_of, view_of
from inference.taxonomy import BACKGROUND, DAMAGE, IGNORE, PARTS, Layer, Merge, Side

DEFAULT_MINIMUM_AREA_SHARE = 0.0004


@dataclass(frozen=True)
class RegionRules:
    """Under which merges regions are formed, and below which share of the photo they are specks.

    Parts that the merge leaves out (the licence plate) are parts of their own here: damage on
    them is damage on a known part.
    """

    parts_merge: Merge
    damage_merge: Merge
    minimum_area_share: float = DEFAULT_MINIMUM_AREA_SHARE

    @classmethod
    def named(
        cls,
        parts_merge: str = "sides",
        damage_merge: str = "categorical",
        minimum_area_share: float = DEFAULT_MINIMUM_AREA_SHARE,
    ) -> "RegionRules":
        """The rules with these merges of the taxonomy; `TaxonomyError` where there is none."""
        return cls(
            complete_merge(PARTS, parts_merge),
            complete_merge(DAMAGE, damage_merge),
            minimum_area_share,
        )

    @classmethod
    def from_json(cls, assessment: Mapping[str, Any]) -> "RegionRules":
        """The rules that `model.json` names under `assessment`."""
        return cls.named(
            assessment["parts_merge"],
            assessment["damage_merge"],
            float(assessment["minimum_area_share"]),
        )


@dataclass(frozen=True)
class PhotoRegions:
    """What two label maps of one photo say; `damage_map` is without the dropped specks."""

    parts: tuple[VisiblePart, ...]
    view: View | None
    damaged_parts: tuple[DamagedPart, ...]
    damage_area_percent: float
    dropped_specks: int
    damage_map: LabelMap


@dataclass(frozen=True, slots=True)
class _Part:
    box: Box
    area: int
    confidence: float


@dataclass(frozen=True, slots=True)
class _Region:
    part_id: int
    damage_id: int
    box: Box
    area: int
    inside: NDArray[np.bool_]


def complete_merge(layer: Layer, name: str) -> Merge:
    """The merge with this name in which no class is left out: each such class stands alone."""
    merge = layer.merge(name)
    extra = tuple(layer.by_id[class_id] for class_id in merge.left_out)
    return replace(
        merge,
        classes=merge.classes + tuple(item.label for item in extra),
        sides=merge.sides + tuple(item.side for item in extra),
        members=merge.members + tuple((item.id,) for item in extra),
        left_out=(),
    )


def regions_of_label_maps(
    file: str, parts_map: LabelMap, damage_map: LabelMap, rules: RegionRules
) -> PhotoRegions:
    """Regions of label maps of finest ids (H, W) uint8, as a person left them.

    Base confidence is 1: a person said so. 255 (*ignore*) is neither part nor damage. `file`
    names the photo in the ids of its damaged parts.
    """
    certain = np.ones(parts_map.shape, np.float32)
    parts, damage = (
        LayerPrediction(label_map, _without_ignore(merge, label_map), certain)
        for label_map, merge in (
            (parts_map, rules.parts_merge),
            (damage_map, rules.damage_merge),
        )
    )
    return regions_of_predictions(file, parts, damage, rules)


def regions_of_predictions(
    file: str, parts: LayerPrediction, damage: LayerPrediction, rules: RegionRules
) -> PhotoRegions:
    """Regions of predictions decoded under the merges of `rules`, largest first."""
    if parts.merged.shape != damage.merged.shape:
        raise MaskError(
            f"The label maps of {file} differ in size: {parts.merged.shape} parts, "
            f"{damage.merged.shape} damage."
        )
    measured = _measured(parts)
    part_areas = {part_id: part.area for part_id, part in measured.items()}
    visible = _visible_parts(measured, parts.merged.size, rules)
    view = view_of(len(visible))
    minimum = rules.minimum_area_share * parts.merged.size
    regions = sorted(
        _connected_regions(parts.merged, damage.merged), key=lambda item: (-item.area, item.box)
    )
    kept = [region for region in regions if region.area >= minimum]
    damaged = tuple(
        _damaged_part(f"{file}#{number}", region, damage, part_areas, view, rules)
        for number, region in enumerate(kept, start=1)
    )
    return PhotoRegions(
        parts=visible,
        view=view,
        damaged_parts=damaged,
        damage_area_percent=100.0 * sum(item.area for item in kept) / parts.merged.size,
        dropped_specks=len(regions) - len(kept),
        damage_map=_without_specks(damage.finest, regions[len(kept) :]),
    )


def part_name(merge: Merge, part_id: int) -> tuple[str, Side | None]:
    """Name and side of a merged part; `PART_UNKNOWN` for background."""
    if part_id == BACKGROUND:
        return PART_UNKNOWN, None
    side = merge.sides[part_id - 1]
    return merge.classes[part_id - 1].removesuffix(f" {side}"), side


def _without_ignore(merge: Merge, label_map: LabelMap) -> LabelMap:
    table = merge.prediction_table.copy()
    table[IGNORE] = BACKGROUND
    merged: LabelMap = table[label_map]
    return merged


def _measured(parts: LayerPrediction) -> dict[int, _Part]:
    """Every part that occurs, each looked at only in its box."""
    measured = {}
    for part_id, box in masks.boxes(parts.merged).items():
        if part_id != BACKGROUND:
            window = _slices(box)
            inside = cv2.inRange(parts.merged[window], part_id, part_id)
            mean = cv2.mean(parts.confidence[window], mask=inside)[0]
            area = cv2.countNonZero(inside)
            measured[part_id] = _Part(box, area, min(1.0, max(0.0, mean)))
    return measured


def _visible_parts(
    measured: Mapping[int, _Part], pixels: int, rules: RegionRules
) -> tuple[VisiblePart, ...]:
    visible = []
    for part_id, part in measured.items():
        if part.area >= rules.minimum_area_share * pixels:
            name, side = part_name(rules.parts_merge, part_id)
            visible.append(VisiblePart(name, side, part.box, part.area, part.confidence))
    return tuple(visible)


def _connected_regions(parts: LabelMap, damage: LabelMap) -> Iterator[_Region]:
    """All regions, one connected-component pass per (part, damage) pair and only in its box."""
    around = masks.box_of(damage > BACKGROUND)
    if around is None:
        return
    window = _slices(around)
    damage_crop = damage[window]
    pairs = parts[window].astype(np.uint16) << 8 | damage_crop
    pairs[damage_crop == BACKGROUND] = 0
    present = np.flatnonzero(np.bincount(pairs.ravel(), minlength=1 << 16))
    number_of = np.zeros(1 << 16, np.uint16)
    number_of[present] = np.arange(present.size)
    numbers = number_of[pairs]
    for number, box in masks.boxes(numbers).items():
        if pair := int(present[number]):
            yield from _regions_of_pair(numbers[_slices(box)] == number, pair, box, around)


def _regions_of_pair(mask: masks.Mask, pair: int, box: Box, around: Box) -> Iterator[_Region]:
    numbers, stats = masks.connected_regions(mask)
    for number, (x, y, width, height, area) in enumerate(stats.tolist(), start=1):
        yield _Region(
            part_id=pair >> 8,
            damage_id=pair & 0xFF,
            box=(x + box[0] + around[0], y + box[1] + around[1], width, height),
            area=area,
            inside=numbers[_slices((x, y, width, height))] == number,
        )


def _damaged_part(
    region_id: str,
    region: _Region,
    damage: LayerPrediction,
    part_areas: Mapping[int, int],
    view: View | None,
    rules: RegionRules,
) -> DamagedPart:
    name, side = part_name(rules.parts_merge, region.part_id)
    window = _slices(region.box)
    base = _share(
        float(damage.confidence[window][region.inside].sum(dtype=np.float64)), region.area
    )
    types = np.bincount(damage.finest[window][region.inside], minlength=256)
    damage_type = DAMAGE.by_id[int(types.argmax())].name
    of_part = None if region.part_id == BACKGROUND else region.area / part_areas[region.part_id]
    of_photo = region.area / damage.merged.size
    size = size_class_of(view, of_part, of_photo)
    return DamagedPart(
        id=region_id,
        part=name,
        side=side,
        damage=rules.damage_merge.classes[region.damage_id - 1],
        damage_type=damage_type,
        bbox=region.box,
        area_px=region.area,
        share_of_part=of_part,
        share_of_photo=of_photo,
        size_class=size,
        severity=severity_of(damage_type, size),
        base_confidence=base,
        agreement=1.0,
        refined_confidence=base,
        probability=base,
        flagged=False,
        reasons=(),
        mask=masks.encode_rle_in_box(region.inside, region.box, damage.merged.shape),
    )


def _without_specks(damage_map: LabelMap, specks: list[_Region]) -> LabelMap:
    cleaned = damage_map.copy()
    for speck in specks:
        cleaned[_slices(speck.box)][speck.inside] = BACKGROUND
    return cleaned


def _share(total: float, area: int) -> float:
    return min(1.0, max(0.0, float(total) / area))


def _slices(box: Box) -> tuple[slice, slice]:
    x, y, width, height = box
    return slice(y, y + height), slice(x, x + width)
