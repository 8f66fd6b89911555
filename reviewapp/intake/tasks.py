import logging
from uuid import UUID

from celery import shared_task

from reviewapp.foundation.jobs import Job
from reviewapp.intake.checking import (
    cases_settle,
    photo_check,
    photos_claim,
    photos_free_expired,
)

logger = logging.getLogger(__name__)


@shared_task(name=Job.DERIVE_PHOTOS.value)
def derive_photos() -> None:
    """Check photos until none waits; other workers may share them."""
    while (claim := photos_claim()).ids:
        for photo_id in claim.ids:
            _check_one(photo_id, claim.token)
        cases_settle()


def _check_one(photo_id: UUID, token: UUID) -> None:
    try:
        photo_check(photo_id=photo_id, token=token)
    except OSError:
        # The file store did not answer. The lease ends and the sweep tries again.
        logger.exception("photo %s not checked", photo_id)


@shared_task(name=Job.SWEEP_INTAKE.value)
def sweep() -> None:
    photos_free_expired()
    cases_settle()
