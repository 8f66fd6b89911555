"""Figures are counted as issue 3 §4 says, and intervals as the paper does."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.data.coco import read_coco
from inference.errors import LabelError, MaskError
from inference.evaluation.classification import evaluate_classifier
from inference.evaluation.counts import PhotoCounts, confusion
from inference.evaluation.judging import Judge
from inference.evaluation.metrics import (
    BinaryFigures,
    iou_by_class,
    mean_iou,
    miou_difference,
    miou_interval,
    number_of_classes_right,
)
from inference.evaluation.part_naming import evaluate_part_naming
from inference.evaluation.segmentation import evaluate_layer
from inference.masks import LabelMap
from inference.predictor import Predictor
from inference.probability import expected_calibration_error
from inference.taxonomy import PARTS
from inference.taxonomy.mapping import load_mapping
from tests.inference.tiny_judging import coco_set, left_half, says
from tests.inference.tiny_models import PART_LABELS, Tiny, write_tiny_models


@pytest.fixture
def predictor(tiny_folder: Path) -> Predictor:
    return Predictor.load(tiny_folder, backend="torch", device="cpu")


def judge(mapping: str, taxonomy: str) -> Judge:
    return Judge(load_mapping(mapping).layers["parts"], PARTS.merge(taxonomy))


def names(which: Judge, predicted: LabelMap) -> list[list[str]]:
    return [[which.names[value] for value in row] for row in predicted.tolist()]


def test_grille_counts_as_front_bumper_where_the_set_has_no_grille(tiny_folder: Path) -> None:
    which = judge("parts-whole-cars", "sides")
    predicted = which.predicted(says(tiny_folder, [["Grille"]]), (1, 1))
    assert names(which, predicted) == [["Front Bumper"]]


def test_grille_and_bumper_are_added_up_before_the_arg_max(tiny_folder: Path) -> None:
    output = says(tiny_folder, [["Hood"]])
    for name, value in (("Hood", 0.4), ("Grille", 0.3), ("Front Bumper", 0.3)):
        output.values[PART_LABELS.index(name)] = value
    which = judge("parts-whole-cars", "sides")
    assert names(which, which.predicted(output, (1, 1))) == [["Front Bumper"]]


def test_door_glass_counts_as_the_nearest_door_of_its_side(tiny_folder: Path) -> None:
    front, rear, glass = (
        f"{name} left" for name in ("Front Door Shell", "Rear Door Shell", "Door Glass")
    )
    which = judge("parts-whole-cars", "sides")
    output = says(tiny_folder, [[front, glass, glass, rear]])
    assert names(which, which.predicted(output, (1, 4))) == [[front, front, rear, rear]]


def test_door_glass_is_door_shell_also_where_other_glass_is_named(tiny_folder: Path) -> None:
    which = judge("parts-whole-cars", "reduced")
    output = says(tiny_folder, [["Door Glass left", "Back Window"]])
    assert names(which, which.predicted(output, (1, 2))) == [["Door Shell", "Window"]]


def test_a_part_that_the_set_does_not_name_counts_as_background(tiny_folder: Path) -> None:
    which = judge("parts-whole-cars", "reduced")
    assert not which.predicted(says(tiny_folder, [["Roof"]]), (1, 1)).any()


def test_the_classes_are_those_that_the_set_names() -> None:
    assert len(judge("parts-whole-cars", "sides").classes) == 18
    assert len(judge("parts-whole-cars", "reduced").classes) == 10
    assert len(judge("every-part-and-damage", "original").classes) == 23


def test_ignored_pixels_do_not_count() -> None:
    truth = np.array([[0, 1, 255]], np.uint8)
    counts = confusion(truth, np.array([[0, 0, 1]], np.uint8), 2)
    assert counts.tolist() == [[1, 0], [1, 0]]


def test_maps_of_two_sizes_are_refused() -> None:
    with pytest.raises(MaskError):
        confusion(np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8), 2)


def test_iou_is_over_all_pixels_and_absent_classes_are_left_out() -> None:
    counts = np.array([[8, 2, 0], [0, 4, 0], [0, 0, 0]])
    iou = iou_by_class(counts, (0, 1, 2))
    assert iou == {0: 0.8, 1: pytest.approx(4 / 6), 2: None}
    assert mean_iou(iou) == pytest.approx((0.8 + 4 / 6) / 2)
    assert mean_iou(iou, background=False) == pytest.approx(4 / 6)


def photo_counts(wrong: list[int]) -> list[PhotoCounts]:
    return [
        PhotoCounts(f"{n}", f"case {n // 2}", np.array([[100 - w, w], [w, 100 - w]]))
        for n, w in enumerate(wrong)
    ]


def test_the_interval_holds_the_figure() -> None:
    photos = photo_counts([5, 10, 20, 30, 40, 10])
    interval = miou_interval(photos, (0, 1))
    whole = sum((photo.counts for photo in photos), np.zeros((2, 2), np.int64))
    figure = mean_iou(iou_by_class(whole, (0, 1)))
    assert figure is not None
    assert interval.low < figure < interval.high


def test_a_model_compared_with_itself_differs_by_nothing() -> None:
    photos = photo_counts([5, 10, 20])
    interval = miou_difference(photos, photos, (0, 1))
    assert (interval.low, interval.high) == (0.0, 0.0)


def test_a_better_model_lies_above_zero() -> None:
    better, worse = photo_counts([5, 6, 7, 8]), photo_counts([15, 16, 17, 18])
    assert miou_difference(better, worse, (0, 1)).low > 0


def test_photos_of_one_case_are_resampled_together() -> None:
    photos = [PhotoCounts(str(n), "one case", item.counts) for n, item in
              enumerate(photo_counts([5, 30]))]  # fmt: skip
    interval = miou_interval(photos, (0, 1))
    assert interval.low == interval.high


def test_yes_or_no_figures() -> None:
    figures = BinaryFigures.of([True, True, False, False], [True, False, False, True])
    assert (figures.accuracy, figures.precision, figures.recall) == (0.5, 0.5, 0.5)


def test_precision_of_never_saying_yes_is_unknown() -> None:
    assert BinaryFigures.of([True], [False]).precision is None


def test_calibration_error_is_the_mean_gap() -> None:
    assert expected_calibration_error([0.85, 0.85], [True, False]) == pytest.approx(0.35)


def test_parts_are_measured_at_the_labels_own_size(tmp_path: Path, predictor: Predictor) -> None:
    folder = coco_set(tmp_path / "every-part-and-damage", {"Hood": left_half()})
    mapping = load_mapping("every-part-and-damage")
    figures = evaluate_layer(predictor, read_coco(folder, mapping), mapping, "parts", "original")
    data = figures.to_json()
    assert data["iou"]["Hood"] == 0.5
    assert data["miou"] == 0.25
    assert sum(map(sum, data["confusion"]["pixels"])) == 64 * 64


def test_a_photo_not_labelled_in_the_layer_is_not_judged(
    tmp_path: Path, predictor: Predictor
) -> None:
    folder = coco_set(tmp_path / "set", {"Hood": left_half()}, labelled=["parts"])
    mapping = load_mapping("every-part-and-damage")
    with pytest.raises(LabelError, match="labelled in damage"):
        evaluate_layer(predictor, read_coco(folder, mapping), mapping, "damage", "binary")


def test_labels_of_another_size_than_the_photo_are_refused(
    tmp_path: Path, predictor: Predictor
) -> None:
    folder = coco_set(tmp_path / "set", {"Hood": left_half()}, width=32)
    mapping = load_mapping("every-part-and-damage")
    with pytest.raises(LabelError, match="its labels say"):
        evaluate_layer(predictor, read_coco(folder, mapping), mapping, "parts", "original")


@pytest.mark.parametrize(("said", "accuracy"), [("Front Door Shell left", 1.0), ("Hood", 0.0),
                                                ("Background", 0.0)])  # fmt: skip
def test_part_naming_leaves_side_and_front_or_rear_free(
    tmp_path: Path, said: str, accuracy: float
) -> None:
    folder = coco_set(tmp_path / "damage-by-part", {"door_light": left_half()})
    mapping = load_mapping("damage-by-part")
    models = write_tiny_models(tmp_path / "models", Tiny(part=said))
    predictor = Predictor.load(models, backend="torch", device="cpu")
    figures = evaluate_part_naming(predictor, read_coco(folder, mapping), mapping)
    assert (figures["polygons"], figures["accuracy"]) == (1, accuracy)


def test_presence_is_measured_on_two_folders(tmp_path: Path, predictor: Predictor) -> None:
    for name in ("vehicle", "no_vehicle"):
        (tmp_path / name).mkdir()
        cv2.imwrite(str(tmp_path / name / "a.png"), np.full((20, 20, 3), 99, np.uint8))
    figures = evaluate_classifier(predictor, "presence", tmp_path)
    assert (figures["accuracy"], figures["precision"], figures["recall"]) == (0.5, 0.5, 1.0)


def test_a_folder_without_its_classes_is_refused(tmp_path: Path, predictor: Predictor) -> None:
    with pytest.raises(LabelError, match="folder per class"):
        evaluate_classifier(predictor, "whole", tmp_path)


def test_the_number_of_parts_is_right_or_off_by_a_few() -> None:
    one_too_many = np.array([[90, 0, 5], [0, 5, 0], [0, 0, 0]])
    right = np.array([[90, 0, 0], [0, 10, 0], [0, 0, 0]])
    two_too_few = np.array([[90, 0, 0], [5, 0, 0], [5, 0, 0]])
    photos = [
        PhotoCounts("a", "a", one_too_many),
        PhotoCounts("b", "b", right),
        PhotoCounts("c", "c", two_too_few),
    ]
    shares = number_of_classes_right(photos, 0.01)
    assert shares == {
        "exact": pytest.approx(1 / 3),
        "within_1": pytest.approx(2 / 3),
        "within_3": 1.0,
    }
