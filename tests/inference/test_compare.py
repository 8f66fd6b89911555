"""Two models are compared on the same photos, or not at all."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from inference.cli.main import main
from inference.errors import LabelError
from inference.evaluation.counts import PhotoCounts
from inference.evaluation.counts_file import StoredCounts, write_counts
from inference.evaluation.difference import difference_of
from tests.inference.tiny_data import write_coco_set
from tests.inference.tiny_models import Tiny, write_tiny_models


def stored(right: int, *, photos: int = 20, version: str = "one") -> StoredCounts:
    """Photos of 10 clean and 10 damaged pixels, of which `right` are found."""
    counts = np.array([[10, 0, 0], [10 - right, right, 0], [0, 0, 0]])
    return StoredCounts(
        set_name="set",
        layer="damage",
        taxonomy="binary",
        model_version=version,
        names=("No Damage", "Damage", "Never Seen"),
        classes=(0, 1, 2),
        photos=tuple(PhotoCounts(f"{n}.jpg", f"case {n // 2}", counts) for n in range(photos)),
    )


def test_the_difference_is_the_other_minus_the_one() -> None:
    figures = difference_of(stored(5), stored(10)).to_json()

    assert figures["iou"]["Damage"]["difference"] == 0.5
    assert figures["miou"]["difference"] == pytest.approx(1.0 - (10 / 15 + 0.5) / 2, abs=1e-4)


def test_a_difference_on_every_photo_is_sure() -> None:
    assert difference_of(stored(5), stored(10)).to_json()["miou"]["sure"]


def test_equal_models_do_not_differ() -> None:
    miou = difference_of(stored(5), stored(5)).to_json()["miou"]

    assert (miou["difference"], miou["interval"], miou["sure"]) == (0.0, [0.0, 0.0], False)


def test_a_difference_on_one_photo_of_many_is_not_sure() -> None:
    one = stored(5)
    other = dataclasses.replace(one, photos=(*stored(7).photos[:1], *one.photos[1:]))

    miou = difference_of(one, other).to_json()["miou"]

    assert miou["difference"] > 0
    assert not miou["sure"]


def test_a_class_without_labels_has_no_difference() -> None:
    assert difference_of(stored(5), stored(10)).to_json()["iou"]["Never Seen"]["sure"] is False


def test_the_order_of_photos_does_not_matter() -> None:
    turned = dataclasses.replace(stored(10), photos=stored(10).photos[::-1])

    assert (
        difference_of(stored(5), turned).to_json() == difference_of(stored(5), stored(10)).to_json()
    )


def test_other_photos_are_refused_by_name() -> None:
    with pytest.raises(LabelError, match=r"1 only by the first \(19.jpg\)"):
        difference_of(stored(5), stored(5, photos=19))


def test_another_taxonomy_is_refused() -> None:
    with pytest.raises(LabelError, match="taxonomy is binary for one and categorical for two"):
        difference_of(
            stored(5), dataclasses.replace(stored(5, version="two"), taxonomy="categorical")
        )


def test_other_labels_of_the_same_photos_are_refused() -> None:
    relabelled = dataclasses.replace(
        stored(5),
        photos=tuple(dataclasses.replace(p, counts=p.counts * 2) for p in stored(5).photos),
    )

    with pytest.raises(LabelError, match="different releases"):
        difference_of(stored(5), relabelled)


def test_the_command_compares_two_files_of_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_counts(tmp_path / "a.npz", stored(5))
    write_counts(tmp_path / "b.npz", stored(10))

    assert main(["compare", str(tmp_path / "a.npz"), str(tmp_path / "b.npz")]) == 0

    said = capsys.readouterr().out
    assert "20 photos of 10 cases" in said
    assert "0.500 → 1.000  +0.500 [+0.500, +0.500] *" in said


def test_the_command_compares_two_model_versions(
    tmp_path: Path, tiny_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_coco_set(tmp_path / "every-part-and-damage", photos=2)
    wheels = write_tiny_models(tmp_path / "wheels", Tiny(part="Wheel"))
    words = ["compare", str(tiny_folder), str(wheels), "parts", str(folder), "--json"]

    assert main([*words, "--backend=torch", "--taxonomy=reduced"]) == 0

    figures = json.loads(capsys.readouterr().out)
    assert figures["iou"]["Hood"]["difference"] < 0 < figures["iou"]["Wheel"]["difference"]


@pytest.mark.parametrize("words", [["a.npz", "b"], ["a.npz", "b.npz", "parts"], ["a", "b"]])
def test_the_command_needs_two_of_a_kind(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *words]) == 2
    assert "compare ONE" in capsys.readouterr().err
