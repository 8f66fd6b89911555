"""Asking for an export, and what becomes of it. A worker writes it (`writing`)."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import require_on_site
from reviewapp.audit.services import event_record
from reviewapp.datasets.models import Export
from reviewapp.datasets.states import ExportState
from reviewapp.datasets.writers.counts import Counts
from reviewapp.foundation.claims import Claim, claim, free_expired, release, renew
from reviewapp.foundation.errors import ConflictError
from reviewapp.foundation.files import StoredFile
from reviewapp.foundation.jobs import Job, ring, start_on_commit

logger = logging.getLogger(__name__)


def export_request(*, actor: User | None) -> Export:
    """A new export, or the one that waits already, brought up to now: nobody has begun it.

    The command asks without an actor: whoever may run commands may export.
    """
    if actor is not None:
        require_on_site(actor, Action.EXPORT)
    return _waiting_now() or _made(actor)


def _waiting_now() -> Export | None:
    waiting = Export.objects.filter(state=ExportState.WAITING).order_by("number").first()
    if waiting is None:
        return None
    still = Export.objects.filter(pk=waiting.pk, state=ExportState.WAITING)
    if not still.update(reviewed_until=timezone.now()):
        return None
    ring(Job.WRITE_EXPORTS)
    waiting.refresh_from_db()
    return waiting


def _made(actor: User | None) -> Export:
    try:
        return _create(actor)
    except IntegrityError:
        raise ConflictError(
            "Somebody asked for an export at the same moment. Look at the list of exports."
        ) from None


@transaction.atomic
def _create(actor: User | None) -> Export:
    last = Export.objects.aggregate(last=Max("number"))["last"] or 0
    export = Export.objects.create(
        number=last + 1, requested_by=actor, reviewed_until=timezone.now()
    )
    event_record(
        actor=actor, action="export requested", subject=export, after={"number": export.number}
    )
    start_on_commit(Job.WRITE_EXPORTS)
    return export


def export_claim() -> tuple[Export, Claim] | None:
    """The next export for this worker; one that failed before comes after the others."""
    rows = Export.objects.order_by("attempts", "number")
    held = claim(
        rows, waiting=ExportState.WAITING, running=ExportState.WRITING, limit=1, lease=lease()
    )
    return (Export.objects.get(pk=held.ids[0]), held) if held.ids else None


def lease() -> timedelta:
    return timedelta(seconds=settings.LEASE_SECONDS)


def export_renew(*, export_id: UUID, token: UUID) -> bool:
    return renew(Export.objects.filter(pk=export_id), token=token, lease=lease()) == 1


def export_progress(*, export_id: UUID, token: UUID, counts: Counts, total: int) -> None:
    Export.objects.filter(pk=export_id, claim_token=token).update(
        photos_total=total, photos_written=counts.photos, photos_left_out=counts.left_out
    )


@transaction.atomic
def export_finish(*, export_id: UUID, token: UUID, stored: StoredFile, counts: Counts) -> Export:
    """`ConflictError` where this worker no longer holds the export."""
    held = Export.objects.filter(pk=export_id, claim_token=token, state=ExportState.WRITING)
    finished = held.update(
        state=ExportState.DONE,
        file=stored.key,
        sha256=stored.sha256,
        size_bytes=stored.size,
        counts=counts.to_json(),
        photos_total=counts.photos + counts.left_out,
        photos_written=counts.photos,
        photos_left_out=counts.left_out,
        finished_at=timezone.now(),
        failure_reason="",
        claim_token=None,
        lease_until=None,
    )
    if not finished:
        raise ConflictError("The lease ran out and somebody else took this export up.")
    export = Export.objects.get(pk=export_id)
    event_record(
        actor=None, action="export written", subject=export, after={"sha256": stored.sha256}
    )
    return export


@transaction.atomic
def export_give_back(*, export: Export, token: UUID, reason: str) -> None:
    """An attempt failed: it waits for the next one, or was the last and fails for good."""
    last = export.attempts >= settings.MAX_ATTEMPTS
    to = ExportState.FAILED if last else ExportState.WAITING
    rows = Export.objects.filter(pk=export.pk)
    released = release(rows, token=token, running=ExportState.WRITING, to=to, reason=reason)
    if released and last:
        _record_failure(export.pk)


def exports_sweep() -> None:
    """Free expired leases, end what failed too often, ring for what waits."""
    with transaction.atomic():
        _, failed = free_expired(
            Export.objects.all(),
            running=ExportState.WRITING,
            waiting=ExportState.WAITING,
            failed=ExportState.FAILED,
            max_attempts=settings.MAX_ATTEMPTS,
        )
        for export_id in failed:
            _record_failure(export_id)
    if Export.objects.filter(state=ExportState.WAITING).exists():
        ring(Job.WRITE_EXPORTS)


def _record_failure(export_id: UUID) -> None:
    export = Export.objects.get(pk=export_id)
    export.finished_at = timezone.now()
    export.save(update_fields=["finished_at"])
    event_record(
        actor=None,
        action="export failed",
        subject=export,
        after={"reason": export.failure_reason},
    )


def export_download(*, actor: User, export: Export) -> Export:
    """Note who took the labels out of the house."""
    if export.state != ExportState.DONE:
        raise ConflictError(
            f"Export {export.number} is {export.get_state_display()}; there is nothing to download."
        )
    event_record(actor=actor, action="export downloaded", subject=export)
    return export
