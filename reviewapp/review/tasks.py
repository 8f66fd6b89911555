from celery import shared_task

from reviewapp.foundation.jobs import Job
from reviewapp.review.services import reviews_expire


@shared_task(name=Job.SWEEP_REVIEW.value)
def sweep() -> None:
    """Every minute: reviews whose lease ran out go back to the queue."""
    reviews_expire()
