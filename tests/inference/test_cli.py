"""`python -m inference`: what goes to standard output, and the exit status."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.cli.main import main
from inference.masks import decode_label_map


@pytest.fixture(autouse=True)
def tiny_model(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFERENCE_MODEL", str(tiny_folder))


@pytest.fixture
def photo(tmp_path: Path, jpeg: bytes) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg)
    return path


def test_assess_prints_one_json_object(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", str(photo), "--json", "--backend", "torch"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data) == ["model_version", "taxonomy", "photos", "report", "flags", "failed"]
    assert set(data["photos"][0]["damaged_parts"][0]) >= {
        "id", "part", "side", "damage", "bbox", "area_px", "share_of_part", "base_confidence",
        "agreement", "refined_confidence", "probability", "flagged", "reasons", "mask",
    }  # fmt: skip


def test_assess_says_it_in_words(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["assess", str(photo), "--backend", "torch"])
    assert "hood: Deformity" in capsys.readouterr().out


def test_unreadable_photos_are_named_and_the_rest_is_assessed(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, missing = tmp_path / "b.jpg", tmp_path / "c.jpg"
    broken.write_bytes(b"<svg/>")
    words = ["assess", str(broken), str(photo), str(missing), "--json", "--backend", "torch"]
    assert main(words) == 1
    captured = capsys.readouterr()
    data = json.loads(captured.out)
    assert [item["file"] for item in data["photos"]] == [str(photo)]
    assert [item["file"] for item in data["failed"]] == [str(broken), str(missing)]
    assert str(broken) in captured.err


def test_a_folder_stands_for_its_photos(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["assess", str(photo.parent), "--json", "--backend", "torch"])
    assert len(json.loads(capsys.readouterr().out)["photos"]) == 1


def test_assess_writes_pictures_and_label_maps(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    main(["assess", str(photo), "--out", str(out), "--backend", "torch"])
    assert {path.name for path in out.iterdir()} == {
        "a.parts.jpg", "a.damage.jpg", "a.side-by-side.jpg", "a.splash.jpg",
        "a.parts.png", "a.damage.png",
    }  # fmt: skip
    assert decode_label_map((out / "a.damage.png").read_bytes()).shape == (80, 120)


def test_photos_of_one_name_do_not_overwrite_each_other(
    photo: Path, tmp_path: Path, jpeg: bytes
) -> None:
    twin = tmp_path / "more" / "a.jpg"
    twin.parent.mkdir()
    twin.write_bytes(jpeg)
    out = tmp_path / "out"
    main(["assess", str(photo), str(twin), "--out", str(out), "--backend", "torch"])
    assert len(list(out.iterdir())) == 12


def test_evaluate_prints_one_json_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("whole", "damaged"):
        (tmp_path / name).mkdir()
        cv2.imwrite(str(tmp_path / name / "a.png"), np.full((20, 20, 3), 99, np.uint8))
    assert main(["evaluate", "whole", str(tmp_path), "--json", "--backend", "torch"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["photos"], data["accuracy"], data["model_version"]) == (2, 0.5, "tiny")


def test_an_unknown_set_is_refused_with_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "parts", str(tmp_path / "odd"), "--backend", "torch"]) == 2
    assert "parts-whole-cars" in capsys.readouterr().err


def test_prepare_leaves_the_networks_ready(converted_dir: Path) -> None:
    assert main(["prepare", "--cache-dir", str(converted_dir)]) == 0
    assert len(list(converted_dir.glob("*.xml"))) >= 4


def test_without_a_model_version_it_says_the_cure(
    tmp_path: Path, photo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("INFERENCE_MODEL")
    monkeypatch.setattr("inference.cli.models.WEIGHTS", tmp_path)
    assert main(["assess", str(photo)]) == 2
    assert "--model" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "status"), [([], 2), (["fly"], 2), (["--help"], 0)])
def test_without_a_command_the_commands_are_listed(words: list[str], status: int) -> None:
    assert main(words) == status
