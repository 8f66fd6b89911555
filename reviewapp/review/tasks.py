from celery import shared_task

from reviewapp.foundation.jobs import Job
from reviewapp.review.services import cases_stop_waiting, reviews_expire


@shared_task(name=Job.SWEEP_REVIEW.value)
def sweep() -> None:
    """Every minute: reviews whose lease ran out, and cases that waited too long, come back."""
    reviews_expire()
    cases_stop_waiting()
