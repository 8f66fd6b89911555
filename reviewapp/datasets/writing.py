"""A worker's side of an export: claim, write to an unnamed file, store, finish."""

import logging
import tempfile
import time
from uuid import UUID

from django.conf import settings

from inference.errors import InferenceError
from reviewapp.datasets.label_selectors import labels_available, labels_until
from reviewapp.datasets.models import Export
from reviewapp.datasets.services import (
    export_claim,
    export_finish,
    export_give_back,
    export_progress,
    export_renew,
)
from reviewapp.datasets.writers.counts import Counts
from reviewapp.datasets.writers.dataset import dataset_write
from reviewapp.foundation.errors import AppError, ConflictError
from reviewapp.foundation.files import file_put, file_read
from reviewapp.foundation.heartbeat import Heartbeat

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 0.5
BEATS_A_LEASE = 3


def exports_write_waiting() -> None:
    """Write what waits. After a failed attempt stop: the sweep rings again, not at once."""
    while (taken := export_claim()) is not None:
        export, held = taken
        if not _attempt(export, held.token):
            return


def _attempt(export: Export, token: UUID) -> bool:
    try:
        _write(export, token)
    except ConflictError as error:
        # Somebody else writes it from scratch, so this worker leaves it alone.
        logger.warning("export %s given up: %s", export.number, error.message)
    except (AppError, InferenceError, OSError) as error:
        logger.exception("export %s, attempt %s failed", export.number, export.attempts)
        export_give_back(export=export, token=token, reason=_reason(error))
        return False
    return True


def _reason(error: AppError | InferenceError | OSError) -> str:
    if isinstance(error, OSError):
        return f"A file could not be read or written: {error.strerror or error}."
    return error.message


def _write(export: Export, token: UUID) -> None:
    def beat() -> bool:
        return export_renew(export_id=export.pk, token=token)

    every = settings.LEASE_SECONDS / BEATS_A_LEASE
    # An unnamed file goes with the process, killed or not: nothing is left to clean up.
    with Heartbeat(beat, seconds=every) as heart, tempfile.TemporaryFile() as out:
        progress = _Progress(export, token, heart)
        labels = labels_until(export.reviewed_until)
        counts = dataset_write(out, labels, read=file_read, on_photo=progress)
        stored = file_put(out, suffix=".zip")
        export_finish(export_id=export.pk, token=token, stored=stored, counts=counts)


class _Progress:
    """Writes how far the export is, not more often than anybody can read it."""

    def __init__(self, export: Export, token: UUID, heart: Heartbeat) -> None:
        self._export_id, self._token, self._heart = export.pk, token, heart
        self._total = labels_available(export.reviewed_until).photos
        self._last = 0.0

    def __call__(self, counts: Counts) -> None:
        self._heart.check()
        now = time.monotonic()
        if now - self._last < PROGRESS_SECONDS:
            return
        self._last = now
        export_progress(
            export_id=self._export_id, token=self._token, counts=counts, total=self._total
        )
