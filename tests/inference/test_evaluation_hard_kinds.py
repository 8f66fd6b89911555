"""Figures per kind of hard photo."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.data.records import LabelledPhoto
from inference.errors import LabelError
from inference.evaluation.counts import PhotoCounts
from inference.evaluation.figures import SegmentationFigures
from inference.evaluation.hard_kinds import HardKind, figures_by_kind, read_kinds
from inference.evaluation.judging import Judge
from inference.taxonomy import DAMAGE
from inference.taxonomy.mapping import load_mapping


def listed(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "hard_cases.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def photo(file: str, set_name: str, source: str | None = None) -> LabelledPhoto:
    return LabelledPhoto(Path(file), set_name, 4, 4, (), frozenset({"damage"}), source)


def night(*files: str) -> dict[str, Any]:
    return {"kind": "night", "confidence": "sure", "files": list(files)}


def test_photos_of_the_listed_set_belong_by_their_name(tmp_path: Path) -> None:
    photos = [photo("1.jpg", "damage-claims"), photo("2.jpg", "damage-claims")]
    (kind,) = read_kinds(listed(tmp_path, night("1.jpg")), photos)
    assert kind == HardKind("night", sure=True, files=frozenset({"1.jpg"}))


def test_photos_of_other_sets_belong_by_their_source(tmp_path: Path) -> None:
    photos = [
        photo("claims-1.jpg", "every-part-and-damage", "damage-claims/1.jpg"),
        photo("1.jpg", "damage-by-part"),
    ]
    (kind,) = read_kinds(listed(tmp_path, night("1.jpg")), photos)
    assert kind.files == {"claims-1.jpg"}


def test_a_set_without_a_listed_photo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="lists files of damage-claims"):
        read_kinds(listed(tmp_path, night("1.jpg")), [photo("9.jpg", "damage-claims")])


@pytest.mark.parametrize("content", ["", "[1]", '[{"kind": "night"}]'])
def test_a_broken_list_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "hard_cases.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LabelError, match="--kinds FILE"):
        read_kinds(path, [photo("1.jpg", "damage-claims")])


def test_a_kind_has_the_figures_of_its_photos_alone() -> None:
    judge = Judge(load_mapping("damage-claims").layers["damage"], DAMAGE.merge("binary"))
    photos = [
        PhotoCounts("bad.jpg", "", np.array([[0, 4], [4, 0]])),
        PhotoCounts("good.jpg", "", np.array([[4, 0], [0, 4]])),
    ]
    figures = SegmentationFigures(judge, photos, "tiny")
    kinds = [
        HardKind("night", sure=True, files=frozenset({"bad.jpg"})),
        HardKind("snow", sure=False, files=frozenset()),
    ]
    dark, snow = figures_by_kind(figures, kinds)
    assert (dark["photos"], dark["few_photos"], dark["miou"]) == (1, True, 0.0)
    assert dark["iou"] == {"No Damage": 0.0, "Damage": 0.0}
    assert snow == {"kind": "snow", "sure": False, "photos": 0, "few_photos": True}
