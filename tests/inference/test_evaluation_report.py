"""The page, the text and the classification report say what was measured."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.cli.figures_in_words import in_words
from inference.data.coco import read_coco
from inference.evaluation.classification import classification_report
from inference.evaluation.pictures import confusion_picture, reliability_picture
from inference.evaluation.report import html_report
from inference.evaluation.segmentation import evaluate_layer
from inference.evaluation.worst import largest_mistakes, worst_photos
from inference.predictor import Predictor
from inference.taxonomy.mapping import load_mapping
from tests.inference.tiny_judging import coco_set, left_half

ROBUSTNESS = {
    "corruption": "blur", "strength": 0.01, "unit": "sigma", "miou": 0.2, "clean_miou": 0.3,
    "loss": 0.1, "loss_interval": [0.05, 0.15],
}  # fmt: skip
KINDS = [
    {"kind": "<night>", "sure": False, "photos": 3, "few_photos": True, "miou": 0.25},
    {"kind": "snow & ice", "sure": True, "photos": 0, "few_photos": True},
]


def elements(svg: str, name: str) -> list[str]:
    """The contents of all elements of that name."""
    return [unescape(text) for text in re.findall(rf"<{name}(?: [^>]*)?>(.*?)</{name}>", svg)]


@pytest.fixture(scope="module")
def figures_and_page(
    tmp_path_factory: pytest.TempPathFactory, tiny_folder: Path
) -> tuple[dict[str, Any], str]:
    predictor = Predictor.load(tiny_folder, backend="torch", device="cpu")
    folder = coco_set(tmp_path_factory.mktemp("set") / "set", {"Hood": left_half()})
    mapping = load_mapping("every-part-and-damage")
    photos = read_coco(folder, mapping)
    figures = evaluate_layer(predictor, photos, mapping, "parts", "reduced")
    worst = worst_photos(predictor, figures, photos, "parts")
    result = figures.to_json(intervals=True) | {"kinds": KINDS, "robustness": [ROBUSTNESS]}
    return result, html_report("<parts>", result, worst)


def test_the_page_shows_the_worst_photo(figures_and_page: tuple[dict[str, Any], str]) -> None:
    page = figures_and_page[1]
    assert "a.png: mIoU 0.25; Background taken for Hood (50%)" in page
    assert "data:image/jpeg;base64," in page


def test_the_largest_mistakes_come_first_and_right_pixels_are_none() -> None:
    counts = np.array([[90, 0, 2], [3, 0, 0], [0, 5, 0]])
    assert largest_mistakes(counts, ("Background", "Hood", "Roof")) == (
        "Roof taken for Hood (5%)",
        "Hood taken for Background (3%)",
        "Background taken for Roof (2%)",
    )


def test_the_page_escapes_names(figures_and_page: tuple[dict[str, Any], str]) -> None:
    page = figures_and_page[1]
    assert "&lt;parts&gt;" in page
    assert "&lt;night&gt; (list unsure)" in page


def test_the_page_names_kinds_without_a_photo(
    figures_and_page: tuple[dict[str, Any], str],
) -> None:
    assert "No photo here is of: snow &amp; ice." in figures_and_page[1]


@pytest.mark.parametrize(
    "heading",
    ["IoU by class", "Confusion", "Wrong pixels", "By number of parts seen",
     "Calibration of pixels", "Kinds of hard photo", "Robustness", "Worst photos"],
)  # fmt: skip
def test_the_page_has_every_subject(
    figures_and_page: tuple[dict[str, Any], str], heading: str
) -> None:
    assert f"<h2>{heading}</h2>" in figures_and_page[1]


def test_the_text_says_every_figure(figures_and_page: tuple[dict[str, Any], str]) -> None:
    text = in_words(figures_and_page[0])
    for said in (
        "IoU Hood: 0.5",
        "with background: 1.0",
        "boundary IoU within 2.0% of the diagonal",
        "expected calibration error",
        "<night>: mIoU 0.25 (3 photos, too few to judge by)",
        "blur 0.01 (sigma): loss 0.1",
    ):
        assert said in text


def test_the_confusion_picture_says_counts_and_shares() -> None:
    svg = confusion_picture(("Hood", "Roof <b>"), [[75, 25], [0, 0]])
    assert elements(svg, "title") == [
        "Hood right: 75 pixels, 75.0% of the row",
        "Hood taken for Roof <b>: 25 pixels, 25.0% of the row",
    ]


def test_forty_classes_make_a_picture_of_forty_rows() -> None:
    names = [f"Part {number}" for number in range(40)]
    svg = confusion_picture(names, [[1] * 40 for _ in names])
    # 1/40 is 2.5 %: every share of a percent or more is written.
    assert elements(svg, "text").count("2") == 1600


def test_the_reliability_picture_has_a_bar_for_every_bin_with_pixels() -> None:
    filled = {"from": 0.5, "to": 1.0, "pixels": 8, "confidence": 0.8, "right": 0.5}
    empty = {"from": 0.0, "to": 0.5, "pixels": 0, "confidence": None, "right": None}
    assert elements(reliability_picture([empty, filled]), "title") == [
        "said 0.80, right 0.50: 8 pixels, 100.0%"
    ]


def test_the_classification_report_has_every_class_and_their_means() -> None:
    report = classification_report([[6, 2], [1, 1]], ("whole", "damaged"))
    assert report["classes"]["whole"] == {
        "precision": 0.8571, "recall": 0.75, "f1": 0.8, "support": 8
    }  # fmt: skip
    assert report["classes"]["damaged"] == {
        "precision": 0.3333, "recall": 0.5, "f1": 0.4, "support": 2
    }  # fmt: skip
    assert report["macro"]["f1"] == 0.6
    assert report["weighted"] == {
        "precision": 0.7524, "recall": 0.7, "f1": 0.72, "support": 10
    }  # fmt: skip


def test_a_class_never_said_has_a_precision_of_nothing() -> None:
    report = classification_report([[2, 0], [2, 0]], ("whole", "damaged"))
    assert report["classes"]["damaged"]["precision"] == 0.0
