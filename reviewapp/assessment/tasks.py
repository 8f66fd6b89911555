from celery import shared_task

from reviewapp.assessment.services import assessments_sweep
from reviewapp.foundation.jobs import Job


@shared_task(name=Job.SWEEP_ASSESSMENT.value)
def sweep() -> None:
    assessments_sweep()
