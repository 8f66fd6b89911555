"""Outlines, calibration, number of parts and prevalence are counted as they are defined."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inference.evaluation.boundary import BoundaryQuality, distance_to_outline
from inference.evaluation.conditions import (
    by_number_of_parts,
    parts_seen,
    prevalence,
    rank_correlation,
)
from inference.evaluation.counts import PhotoCounts
from inference.evaluation.measures import ClassNames, JudgedPhoto
from inference.evaluation.pixel_calibration import PixelCalibration
from inference.postprocessing import RegionRules
from inference.taxonomy import IGNORE
from tests.inference.tiny_judging import says
from tests.inference.tiny_models import ASSESSMENT

NAMES = ClassNames(("Background", "Hood"), (0, 1))
SIZE = 60


def photo(
    truth: NDArray[np.uint8], predicted: NDArray[np.uint8], confidence: float = 0.9
) -> JudgedPhoto:
    return JudgedPhoto("a", truth, predicted, np.full(truth.shape, confidence, np.float32))


def square(start: int, side: int = 30) -> NDArray[np.uint8]:
    label_map = np.zeros((SIZE, SIZE), np.uint8)
    label_map[start : start + side, start : start + side] = 1
    return label_map


def boundary_iou(truth: NDArray[np.uint8], predicted: NDArray[np.uint8]) -> dict[str, float | None]:
    measure = BoundaryQuality(shares=(0.02,))
    table = measure.count(photo(truth, predicted), NAMES)
    iou: dict[str, float | None] = measure.figures(table, NAMES)["0.02"]["iou"]
    return iou


def test_distances_count_from_one_beside_the_outline() -> None:
    label_map = np.array([[0, 0, 0, 1, 1, 1]], np.uint8)
    distances = distance_to_outline(label_map, np.ones(label_map.shape, np.bool_))
    assert distances.tolist() == [[3, 2, 1, 1, 2, 3]]


def test_a_class_has_its_band_along_its_own_outline_only() -> None:
    label_map = np.random.default_rng(0).integers(0, 3, (6, 6)).astype(np.uint8)
    label_map = np.kron(label_map, np.ones((10, 10), np.uint8)).astype(np.uint8)
    distances = distance_to_outline(label_map, np.ones(label_map.shape, np.bool_))
    for index in range(3):
        inside = (label_map == index).astype(np.uint8)
        alone = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        assert np.abs(distances - alone)[inside > 0].max() < 0.6


def test_without_an_outline_everything_is_infinitely_far() -> None:
    label_map = np.zeros((3, 3), np.uint8)
    assert np.isinf(distance_to_outline(label_map, label_map == 0)).all()


def test_a_perfect_outline_has_a_boundary_iou_of_one() -> None:
    assert boundary_iou(square(10), square(10)) == {"Background": 1.0, "Hood": 1.0}


def test_an_outline_off_by_the_band_scores_far_below_the_iou() -> None:
    found = boundary_iou(square(10), square(12))["Hood"]
    truth, predicted = square(10) == 1, square(12) == 1
    iou = (truth & predicted).sum() / (truth | predicted).sum()
    assert found is not None
    assert found < 0.3 < 0.75 < iou


def test_the_inside_of_a_part_does_not_count_for_its_outline() -> None:
    with_hole = square(10)
    with_hole[24:26, 24:26] = 0
    measure = BoundaryQuality(shares=(0.02,))
    table = measure.count(photo(square(10), with_hole), NAMES)
    both, labelled, _ = table[0, 1]
    assert both == labelled


def test_the_border_of_what_is_left_out_is_no_outline() -> None:
    truth = np.zeros((SIZE, SIZE), np.uint8)
    truth[:, :20] = IGNORE
    predicted = np.zeros_like(truth)
    predicted[:, :10] = 1
    assert boundary_iou(truth, predicted) == {"Background": None, "Hood": None}


def test_calibration_error_of_pixels_is_the_mean_gap_by_bin() -> None:
    truth = np.array([[0, 1, 1, 255]], np.uint8)
    predicted = np.array([[0, 1, 0, 0]], np.uint8)
    measure = PixelCalibration(bins=10)
    table = measure.count(photo(truth, predicted, confidence=0.9), NAMES)
    figures = measure.figures(table, NAMES)
    assert figures["expected_calibration_error"] == pytest.approx(0.9 - 2 / 3, abs=1e-4)
    assert figures["expected_calibration_error_without_background"] == pytest.approx(0.4)
    assert [item["pixels"] for item in figures["bins"]] == [0] * 8 + [0, 3]


def test_pixels_without_a_probability_say_nothing_about_calibration() -> None:
    truth = np.zeros((2, 2), np.uint8)
    measure = PixelCalibration()
    figures = measure.figures(measure.count(photo(truth, truth, confidence=0.0), NAMES), NAMES)
    assert figures["expected_calibration_error"] is None


def test_certainty_falls_into_the_last_bin() -> None:
    truth = np.zeros((2, 2), np.uint8)
    table = PixelCalibration().count(photo(truth, truth, confidence=1.0), NAMES)
    assert table[0, -1].tolist() == [4, 4, 4]


def test_tables_of_photos_add_up() -> None:
    measure = BoundaryQuality()
    one = measure.count(photo(square(10), square(12)), NAMES)
    figures = measure.figures(one + one, NAMES)
    assert figures == measure.figures(one, NAMES)


def test_photos_are_grouped_by_the_number_of_parts_seen() -> None:
    right, wrong = np.array([[4, 0], [0, 4]]), np.array([[0, 4], [4, 0]])
    photos = [
        PhotoCounts("near", "", wrong, parts_seen=2),
        PhotoCounts("far", "", right, parts_seen=12),
        PhotoCounts("farther", "", right, parts_seen=30),
        PhotoCounts("unknown", "", wrong),
    ]
    groups = by_number_of_parts(photos, NAMES.all, NAMES.judged)
    assert [(group["parts"], group["photos"], group["miou"]) for group in groups] == [
        ({"least": 1, "most": 3}, 1, 0.0),
        ({"least": 12, "most": None}, 2, 1.0),
    ]


def test_parts_are_seen_as_an_assessment_sees_them(tiny_folder: Path) -> None:
    output = says(tiny_folder, [["Hood", "Hood", "Wheel", "Background"]])
    assert parts_seen(output, RegionRules.from_json(ASSESSMENT)) == 2


def test_prevalence_is_the_share_of_labelled_pixels() -> None:
    counts = np.diag([90, 6, 3, 1])
    iou: dict[int, float | None] = {0: 1.0, 1: 0.9, 2: 0.5, 3: 0.1}
    found = prevalence(counts, iou, ("Background", "Hood", "Roof", "Mirror"))
    assert found == {
        "share_of_pixels": {"Background": 0.9, "Hood": 0.06, "Roof": 0.03, "Mirror": 0.01},
        "rank_correlation_with_iou": 1.0,
    }


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2, 3], [10, 20, 90], 1.0),
        ([1, 2, 3], [3, 2, 1], -1.0),
        ([1, 2, 2, 3], [1, 3, 2, 4], 0.9487),
        ([1, 1, 1], [1, 2, 3], None),
        ([1, 2], [1, 2], None),
    ],
)
def test_rank_correlation(one: list[float], other: list[float], expected: float | None) -> None:
    found = rank_correlation(one, other)
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-4))
