"""Photos made worse: the same way every time, and judged against themselves."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.data.coco import read_coco
from inference.evaluation.classification import classifier_robustness
from inference.evaluation.corruptions import CORRUPTIONS, Corruption, lossless
from inference.evaluation.robustness import robustness
from inference.evaluation.segmentation import judge_of
from inference.predictor import Predictor
from inference.preprocessing import Pixels, decode_photo
from inference.taxonomy.mapping import load_mapping
from tests.inference.tiny_judging import coco_set, left_half


@pytest.fixture
def predictor(tiny_folder: Path) -> Predictor:
    return Predictor.load(tiny_folder, backend="torch", device="cpu")


def pixels() -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (400, 600, 3)).astype(np.uint8)


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda item: f"{item.name}-{item.strength}")
def test_a_photo_is_changed_the_same_way_every_time(corruption: Corruption) -> None:
    once, again = (corruption.apply("a.jpg", pixels()) for _ in range(2))
    assert np.array_equal(once, again)
    assert once.shape == pixels().shape
    assert not np.array_equal(once, pixels())


@pytest.mark.parametrize("name", ["blur", "noise", "darkness", "jpeg", "occlusion"])
def test_stronger_is_farther_from_the_photo(name: str) -> None:
    smooth = np.asarray(cv2.GaussianBlur(pixels(), (0, 0), 1.5), np.uint8)
    away = [
        np.abs(item.apply("a.jpg", smooth).astype(int) - smooth).mean()
        for item in CORRUPTIONS
        if item.name == name
    ]
    assert away == sorted(away)
    assert len(set(away)) == 3


def test_two_photos_are_covered_in_different_places() -> None:
    occlusion = Corruption("occlusion", 0.1)
    one, other = (occlusion.covered(file, (100, 100)) for file in ("a.jpg", "b.jpg"))
    assert not np.array_equal(one, other)


def test_what_is_covered_is_the_stated_share_and_nothing_else_changes() -> None:
    occlusion = Corruption("occlusion", 0.2)
    covered = occlusion.covered("a.jpg", (400, 600))
    assert covered.mean() == pytest.approx(0.2, abs=0.01)
    worse = occlusion.apply("a.jpg", pixels())
    assert (worse[covered] == 128).all()
    assert np.array_equal(worse[~covered], pixels()[~covered])


def test_only_an_occlusion_covers_pixels() -> None:
    assert not Corruption("blur", 0.01).covered("a.jpg", (40, 60)).any()


def test_pixels_reach_the_predictor_as_they_are() -> None:
    assert np.array_equal(decode_photo("a", lossless(pixels())).pixels, pixels())


def test_a_layer_is_judged_on_the_same_pixels_clean_and_covered(
    tmp_path: Path, predictor: Predictor
) -> None:
    mapping = load_mapping("every-part-and-damage")
    photos = read_coco(coco_set(tmp_path / "set", {"Hood": left_half()}), mapping)
    corruptions = (Corruption("noise", 10), Corruption("occlusion", 0.4))
    noise, covered = robustness(
        predictor,
        photos,
        judge_of(mapping, "parts", "original"),
        "parts",
        clusters={},
        corruptions=corruptions,
    )
    assert noise["clean_miou"] == 0.25
    assert noise["loss"] == pytest.approx(noise["clean_miou"] - noise["miou"])
    # The tiny network says hood everywhere, so what is covered changes both figures alike.
    assert covered["clean_miou"] == covered["miou"] != 0.25
    assert covered["loss_interval"] == [0.0, 0.0]


def test_a_classifier_loses_accuracy(tmp_path: Path, predictor: Predictor) -> None:
    for name in ("whole", "damaged"):
        (tmp_path / name).mkdir()
        cv2.imwrite(str(tmp_path / name / "a.png"), pixels())
    (row,) = classifier_robustness(predictor, "whole", tmp_path, (Corruption("darkness", 1),))
    assert (row["clean_accuracy"], row["accuracy"], row["loss"]) == (0.5, 0.5, 0.0)
