from pathlib import Path

import pytest

from inference.cli.describe import in_words
from inference.cli.main import main
from inference.data.describe import describe
from inference.errors import LabelError
from tests.inference.tiny_data import write_class_folder, write_coco_set


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_coco_set(tmp_path / "every-part-and-damage", photos=6)
    write_class_folder(tmp_path / "presence" / "vehicle", photos=3, colour=(200, 30, 30))
    write_class_folder(tmp_path / "presence" / "no_vehicle", photos=2, colour=(30, 30, 200))
    return tmp_path


def test_photos_and_instances_are_counted_by_class_over_both_splits(data: Path) -> None:
    labelled, classed = describe(data, 0.5)

    assert labelled.name == "every-part-and-damage"
    assert sum(labelled.photos.values()) == 6
    assert sum(labelled.instances_of["Hood"].values()) == 6
    assert sum(classed.photos_of["vehicle"].values()) == 3


def test_a_single_set_can_be_described(data: Path) -> None:
    (only,) = describe(data / "every-part-and-damage", 0.5)

    assert only.name == "every-part-and-damage"


def test_the_table_names_every_class(data: Path) -> None:
    text = in_words(describe(data, 0.5)[0])

    assert all(name in text for name in ("Hood", "Wheel", "Scratch", "6 photos"))


def test_a_folder_without_any_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="no set"):
        describe(tmp_path, 0.5)


def test_the_command_prints_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", str(data), "--json"]) == 0
    assert '"Hood"' in capsys.readouterr().out
