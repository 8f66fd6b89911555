import numpy as np

from inference import masks
from reviewapp.review.regions import Region, compare, overlap_share
from reviewapp.review.words import Words

DENT = Words("Hood", "", "Deformity", "Dent")
CRACK = Words("Hood", "", "Deformity", "Crack")
SCRATCH = Words("Hood", "", "Surface Damage", "Scratch")


def region(x: int, width: int, words: Words = DENT, *, of: str = "") -> Region:
    """A region of 10 rows, `width` columns from `x` on, standing for damaged part `of`."""
    mask = np.zeros((20, 60), np.bool_)
    mask[5:15, x : x + width] = True
    return Region(
        words=words,
        bbox=(x, 5, width, 10),
        area_px=width * 10,
        share_of_part=None,
        share_of_photo=0.1,
        size_class="small",
        severity="minor",
        mask=masks.encode_rle(mask),
        damaged_parts=(of,) if of else (),
    )


def test_the_same_pixels_and_words_are_unchanged() -> None:
    found = compare([region(5, 10, of="a")], [region(5, 10)])
    assert found.unchanged == (region(5, 10, of="a"),)


def test_another_outline_is_changed_and_keeps_whom_it_stands_for() -> None:
    found = compare([region(5, 10, of="a")], [region(5, 14)])
    assert found.changed == ((region(5, 10, of="a"), region(5, 14, of="a")),)


def test_other_words_on_the_same_pixels_are_changed() -> None:
    found = compare([region(5, 10, of="a")], [region(5, 10, SCRATCH)])
    assert found.changed[0][1] == region(5, 10, SCRATCH, of="a")


def test_another_type_of_the_same_damage_is_changed() -> None:
    found = compare([region(5, 10, of="a")], [region(5, 10, CRACK)])
    assert len(found.changed) == 1


def test_a_region_without_successor_vanished() -> None:
    found = compare([region(5, 10, of="a")], [])
    assert found.vanished == (region(5, 10, of="a"),)


def test_a_region_without_predecessor_is_added() -> None:
    found = compare([region(5, 10, of="a")], [region(5, 10), region(30, 5)])
    assert found.added == (region(30, 5),)


def test_both_pieces_of_a_split_region_stand_for_it() -> None:
    found = compare([region(5, 20, of="a")], [region(5, 8), region(15, 10)])
    assert [new.damaged_parts for _, new in found.changed] == [("a",), ("a",)]
    assert found.added == ()


def test_a_region_that_took_up_two_stands_for_both() -> None:
    found = compare([region(5, 5, of="a"), region(15, 5, of="b")], [region(5, 15)])
    assert {new.damaged_parts for _, new in found.changed} == {("a", "b")}


def test_other_damage_painted_over_a_piece_is_added() -> None:
    found = compare([region(5, 20, of="a")], [region(5, 15), region(20, 5, SCRATCH)])
    assert found.added == (region(20, 5, SCRATCH),)


def test_two_untouched_neighbours_stay_what_they_are() -> None:
    old = [region(5, 10, of="a"), region(15, 10, SCRATCH, of="b")]
    found = compare(old, [region(15, 10, SCRATCH), region(5, 10)])
    assert {item.damaged_parts for item in found.unchanged} == {("a",), ("b",)}


def test_a_region_survives_json() -> None:
    item = region(5, 10, of="a")
    assert Region.from_json(item.to_json()) == item


def test_overlap_is_intersection_over_union() -> None:
    assert overlap_share(region(0, 10).mask, region(5, 10).mask) == 5 / 15
