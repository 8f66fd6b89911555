"""`export_labels --out FILE` writes here, without a worker."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reviewapp.datasets.management.commands import export_labels
from reviewapp.datasets.models import Export
from reviewapp.intake.models import Photo
from tests.datasets.reviewed import make_reviewed_case
from tests.people import People


@pytest.fixture(autouse=True)
def _at_once(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_labels, "POLL_SECONDS", 0)
    make_reviewed_case(people.team, people.adjuster, photos=2)


def export(out: Path) -> str:
    said = io.StringIO()
    call_command("export_labels", out=out, stdout=said)
    return said.getvalue()


def test_the_zip_lies_where_it_was_asked_for(tmp_path: Path) -> None:
    export(tmp_path / "labels.zip")
    with zipfile.ZipFile(tmp_path / "labels.zip") as archive:
        assert archive.testzip() is None
    assert [path.name for path in tmp_path.iterdir()] == ["labels.zip"]


def test_it_says_what_it_wrote(tmp_path: Path) -> None:
    said = export(tmp_path / "labels.zip")
    assert "2 photos of 1 case" in said
    assert Export.objects.get().sha256 in said


def test_a_missing_folder_is_said_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="does not exist"):
        export(tmp_path / "nowhere" / "labels.zip")
    assert not Export.objects.exists()


def test_what_fails_every_time_ends_with_its_reason(tmp_path: Path) -> None:
    Photo.objects.update(display="00/gone.jpg")
    with pytest.raises(CommandError, match="missing from the store"):
        export(tmp_path / "labels.zip")
    assert not (tmp_path / "labels.zip").exists()
