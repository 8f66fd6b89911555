"""Asking for an export, claiming it, ending it; each step is a row that moves once."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from reviewapp.audit.models import Event
from reviewapp.datasets.models import Export
from reviewapp.datasets.services import (
    export_claim,
    export_download,
    export_finish,
    export_give_back,
    export_renew,
    export_request,
    exports_sweep,
)
from reviewapp.datasets.states import ExportState
from reviewapp.datasets.writers.counts import Counts
from reviewapp.foundation.claims import Claim
from reviewapp.foundation.errors import ConflictError, ForbiddenError
from reviewapp.foundation.files import StoredFile
from tests.people import People

STORED = StoredFile(key="ab/ab.zip", sha256="ab" * 32, size=1234)


def claimed() -> tuple[Export, Claim]:
    taken = export_claim()
    assert taken is not None
    return taken


def finish(export: Export, held: Claim) -> Export:
    return export_finish(export_id=export.pk, token=held.token, stored=STORED, counts=Counts())


def lease_ran_out() -> None:
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def actions() -> list[str]:
    return list(Event.objects.order_by("created_at").values_list("action", flat=True))


def test_a_steward_asks_for_an_export(people: People) -> None:
    export = export_request(actor=people.steward)
    assert (export.number, export.state, export.requested_by) == (1, "waiting", people.steward)
    assert actions() == ["export requested"]


def test_nobody_else_may(people: People) -> None:
    with pytest.raises(ForbiddenError):
        export_request(actor=people.manager)
    assert not Export.objects.exists()


def test_asking_twice_gives_the_one_that_waits_brought_up_to_now(people: People) -> None:
    first = export_request(actor=people.steward)
    second = export_request(actor=people.steward)
    assert second.pk == first.pk
    assert second.reviewed_until > first.reviewed_until


def test_while_one_is_written_another_may_be_asked_for(people: People) -> None:
    export_request(actor=people.steward)
    claimed()
    assert export_request(actor=people.steward).number == 2


@pytest.mark.django_db
def test_only_one_worker_gets_an_export() -> None:
    export_request(actor=None)
    claimed()
    assert export_claim() is None


@pytest.mark.django_db
def test_an_export_that_failed_before_comes_after_the_others() -> None:
    export_request(actor=None)
    export, held = claimed()
    export_give_back(export=export, token=held.token, reason="disk full")
    Export.objects.create(number=2, reviewed_until=timezone.now())
    assert claimed()[0].number == 2


@pytest.mark.django_db
def test_a_written_export_is_done_with_its_file() -> None:
    export_request(actor=None)
    export = finish(*claimed())
    assert (export.state, export.file, export.size_bytes) == ("done", STORED.key, 1234)
    assert export.lease_until is None


@pytest.mark.django_db
def test_a_worker_whose_export_went_to_another_cannot_finish_it() -> None:
    export_request(actor=None)
    slow = claimed()
    lease_ran_out()
    exports_sweep()
    claimed()
    with pytest.raises(ConflictError):
        finish(*slow)
    assert Export.objects.get().state == ExportState.WRITING


@pytest.mark.django_db
def test_a_heartbeat_keeps_the_lease() -> None:
    export_request(actor=None)
    export, held = claimed()
    lease_ran_out()
    assert export_renew(export_id=export.pk, token=held.token)
    exports_sweep()
    assert Export.objects.get().state == ExportState.WRITING


@pytest.mark.django_db
def test_an_export_of_a_dead_worker_waits_again_after_the_lease() -> None:
    export_request(actor=None)
    claimed()
    lease_ran_out()
    exports_sweep()
    assert Export.objects.get().state == ExportState.WAITING


@pytest.mark.django_db
def test_a_failed_attempt_waits_for_the_next_with_its_reason() -> None:
    export_request(actor=None)
    export, held = claimed()
    export_give_back(export=export, token=held.token, reason="disk full")
    export.refresh_from_db()
    assert (export.state, export.failure_reason) == ("waiting", "disk full")


@pytest.mark.django_db
def test_the_last_attempt_fails_for_good_with_its_reason() -> None:
    export_request(actor=None)
    Export.objects.update(attempts=settings.MAX_ATTEMPTS - 1)
    export, held = claimed()
    export_give_back(export=export, token=held.token, reason="disk full")
    export.refresh_from_db()
    assert (export.state, export.failure_reason) == ("failed", "disk full")
    assert actions()[-1] == "export failed"


@pytest.mark.django_db
def test_workers_that_die_every_time_end_in_an_explicit_failure() -> None:
    export_request(actor=None)
    Export.objects.update(attempts=settings.MAX_ATTEMPTS - 1)
    claimed()
    lease_ran_out()
    exports_sweep()
    export = Export.objects.get()
    assert export.state == ExportState.FAILED
    assert "stopped without an answer" in export.failure_reason


def test_a_download_is_noted(people: People) -> None:
    export_request(actor=people.steward)
    export_download(actor=people.steward, export=finish(*claimed()))
    assert actions()[-1] == "export downloaded"


def test_an_export_that_is_not_done_cannot_be_downloaded(people: People) -> None:
    export = export_request(actor=people.steward)
    with pytest.raises(ConflictError):
        export_download(actor=people.steward, export=export)
