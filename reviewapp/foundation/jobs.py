"""Every background job by name, and the bell that starts it.

A job's message carries nothing that matters: the row is the queue. A bell that cannot ring is
logged and forgotten; the sweep rings again every minute.
"""

import logging
from enum import StrEnum

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


class Job(StrEnum):
    DERIVE_PHOTOS = "intake.derive_photos"
    ASSESS_PHOTOS = "assessment.assess_photos"
    WRITE_EXPORTS = "datasets.write_exports"
    SWEEP_INTAKE = "intake.sweep"
    SWEEP_ASSESSMENT = "assessment.sweep"
    SWEEP_REVIEW = "review.sweep"
    SWEEP_DATASETS = "datasets.sweep"


QUEUE_DEFAULT = "default"
QUEUE_ASSESSMENT = "assessment"
QUEUE_EXPORT = "export"

QUEUES = {Job.ASSESS_PHOTOS: QUEUE_ASSESSMENT, Job.WRITE_EXPORTS: QUEUE_EXPORT}


def ring(job: Job) -> bool:
    """Ring now; False (and a log line) where the broker does not answer."""
    try:
        current_app.send_task(job.value, queue=QUEUES.get(job, QUEUE_DEFAULT), retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("bell not rung: %s: %s", job.value, error)
        return False
    return True


def start_on_commit(job: Job) -> None:
    """Ring once the surrounding transaction is committed."""
    transaction.on_commit(lambda: ring(job))
