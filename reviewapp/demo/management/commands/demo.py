"""`make demo`: prepare, seed, start everything, say where it is."""

import logging
import os
import socket
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from reviewapp.accounts.models import User
from reviewapp.demo.seeding import (
    USERS,
    demo_password,
    seed_folder,
    seed_people,
    seed_synthetic,
)
from reviewapp.demo.supervisor import Program, Supervisor

_SYNTHETIC_CASES = 4
_PORTS_TO_TRY = 20


class Command(BaseCommand):
    help = "Start the whole product with demo data and no outside service."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--photos", type=Path, help="folder of cases, one sub-folder each")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(
        self, *, photos: Path | None, host: str, port: int, verbosity: int, **_options: object
    ) -> None:
        if photos is not None and not photos.is_dir():
            raise CommandError(f"{photos} is no folder. Give one sub-folder a case.")
        logging.getLogger("django").setLevel(logging.WARNING)
        self._say("Preparing the database …")
        call_command("migrate", verbosity=0)
        call_command("register_models", verbosity=max(0, verbosity - 1))
        self._prepare_models()
        password = demo_password(settings.VAR_DIR / "demo-password")
        appraiser = seed_people(password)
        self._seed(appraiser, photos)
        port = _free_port(host, port)
        supervisor = Supervisor(_programs(host, port))
        supervisor.run(when_started=lambda: self._welcome(host, port, password))
        self._say("Everything has stopped.")

    def _prepare_models(self) -> None:
        self._say("Preparing the models (the first time takes about a minute) …")
        command = [sys.executable, "-m", "inference", "prepare"]
        arguments = ["--cache-dir", str(settings.INFERENCE_CACHE_DIR)]
        done = subprocess.run([*command, *arguments], cwd=settings.BASE_DIR, check=False)  # noqa: S603
        if done.returncode:
            raise CommandError("The models could not be prepared; the lines above say why.")

    def _seed(self, appraiser: User, photos: Path | None) -> None:
        self._say("Seeding cases …")
        if photos is None:
            made = seed_synthetic(appraiser, _SYNTHETIC_CASES)
        else:
            made = seed_folder(appraiser, photos)
        self._say(f"{made} new case{'' if made == 1 else 's'}.")

    def _welcome(self, host: str, port: int, password: str) -> None:
        shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 (compared, not bound)
        lines = ["", f"  Open http://{shown}:{port}/", "", "  Sign in with"]
        lines += [f"    {user.username:<8} {password}   ({user.word})" for user in USERS]
        lines += [
            "",
            "  Tour: as anna open a case, upload photos and submit; as adam press Next case,",
            "  decide, paint, finish; read the report; as stella export the labels.",
            "  Ctrl-C stops everything; a second start goes on where it was.",
            "",
        ]
        self._say("\n".join(lines))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _free_port(host: str, wanted: int) -> int:
    for port in range(wanted, wanted + _PORTS_TO_TRY):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise CommandError(
        f"No port from {wanted} to {wanted + _PORTS_TO_TRY - 1} is free on {host}. "
        "Give another with PORT=…"
    )


def _programs(host: str, port: int) -> list[Program]:
    environment = {
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "REVIEW_LOG_LEVEL": os.environ.get("REVIEW_LOG_LEVEL", "WARNING"),
    }
    celery = [sys.executable, "-m", "celery", "--app", "reviewapp", "--quiet"]
    worker = [*celery, "worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    schedule = str(settings.VAR_DIR / "celerybeat-schedule")
    return [
        Program(
            "site",
            [
                *(sys.executable, "-m", "gunicorn", "reviewapp.wsgi"),
                *("--bind", f"{host}:{port}", "--workers", "1", "--threads", "8"),
                *("--log-level", "warning"),
            ],
            environment,
        ),
        Program(
            "worker",
            [
                *(*worker, "--pool", "threads", "--concurrency", "2"),
                *("--queues", "default,export", "--hostname", "worker@%h"),
            ],
            environment,
        ),
        Program(
            "assessment worker",
            [*worker, "--pool", "solo", "--queues", "assessment", "--hostname", "models@%h"],
            {**environment, "REVIEW_WORKER_LOADS_MODELS": "true"},
        ),
        Program(
            "beat",
            [*celery, "beat", "--loglevel", "WARNING", "--schedule", schedule],
            environment,
        ),
    ]
