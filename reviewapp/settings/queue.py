"""Celery: the message only rings a bell, the row is the queue."""

from pathlib import Path
from typing import Any

from reviewapp.settings.base import VAR_DIR
from reviewapp.settings.env import env_int, env_str

LEASE_SECONDS = env_int("REVIEW_LEASE_SECONDS", 60, minimum=2)
MAX_ATTEMPTS = env_int("REVIEW_MAX_ATTEMPTS", 3, minimum=1)
SWEEP_SECONDS = env_int("REVIEW_SWEEP_SECONDS", 60, minimum=1)


def embedded_broker(folder: Path) -> dict[str, Any]:
    """Celery's filesystem transport: needs no server; one folder for what goes in and out."""
    queue, control = folder / "queue", folder / "control"
    queue.mkdir(parents=True, exist_ok=True)
    control.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
        "polling_interval": 0.1,
    }


# A bell at a dead broker must not hold up the request that rings it: kombu's own patience is 6 s.
SERVER_BROKER_OPTIONS: dict[str, Any] = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}

EMBEDDED_BROKER_URL = "filesystem://localhost"
CELERY_BROKER_URL = env_str("REVIEW_BROKER_URL", EMBEDDED_BROKER_URL)
if CELERY_BROKER_URL == EMBEDDED_BROKER_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = embedded_broker(VAR_DIR / "broker")
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = SERVER_BROKER_OPTIONS

CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
# Redelivery is never relied upon: a killed worker's rows come back by their lease.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
