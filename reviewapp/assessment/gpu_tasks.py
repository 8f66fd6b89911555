"""Tasks of the assessment worker alone: importing this module makes ready to load the models."""

from celery import shared_task

from reviewapp.assessment.runner import assess_waiting
from reviewapp.foundation.jobs import Job


@shared_task(name=Job.ASSESS_PHOTOS.value)
def assess_photos() -> None:
    assess_waiting()
