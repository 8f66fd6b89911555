"""The Celery application: tasks of every room, the sweep, log lines with task ids."""

import logging.config
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun
from django.conf import settings

from reviewapp.foundation.jobs import Job
from reviewapp.foundation.logs import task_id as current_task_id

app = Celery("reviewapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_SWEEPS = (Job.SWEEP_INTAKE, Job.SWEEP_ASSESSMENT, Job.SWEEP_REVIEW, Job.SWEEP_DATASETS)


def _rooms_with_models() -> list[str]:
    """Rooms whose `gpu_tasks` this process may import; asked when a worker starts."""
    return ["reviewapp.assessment"] if settings.WORKER_LOADS_MODELS else []


app.autodiscover_tasks(_rooms_with_models, related_name="gpu_tasks")


@app.on_after_configure.connect
def _schedule(sender: Celery, **_: Any) -> None:  # noqa: ANN401 (Celery's signal signature)
    sender.conf.beat_schedule = {
        job.value: {
            "task": job.value,
            "schedule": float(settings.SWEEP_SECONDS),
            # While no worker runs, sweeps must not pile up.
            "options": {"expires": float(settings.SWEEP_SECONDS)},
        }
        for job in _SWEEPS
    }


@setup_logging.connect
def _logging(**_: Any) -> None:  # noqa: ANN401
    logging.config.dictConfig(settings.LOGGING)


@task_prerun.connect
def _task_starts(task_id: str, **_: Any) -> None:  # noqa: ANN401
    current_task_id.set(task_id)


@task_postrun.connect
def _task_ends(**_: Any) -> None:  # noqa: ANN401
    current_task_id.set("")
