from celery import shared_task

from reviewapp.datasets.services import exports_sweep
from reviewapp.datasets.writing import exports_write_waiting
from reviewapp.foundation.jobs import Job


@shared_task(name=Job.WRITE_EXPORTS.value)
def write_exports() -> None:
    exports_write_waiting()


@shared_task(name=Job.SWEEP_DATASETS.value)
def sweep() -> None:
    exports_sweep()
