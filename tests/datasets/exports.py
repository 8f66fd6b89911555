"""Exports in a state, without a worker."""

import io

from django.utils import timezone

from reviewapp.accounts.models import User
from reviewapp.datasets.models import Export
from reviewapp.datasets.states import ExportState
from reviewapp.datasets.writers.counts import Counts
from reviewapp.foundation.files import file_put

ZIP = b"PK\x05\x06" + bytes(18)


def make_export(
    *, number: int = 1, state: ExportState = ExportState.WAITING, by: User | None = None
) -> Export:
    """One that is done holds an empty zip; one that failed says why."""
    done, failed = state == ExportState.DONE, state == ExportState.FAILED
    stored = file_put(io.BytesIO(ZIP), suffix=".zip") if done else None
    return Export.objects.create(
        number=number,
        state=state,
        requested_by=by,
        reviewed_until=timezone.now(),
        file=stored.key if stored else "",
        sha256=stored.sha256 if stored else "",
        size_bytes=stored.size if stored else 0,
        counts=Counts().to_json() if done else {},
        failure_reason="The disk is full." if failed else "",
    )
