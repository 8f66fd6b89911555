"""The figures of a training are counted as `evaluate` counts."""

import pytest

from inference.data.partial import Head
from inference.taxonomy import PARTS
from inference.taxonomy.mapping import load_mapping
from inference.training.validation import told_apart

WHOLE_CARS = load_mapping("parts-whole-cars").layers["parts"]


def moved(head: Head) -> set[str]:
    ids = told_apart(WHOLE_CARS, head).merged_when_judged
    return {item.label for item in PARTS.classes if item.id in ids}


def test_a_head_of_the_finest_classes_is_judged_by_the_whole_table() -> None:
    assert told_apart(WHOLE_CARS, Head.finest(PARTS)).merged_when_judged == dict(
        WHOLE_CARS.merged_when_judged
    )


@pytest.mark.parametrize(("taxonomy", "expected"), [("reduced", {"Grille"}), ("sides", None)])
def test_a_window_is_no_door_where_the_head_knows_windows_only(
    taxonomy: str, expected: set[str] | None
) -> None:
    assert moved(Head.merged(PARTS, taxonomy)) == (expected or moved(Head.finest(PARTS)))
