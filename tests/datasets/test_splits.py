"""A case's split is stable, and shared photos never cross one."""

import uuid
from collections import Counter

from reviewapp.datasets.splits import Split, oldest_relatives, split_of

A, B, C, D = (uuid.UUID(int=number) for number in range(4))


def test_a_case_stays_in_its_split() -> None:
    case = uuid.UUID("3f0c7a3e-5b1c-4a0e-9d0b-0d3a5a2f9b11")
    assert [split_of(case) for _ in range(3)] == [Split.TRAIN] * 3


def test_most_cases_are_for_training_and_a_tenth_each_for_the_others() -> None:
    found = Counter(split_of(uuid.UUID(int=number)) for number in range(4000))
    assert 0.77 < found[Split.TRAIN] / 4000 < 0.83
    assert 0.08 < found[Split.TEST] / 4000 < 0.12


def test_cases_that_share_a_photo_follow_the_oldest() -> None:
    assert oldest_relatives([("x", A), ("x", B)]) == {A: A, B: A}


def test_cases_hang_together_over_a_third_one() -> None:
    sharing = [("x", A), ("y", B), ("x", C), ("y", C), ("z", D)]
    assert oldest_relatives(sharing) == {A: A, B: A, C: A, D: D}


def test_a_bridge_leads_to_the_oldest_whatever_comes_first() -> None:
    sharing = [("x", A), ("y", B), ("y", C), ("x", C)]
    assert oldest_relatives(sharing) == {A: A, B: A, C: A}
