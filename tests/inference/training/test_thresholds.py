"""Thresholds of the multi-label decoder are chosen for the label map that they give together."""

import numpy as np
import pytest

from inference.training.thresholds import GRID, Ids, LabelledPixels, Values

GROUPS = [[1, 2], [3]]
"""Two major classes, and a minor one painted over them."""


def decoded(values: Values, places: list[int]) -> Ids:
    """As `decode_multi_label` paints, pixel by pixel."""
    result = np.zeros(values.shape[1], np.int64)
    for group in GROUPS:
        for pixel in range(values.shape[1]):
            passing = [one for one in group if values[one, pixel] >= GRID[places[one]]]
            if passing:
                result[pixel] = max(passing, key=lambda one: values[one, pixel])
    return result


def mean_iou(labels: Ids, said: Ids) -> float:
    figures = [
        ((labels == one) & (said == one)).sum() / ((labels == one) | (said == one)).sum()
        for one in np.unique(labels)
    ]
    return float(np.mean(figures))


def noisy(seed: int, pixels: int = 400) -> tuple[Values, Ids]:
    """Classes 1 and 3 are mostly seen; 2 says anything anywhere."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(4, pixels, p=[0.5, 0.3, 0.05, 0.15])
    values = rng.uniform(0, 0.6, (4, pixels)).astype(np.float32)
    for known in (1, 3):
        values[known, labels == known] += 0.35
    values[2] = rng.uniform(0.2, 1.0, pixels)
    return values, labels


@pytest.mark.parametrize("seed", range(4))
def test_no_single_change_makes_the_label_map_better(seed: int) -> None:
    values, labels = noisy(seed)

    places = LabelledPixels(values, labels, GROUPS).thresholds()

    best = mean_iou(labels, decoded(values, places))
    for channel in (1, 2, 3):
        for place in range(len(GRID)):
            other = [place if one == channel else was for one, was in enumerate(places)]
            assert mean_iou(labels, decoded(values, other)) <= best + 1e-9


def test_a_class_that_learnt_nothing_does_not_paint_over_the_others() -> None:
    values, labels = noisy(seed=5)

    places = LabelledPixels(values, labels, GROUPS).thresholds()

    assert places[2] == len(GRID) - 1


def test_a_class_that_is_seen_well_gets_the_threshold_between() -> None:
    labels = np.array([0] * 10 + [3] * 10)
    values = np.zeros((4, 20), np.float32)
    values[3] = np.where(labels == 3, 0.32, 0.22)

    places = LabelledPixels(values, labels, GROUPS).thresholds()

    assert 0.22 < GRID[places[3]] <= 0.32
