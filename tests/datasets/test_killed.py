"""A worker that is killed in the middle of an export loses nothing."""

import signal
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.datasets.installation import Installation

PHOTOS = 40
LEASE_SECONDS = 2
PATIENCE = 120.0

WORK = "from reviewapp.datasets.tasks import sweep, write_exports; sweep(); write_exports()"
ASK = "from reviewapp.datasets.services import export_request; export_request(actor=None)"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    made = Installation(tmp_path / "var", REVIEW_LEASE_SECONDS=str(LEASE_SECONDS))
    made.seed(PHOTOS)
    made.shell(ASK)
    return made


def row(installation: Installation) -> tuple[str, int, int, str]:
    with closing(sqlite3.connect(installation.database, timeout=PATIENCE)) as database:
        found: tuple[str, int, int, str] = database.execute(
            "SELECT state, attempts, photos_written, file FROM datasets_export"
        ).fetchone()
    return found


def kill_in_the_middle(installation: Installation) -> None:
    worker = installation.start("shell", "--no-imports", "-c", WORK)
    deadline = time.monotonic() + PATIENCE
    while not row(installation)[2] and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.kill()
    assert worker.wait() == -signal.SIGKILL


def test_it_is_written_whole_by_the_next_worker_once_the_lease_is_over(
    installation: Installation,
) -> None:
    kill_in_the_middle(installation)
    state, attempts, written, _ = row(installation)
    assert (state, attempts) == ("writing", 1)
    assert 0 < written < PHOTOS
    time.sleep(LEASE_SECONDS)
    installation.shell(WORK)
    state, attempts, written, file = row(installation)
    assert (state, attempts, written) == ("done", 2, PHOTOS)
    with zipfile.ZipFile(installation.files / file) as archive:
        assert archive.testzip() is None
