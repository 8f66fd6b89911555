"""Counts are kept in a file and come back as they were."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from inference.cli.main import main
from inference.errors import LabelError
from inference.evaluation.counts import PhotoCounts
from inference.evaluation.counts_file import StoredCounts, read_counts, write_counts
from tests.inference.tiny_data import write_coco_set

STORED = StoredCounts(
    set_name="set",
    layer="damage",
    taxonomy="binary",
    model_version="tiny",
    names=("No Damage", "Damage"),
    classes=(0, 1),
    photos=(PhotoCounts("ä.jpg", "case 1", np.array([[5, 1], [2, 3]])),),
)


def test_counts_come_back_as_they_were(tmp_path: Path) -> None:
    write_counts(tmp_path / "c.npz", STORED)
    read = read_counts(tmp_path / "c.npz")
    assert dataclasses.replace(read, photos=()) == dataclasses.replace(STORED, photos=())
    assert (read.photos[0].file, read.photos[0].cluster) == ("ä.jpg", "case 1")
    assert read.photos[0].counts.tolist() == [[5, 1], [2, 3]]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut"])
def test_what_is_no_file_of_counts_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.npz"
    path.write_bytes(content)
    with pytest.raises(LabelError, match="--counts"):
        read_counts(path)


def test_a_file_without_all_arrays_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "c.npz", format=np.int64(1))
    with pytest.raises(LabelError, match="no file of counts"):
        read_counts(tmp_path / "c.npz")


def test_evaluate_keeps_the_counts_of_every_photo(
    tmp_path: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFERENCE_MODEL", str(tiny_folder))
    folder = write_coco_set(tmp_path / "every-part-and-damage", photos=2)
    kept = tmp_path / "c.npz"
    assert main(["evaluate", "parts", str(folder), "--counts", str(kept), "--backend=torch"]) == 0
    read = read_counts(kept)
    assert [photo.file for photo in read.photos] == ["00-001.png", "00-002.png"]
    assert all(photo.counts.sum() == 48 * 64 for photo in read.photos)
