"""`evaluate` reads every format and refuses what does not apply."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from inference.cli.main import main
from inference.masks import encode_label_map
from inference.taxonomy import PARTS
from tests.inference.tiny_data import write_coco_set
from tests.inference.tiny_judging import coco_set, left_half

SQUARE = {"shape_attributes": {"name": "rect", "x": 0, "y": 0, "width": 32, "height": 64},
          "region_attributes": {}}  # fmt: skip


@pytest.fixture(autouse=True)
def tiny_model(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFERENCE_MODEL", str(tiny_folder))


def evaluated(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["evaluate", *words, "--json", "--backend", "torch"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def grey_photo(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((64, 64, 3), 128, np.uint8))


def test_via_folders_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grey_photo(tmp_path / "val" / "a.png")
    rows = {"a": {"filename": "a.png", "regions": [SQUARE]}}
    (tmp_path / "val" / "via_region_data.json").write_text(json.dumps(rows), encoding="utf-8")
    figures = evaluated(
        capsys, "damage", str(tmp_path), "--mapping", "via-car-damage", "--taxonomy", "binary"
    )
    assert figures["iou"]["Damage"] == pytest.approx(0.5, abs=0.02)


def test_indexed_png_folders_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grey_photo(tmp_path / "photos" / "a.png")
    label_map = np.where(left_half(), np.uint8(PARTS.named("Hood").id), np.uint8(0))
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.png").write_bytes(encode_label_map(label_map))
    figures = evaluated(
        capsys, "parts", str(tmp_path), "--mapping", "taxonomy", "--taxonomy", "original"
    )
    assert figures["iou"]["Hood"] == 0.5


def test_a_second_domain_is_judged_by_the_parts_it_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = coco_set(tmp_path / "parts-and-damage", {"hood": left_half()})
    figures = evaluated(capsys, "parts", str(folder), "--taxonomy", "reduced")
    assert set(figures["iou"]) == {"Background", "Bumper", "Lamps", "Door Shell", "Hood"}
    assert figures["iou"]["Hood"] == 0.5


def test_a_second_domain_is_judged_by_damage_of_unknown_type(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = coco_set(tmp_path / "parts-and-damage", {"damage": left_half()})
    figures = evaluated(capsys, "damage", str(folder), "--taxonomy", "binary")
    assert figures["iou"] == {"No Damage": 0.0, "Damage": 0.5}


def test_figures_by_kind_come_from_the_list_beside_the_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = coco_set(tmp_path / "damage-claims", {"dent": left_half()})
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "hard_cases.json").write_text(
        json.dumps([{"kind": "night", "confidence": "sure", "files": ["a.png"]}]), encoding="utf-8"
    )
    figures = evaluated(capsys, "damage", str(folder), "--taxonomy", "binary", "--kinds")
    (night,) = figures["kinds"]
    assert (night["photos"], night["miou"]) == (1, figures["miou"])


def test_the_first_keys_are_those_that_were_promised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_coco_set(tmp_path / "every-part-and-damage", photos=1)
    figures = evaluated(capsys, "parts", str(folder))
    assert list(figures)[:7] == [
        "photos", "model_version", "taxonomy", "miou", "miou_without_background", "iou",
        "confusion",
    ]  # fmt: skip


def test_robustness_is_measured_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_coco_set(tmp_path / "every-part-and-damage", photos=1)
    figures = evaluated(capsys, "damage", str(folder), "--robustness")
    assert len(figures["robustness"]) == 15


@pytest.mark.parametrize(
    ("what", "option"),
    [
        ("presence", "--taxonomy=reduced"),
        ("whole", "--split=validation"),
        ("whole", "--html=page.html"),
        ("part-naming", "--robustness"),
        ("part-naming", "--kinds"),
    ],
)
def test_an_option_that_does_not_apply_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, option: str
) -> None:
    assert main(["evaluate", what, str(tmp_path), option]) == 2
    assert f"{option.partition('=')[0]} is not for {what!r}" in capsys.readouterr().err
