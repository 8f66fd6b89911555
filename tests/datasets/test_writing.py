"""What a worker does with a waiting export."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from reviewapp.datasets import writing
from reviewapp.datasets.models import Export
from reviewapp.datasets.services import (
    export_claim,
    export_progress,
    export_request,
    exports_sweep,
)
from reviewapp.datasets.states import ExportState
from reviewapp.datasets.tasks import sweep, write_exports
from reviewapp.foundation.errors import ConflictError
from reviewapp.foundation.files import file_read
from reviewapp.foundation.heartbeat import Heartbeat
from reviewapp.intake.models import Case, Photo
from tests.datasets.reviewed import make_reviewed_case
from tests.people import People


@pytest.fixture(autouse=True)
def reviewed(people: People) -> Case:
    return make_reviewed_case(people.team, people.adjuster, photos=2).case


def written() -> Export:
    export = export_request(actor=None)
    write_exports()
    export.refresh_from_db()
    return export


def opened(export: Export) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(file_read(export.file)))


def test_a_waiting_export_is_written() -> None:
    export = written()
    assert (export.state, export.photos_total, export.photos_written) == ("done", 2, 2)
    assert opened(export).testzip() is None


def test_the_row_counts_what_the_manifest_counts() -> None:
    export = written()
    assert export.counts == json.loads(opened(export).read("manifest.json"))["counts"]


def test_the_same_labels_give_the_same_bytes() -> None:
    assert written().sha256 == written().sha256


def test_progress_is_written_to_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PROGRESS_SECONDS", 0)
    seen: list[tuple[int, int]] = []

    def note(**told: Any) -> None:
        export_progress(**told)
        seen.append(Export.objects.values_list("photos_written", "photos_total").get())

    monkeypatch.setattr(writing, "export_progress", note)
    written()
    assert seen == [(1, 2), (2, 2)]


def test_an_export_that_a_killed_worker_left_is_written_from_scratch() -> None:
    export = export_request(actor=None)
    export_claim()
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1), photos_written=1)
    sweep()
    write_exports()
    export.refresh_from_db()
    assert (export.state, export.attempts, export.photos_written) == ("done", 2, 2)


def test_a_missing_file_fails_the_attempt_with_its_reason() -> None:
    Photo.objects.update(display="00/gone.jpg")
    export = written()
    assert (export.state, export.attempts) == (ExportState.WAITING, 1)
    assert "missing from the store" in export.failure_reason


def test_after_the_last_attempt_it_has_failed_for_good() -> None:
    Photo.objects.update(display="00/gone.jpg")
    export = written()
    for _ in range(settings.MAX_ATTEMPTS - 1):
        exports_sweep()
        write_exports()
    export.refresh_from_db()
    assert (export.state, export.attempts) == (ExportState.FAILED, settings.MAX_ATTEMPTS)


def test_a_broken_label_map_fails_the_attempt_with_its_reason() -> None:
    Photo.objects.update(width=95)
    assert "must be (64, 95)" in written().failure_reason


def test_a_full_disk_fails_the_attempt_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "file_put", full)
    assert "No space left on device" in written().failure_reason


def test_a_worker_that_lost_its_lease_stops_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(_: Heartbeat) -> None:
        raise ConflictError("lost")

    monkeypatch.setattr(Heartbeat, "check", lost)
    export = written()
    assert (export.state, export.failure_reason) == (ExportState.WRITING, "")
