"""Label maps become damaged parts as PIPELINE 4 to 6 say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference import masks
from inference.decoding import LayerPrediction
from inference.errors import MaskError
from inference.masks import LabelMap
from inference.postprocessing import (
    PhotoRegions,
    RegionRules,
    regions_of_label_maps,
    regions_of_predictions,
)
from inference.results import PART_UNKNOWN, Severity, SizeClass, View
from inference.taxonomy import DAMAGE, PARTS

EVERY_PIXEL = RegionRules.named(minimum_area_share=0.0)
HOOD = PARTS.named("Hood").id
LEFT_DOOR = PARTS.named("Front Door Shell left").id
PLATE = PARTS.named("License Plate").id
SCRATCH, CHIP, DENT = (DAMAGE.named(name).id for name in ("Scratch", "Paint Chip", "Dent"))
SHAPES = st.shared(st.tuples(st.integers(1, 24), st.integers(1, 24)))
SOME_PARTS = arrays(np.uint8, SHAPES, elements=st.sampled_from([0, HOOD, LEFT_DOOR, PLATE, 255]))
SOME_DAMAGE = arrays(np.uint8, SHAPES, elements=st.sampled_from([0, SCRATCH, CHIP, DENT, 255]))


def filled(value: int, shape: tuple[int, int] = (10, 10)) -> LabelMap:
    return np.full(shape, value, np.uint8)


def regions(parts: LabelMap, damage: LabelMap, rules: RegionRules = EVERY_PIXEL) -> PhotoRegions:
    return regions_of_label_maps("photo", parts, damage, rules)


@given(SOME_PARTS, SOME_DAMAGE)
@settings(deadline=None)
def test_regions_cover_every_damaged_pixel_once(parts: LabelMap, damage: LabelMap) -> None:
    times = np.zeros(damage.shape, np.int64)
    for item in regions(parts, damage).damaged_parts:
        times += masks.decode_rle(item.mask)
    assert np.array_equal(times, ((damage > 0) & (damage != 255)).astype(np.int64))


@given(SOME_PARTS, SOME_DAMAGE)
@settings(deadline=None)
def test_a_region_has_one_part_and_one_damage(parts: LabelMap, damage: LabelMap) -> None:
    merged_parts = EVERY_PIXEL.parts_merge.prediction_table[parts]
    merged_parts[parts == 255] = 0
    merged_damage = EVERY_PIXEL.damage_merge.prediction_table[damage]
    for item in regions(parts, damage).damaged_parts:
        mask = masks.decode_rle(item.mask)
        assert len(set(zip(merged_parts[mask], merged_damage[mask], strict=True))) == 1


@given(SOME_PARTS, SOME_DAMAGE)
@settings(deadline=None)
def test_a_region_is_connected_with_its_box_and_area(parts: LabelMap, damage: LabelMap) -> None:
    for item in regions(parts, damage).damaged_parts:
        mask = masks.decode_rle(item.mask)
        assert len(masks.connected_regions(mask)[1]) == 1
        assert (item.bbox, item.area_px) == (masks.box_of(mask), mask.sum())


def test_damage_on_no_part_is_part_unknown() -> None:
    (item,) = regions(filled(0), filled(DENT)).damaged_parts
    assert (item.part, item.side, item.share_of_part) == (PART_UNKNOWN, None, None)


def test_damage_on_the_licence_plate_is_on_a_known_part() -> None:
    (item,) = regions(filled(PLATE), filled(DENT)).damaged_parts
    assert item.part == "License Plate"


def test_a_part_keeps_its_side() -> None:
    (item,) = regions(filled(LEFT_DOOR), filled(DENT)).damaged_parts
    assert (item.part, item.side) == ("Front Door Shell", "left")


def test_types_of_one_category_are_one_region_named_by_the_commonest() -> None:
    damage = filled(SCRATCH)
    damage[:, :3] = CHIP
    (item,) = regions(filled(HOOD), damage).damaged_parts
    assert (item.damage, item.damage_type) == ("Surface Damage", "Scratch")


def test_damage_over_two_parts_is_two_damaged_parts() -> None:
    parts = filled(HOOD)
    parts[:, :4] = LEFT_DOOR
    assert [item.part for item in regions(parts, filled(DENT)).damaged_parts] == [
        "Hood",
        "Front Door Shell",
    ]


def test_specks_are_dropped_counted_and_cleared() -> None:
    damage = filled(0)
    damage[0, 0] = DENT
    damage[5:9, 5:9] = DENT
    result = regions(filled(HOOD), damage, RegionRules.named(minimum_area_share=0.05))
    assert (len(result.damaged_parts), result.dropped_specks) == (1, 1)
    assert result.damage_map[0, 0] == 0


def test_shares_are_of_the_visible_part_and_of_the_photo() -> None:
    parts, damage = filled(0), filled(0)
    parts[:5] = HOOD
    damage[:1] = DENT
    (item,) = regions(parts, damage).damaged_parts
    assert (item.share_of_part, item.share_of_photo) == (0.2, 0.1)


def test_damage_area_is_said_in_percent_of_the_photo() -> None:
    damage = filled(0)
    damage[:2] = DENT
    assert regions(filled(HOOD), damage).damage_area_percent == pytest.approx(20.0)


def test_a_correction_has_base_confidence_one() -> None:
    (item,) = regions(filled(HOOD), filled(DENT)).damaged_parts
    assert item.base_confidence == 1.0


def test_base_confidence_is_the_mean_over_the_region() -> None:
    confidence = np.linspace(0.2, 0.6, 100, dtype=np.float32).reshape(10, 10)
    parts = LayerPrediction(filled(HOOD), filled(6), confidence)
    damage = LayerPrediction(filled(DENT), filled(2), confidence)
    (item,) = regions_of_predictions("photo", parts, damage, EVERY_PIXEL).damaged_parts
    assert item.base_confidence == pytest.approx(0.4)


def test_many_parts_are_a_full_view_and_one_is_a_close_up() -> None:
    many = np.repeat(np.arange(1, 11, dtype=np.uint8), 10).reshape(10, 10)
    assert regions(many, filled(0)).view is View.FULL
    assert regions(filled(HOOD), filled(0)).view is View.CLOSE_UP


def test_a_photo_without_parts_has_no_view() -> None:
    assert regions(filled(0), filled(0)).view is None


def test_a_small_scratch_is_minor_and_a_large_dent_severe() -> None:
    parts = np.repeat(np.arange(1, 11, dtype=np.uint8), 100).reshape(10, 100)
    damage = np.zeros((10, 100), np.uint8)
    damage[0, 0] = SCRATCH
    damage[1, :45] = DENT
    dent, scratch = regions(parts, damage).damaged_parts
    assert (scratch.size_class, scratch.severity) == (SizeClass.SMALL, Severity.MINOR)
    assert (dent.size_class, dent.severity) == (SizeClass.LARGE, Severity.SEVERE)


def test_visible_parts_carry_box_area_and_confidence() -> None:
    parts = filled(0)
    parts[2:4, 1:6] = HOOD
    (part,) = regions(parts, filled(0)).parts
    assert (part.part, part.box, part.area_px, part.confidence) == ("Hood", (1, 2, 5, 2), 10, 1.0)


def test_label_maps_of_two_sizes_are_refused() -> None:
    with pytest.raises(MaskError, match="differ in size"):
        regions(filled(HOOD), filled(DENT, (4, 4)))


def test_the_same_maps_give_the_same_ids() -> None:
    damage = filled(0)
    damage[:2], damage[5:6] = DENT, SCRATCH
    ids = [item.id for item in regions(filled(HOOD), damage).damaged_parts]
    assert ids == ["photo#1", "photo#2"]
