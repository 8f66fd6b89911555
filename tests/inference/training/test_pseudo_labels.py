import numpy as np
import pytest
from numpy.typing import NDArray

from inference.taxonomy import IGNORE
from inference.training.pseudo_labels import filled

# Four classes, and the set {1, 2} as row 4.
TABLE = np.vstack([np.eye(4, dtype=bool), np.array([[False, True, True, False]])])
A_SET = 4


def one_pixel(row: int, probabilities: list[float], certain: float) -> int:
    values: NDArray[np.float32] = np.array(probabilities, np.float32).reshape(4, 1, 1)
    return int(filled(np.array([[row]], np.uint8), values, TABLE, certain)[0, 0])


def test_an_open_pixel_gets_a_certain_answer() -> None:
    assert one_pixel(IGNORE, [0.05, 0.05, 0.85, 0.05], 0.8) == 2


def test_an_open_pixel_stays_open_without_one() -> None:
    assert one_pixel(IGNORE, [0.3, 0.1, 0.5, 0.1], 0.8) == IGNORE


@pytest.mark.parametrize("label", range(4))
def test_what_people_labelled_is_never_touched(label: int) -> None:
    assert one_pixel(label, [0.0, 0.0, 0.0, 1.0], 0.5) == label


def test_a_set_is_decided_among_its_classes_only() -> None:
    assert one_pixel(A_SET, [0.0, 0.02, 0.18, 0.8], 0.8) == 2


def test_a_set_stays_where_its_classes_are_alike() -> None:
    assert one_pixel(A_SET, [0.0, 0.4, 0.5, 0.1], 0.8) == A_SET


def test_the_label_map_given_is_not_changed() -> None:
    labels = np.full((2, 2), IGNORE, np.uint8)

    filled(labels, np.full((4, 2, 2), 0.25, np.float32), TABLE, 0.2)

    assert (labels == IGNORE).all()
