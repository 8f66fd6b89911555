"""What a web process and an assessment worker weigh while photos come in and are assessed.

Linux only: resident memory is read from /proc. Run it on an empty installation:
    REVIEW_VAR_DIR=$(mktemp -d) python manage.py measure_memory --photos ../shared/data/cases
"""

import os
import secrets
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.test.client import BOUNDARY, MULTIPART_CONTENT, Client, encode_multipart

from reviewapp.accounts.models import User
from reviewapp.assessment.models import PhotoResult
from reviewapp.assessment.states import OPEN, PhotoResultState
from reviewapp.demo.seeding import TEAM, seed_people
from reviewapp.intake.models import Case
from reviewapp.intake.services import case_open, case_submit
from reviewapp.intake.states import CaseState

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_PHOTOS_A_CASE = 8
_SECONDS_BETWEEN_LOOKS = 2.0
_SECONDS_TO_START = 60.0
_PORT = 8911
_GUNICORN = ("--bind", f"127.0.0.1:{_PORT}", "--workers", "1", "--threads", "8")
_CELERY = ("-m", "celery", "--app", "reviewapp", "--quiet", "worker", "--pool", "solo")


class Command(BaseCommand):
    help = "Measure resident memory of the web process and of an assessment worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--photos", type=Path, required=True, help="folder of photos")
        parser.add_argument("--count", type=int, default=500)

    def handle(self, *, photos: Path, count: int, **_options: object) -> None:
        self._seen: list[tuple[int, int, int]] = []
        call_command("migrate", verbosity=0)
        if Case.objects.exists():
            raise CommandError("This installation has cases. Set REVIEW_VAR_DIR to a new folder.")
        call_command("register_models")
        appraiser = seed_people(secrets.token_urlsafe())
        with ExitStack() as programs:
            web = programs.enter_context(_running("-m", "gunicorn", "reviewapp.wsgi", *_GUNICORN))
            programs.enter_context(_running(*_CELERY, "--queues", "default", name="default"))
            models = programs.enter_context(
                _running(*_CELERY, "--queues", "assessment", name="models", loads_models=True)
            )
            site = Site(appraiser)
            for case, files in _cases(appraiser, photos, count):
                site.upload(case, files)
                case_submit(actor=appraiser, case=case)
                self._look(web, models)
            while _unfinished():
                site.visit()
                self._look(web, models)
                time.sleep(_SECONDS_BETWEEN_LOOKS)
            self._look(web, models)
        self._highest()

    def _look(self, web: int, models: int) -> None:
        done = PhotoResult.objects.filter(state=PhotoResultState.ASSESSED).count()
        seen = (done, _megabytes(web), _megabytes(models))
        self._seen.append(seen)
        self.stdout.write("{:5} photos assessed: web {:4} MB, models {:5} MB".format(*seen))
        self.stdout.flush()

    def _highest(self) -> None:
        web, models = (max(column) for column in list(zip(*self._seen, strict=True))[1:])
        self.stdout.write(f"At most: web {web} MB, assessment worker {models} MB.")


class Site:
    """A signed-in visitor of the web process under measurement."""

    def __init__(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        self._session = client.cookies["sessionid"].value
        self._token = secrets.token_hex(16)
        self._wait_until_it_answers()

    def upload(self, case: Case, files: list[Path]) -> None:
        for file in files:
            photo = SimpleUploadedFile(file.name, file.read_bytes())
            self._send(
                "POST",
                f"/api/v1/cases/{case.pk}/photos/",
                encode_multipart(BOUNDARY, {"photos": photo}),
            )

    def visit(self) -> None:
        """What people open most: lists, a case, its pictures, what the models said."""
        case = Case.objects.order_by("?").first()
        photo = case.photos.first() if case else None
        assert case is not None and photo is not None  # noqa: S101, PT018 (cases were just made)
        for path in ("/cases/", f"/cases/{case.pk}/", f"/cases/{case.pk}/progress/"):
            self._send("GET", path)
        self._send("GET", f"/photos/{photo.pk}/display/")
        self._send("GET", f"/api/v1/cases/{case.pk}/assessments/")

    def _send(self, method: str, path: str, body: bytes | None = None) -> None:
        connection = HTTPConnection("127.0.0.1", _PORT, timeout=60)
        headers = {
            "Cookie": f"sessionid={self._session}; csrftoken={self._token}",
            "X-CSRFToken": self._token,
            "Content-Type": MULTIPART_CONTENT,
        }
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        if response.status >= 400:
            raise CommandError(f"{method} {path} answered {response.status}.")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while True:
            try:
                self._send("GET", "/healthz")
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return


@contextmanager
def _running(*arguments: str, name: str = "", loads_models: bool = False) -> Iterator[int]:
    hostname = ("--hostname", f"{name}@%h") if name else ()
    environment = {**os.environ, "REVIEW_WORKER_LOADS_MODELS": str(loads_models).lower()}
    process = subprocess.Popen(  # noqa: S603 (commands of this module)
        [sys.executable, *arguments, *hostname], env=environment, start_new_session=True
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _cases(appraiser: User, folder: Path, count: int) -> Iterator[tuple[Case, list[Path]]]:
    pictures = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _PICTURES)
    if not pictures:
        raise CommandError(f"There is no photo in {folder}.")
    team = appraiser.memberships.get(team__name=TEAM).team
    endless = cycle(pictures)
    for start in range(0, count, _PHOTOS_A_CASE):
        number = min(_PHOTOS_A_CASE, count - start)
        case = case_open(actor=appraiser, team=team, claim_number=f"MEMORY-{start}")
        yield case, list(islice(endless, number))


def _unfinished() -> bool:
    on_the_way = (CaseState.SUBMITTED, CaseState.ASSESSING)
    return (
        Case.objects.filter(state__in=on_the_way).exists()
        or PhotoResult.objects.filter(state__in=OPEN).exists()
    )


def _megabytes(pid: int) -> int:
    """Resident memory of a process or, of one with children, of its largest child."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max([_resident(int(child)) for child in children] or [_resident(pid)])


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 // 1_000_000
