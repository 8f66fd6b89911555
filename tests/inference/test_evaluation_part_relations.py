"""Mistakes between neighbouring and between similar parts are told apart under every merge."""

import numpy as np
import pytest

from inference.errors import TaxonomyError
from inference.evaluation.wrong_pixels import wrong_pixels
from inference.taxonomy import PARTS
from inference.taxonomy.part_relations import adjacent_parts, read_relations, similar_parts


def related(merge_name: str, one: str, other: str) -> tuple[bool, bool]:
    """Whether the two classes are adjacent, and similar."""
    merge = PARTS.merge(merge_name)
    place = merge.index(one), merge.index(other)
    return bool(adjacent_parts(merge)[place]), bool(similar_parts(merge)[place])


@pytest.mark.parametrize(
    ("merge", "one", "other", "adjacent", "similar"),
    [
        ("original", "Front Bumper", "Rear Bumper", False, True),
        ("original", "Hood", "Front Fender", True, False),
        ("original", "Front Door Shell", "Rear Door Shell", True, True),
        ("original", "Hood", "Rear Lamps", False, False),
        ("sides", "Front Fender left", "Front Door Shell left", True, False),
        ("sides", "Front Fender left", "Front Door Shell right", False, False),
        ("sides", "Mirror left", "Mirror right", False, True),
        ("sides", "Front Lamps left", "Rear Lamps right", False, True),
        ("reduced", "Bumper", "Lamps", True, False),
        ("reduced", "Window", "Windshield", False, True),
        ("inspection", "Headlight", "Taillight", False, True),
        ("inspection", "Rear Reflector", "Back Bumper", True, False),
        ("inspection", "Rear Reflector", "Taillight", False, True),
    ],
)
def test_relations_hold_under_the_merge(
    merge: str, one: str, other: str, *, adjacent: bool, similar: bool
) -> None:
    assert related(merge, one, other) == (adjacent, similar)


def test_a_reflector_folded_into_the_bumper_does_not_make_bumpers_lamps() -> None:
    assert not related("original", "Rear Bumper", "Rear Lamps")[1]


@pytest.mark.parametrize("name", PARTS.merges)
def test_every_part_has_a_neighbour_and_none_is_its_own(name: str) -> None:
    table = adjacent_parts(PARTS.merge(name))
    assert table[1:].any(axis=1).all()
    assert not table.diagonal().any()
    assert (table == table.T).all()


@pytest.mark.parametrize(
    "data",
    [
        {"adjacent": {"Hood": ["Bonnet"]}, "similar": {}},
        {"adjacent": {"Hood": ["Roof"], "Roof": ["Hood"]}, "similar": {}},
        {"adjacent": {}, "similar": {"a": ["Hood", "Trunk"], "b": ["Hood", "Roof"]}},
    ],
)
def test_unknown_and_doubled_names_are_refused(data: dict[str, dict[str, list[str]]]) -> None:
    with pytest.raises(TaxonomyError):
        read_relations(data)


def test_shares_of_wrong_pixels_by_kind() -> None:
    merge = PARTS.merge("original")
    counts = np.zeros((23, 23), np.int64)
    hood, trunk, fender, roof = (
        merge.index(name) for name in ("Hood", "Trunk", "Front Fender", "Roof")
    )
    counts[hood, hood] = 90
    counts[hood, fender] = 2  # adjacent
    counts[hood, trunk] = 3  # similar
    counts[0, roof] = 5  # with background
    assert wrong_pixels(counts, merge) == {
        "pixels": 10,
        "share_of_pixels": 0.1,
        "with_background": 0.5,
        "adjacent": 0.2,
        "similar": 0.3,
        "adjacent_of_parts": 0.4,
        "similar_of_parts": 0.6,
    }


def test_without_a_mistake_there_are_no_shares() -> None:
    counts = np.diag(np.arange(14))
    found = wrong_pixels(counts, PARTS.merge("reduced"))
    assert (found["pixels"], found["adjacent"], found["similar_of_parts"]) == (0, None, None)
