"""A whole installation for one test: database, broker, workers and beat as real processes."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = "host=127.0.0.1 port=5432 user=postgres dbname="
LEASE_SECONDS = 3
PATIENCE_SECONDS = 240.0

Process = subprocess.Popen[bytes]


class Database(Protocol):
    @property
    def environment(self) -> dict[str, str]: ...

    def query(self, sql: str) -> list[tuple[Any, ...]]: ...


@dataclass
class PostgreSql:
    """A database of its own on the server that tests share."""

    name: str = field(default_factory=lambda: f"faults_{uuid.uuid4().hex[:12]}")

    @property
    def environment(self) -> dict[str, str]:
        return {"REVIEW_DATABASE_HOST": "127.0.0.1", "REVIEW_DATABASE_NAME": self.name}

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(SERVER + self.name) as connection:
            return connection.execute(sql).fetchall()

    @contextmanager
    def exists(self) -> Iterator[None]:
        with psycopg.connect(SERVER + "postgres", autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{self.name}"')
            try:
                yield
            finally:
                server.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')


@dataclass
class Sqlite:
    file: Path
    # Empty, so that it is SQLite even where the tests themselves run on PostgreSQL.
    environment: dict[str, str] = field(default_factory=lambda: {"REVIEW_DATABASE_HOST": ""})

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.file, timeout=20) as connection:
            return connection.execute(sql).fetchall()


class Redis:
    """A server of the test's own on a free port, remembering nothing over a restart."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process = self._start()

    @property
    def environment(self) -> dict[str, str]:
        return {"REVIEW_BROKER_URL": f"redis://127.0.0.1:{self.port}/0"}

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def start_again(self) -> None:
        self._process = self._start()

    def _start(self) -> Process:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        process = subprocess.Popen(
            [*command, "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL
        )
        wait_until(lambda: answers(self.port), "Redis answers", seconds=20)
        return process


class Plant:
    """Starts programs in one environment and ends all of them."""

    def __init__(self, folder: Path, database: Database, environment: dict[str, str]) -> None:
        self.database = database
        self.folder = folder
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "reviewapp.settings.development",
            "REVIEW_VAR_DIR": str(folder),
            "REVIEW_LEASE_SECONDS": str(LEASE_SECONDS),
            "REVIEW_SWEEP_SECONDS": "1",
            # One thread each: the workers share few cores with each other.
            "OMP_NUM_THREADS": "1",
            **database.environment,
            **environment,
        }
        self._processes: list[Process] = []

    def run(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self._environment, check=True, timeout=120
        )

    def worker(self) -> Process:
        """An assessment worker as production starts it."""
        return self._celery(
            *("worker", "--pool", "solo", "--queues", "assessment"),
            *("--without-gossip", "--without-mingle"),
            loads_models="true",
        )

    def sweeper(self) -> None:
        """The default queue's worker, and beat, which rings for it."""
        self._celery("worker", "--pool", "solo", "--queues", "default", "--without-gossip")
        self._celery("beat", "--schedule", str(self.folder / "beat"))

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def _celery(self, *arguments: str, loads_models: str = "false") -> Process:
        name = f"{arguments[0]}{len(self._processes)}"
        hostname = ["--hostname", f"{name}@%h"] if arguments[0] == "worker" else []
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "reviewapp", *arguments, *hostname],
                cwd=ROOT,
                env={**self._environment, "REVIEW_WORKER_LOADS_MODELS": loads_models},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._processes.append(process)
        return process


def kill_while_it_works(worker: Process, database: Database, *, workers: int) -> None:
    """SIGKILL at a moment when every worker holds photos, so surely this one too.

    Each worker holds one claim at most: as many claims as workers means that the stopped one
    has one.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        worker.send_signal(signal.SIGSTOP)
        claims = database.query(
            "SELECT COUNT(DISTINCT claim_token) FROM assessment_photoresult"
            " WHERE state = 'assessing'"
        )
        if claims[0][0] >= workers:
            worker.kill()
            worker.wait()
            return
        worker.send_signal(signal.SIGCONT)
        time.sleep(0.05)
    raise AssertionError("The workers never worked all at once.")


def wait_until(
    condition: Callable[[], bool], what: str, *, seconds: float = PATIENCE_SECONDS
) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"Not within {seconds:.0f} s: {what}."
        time.sleep(0.1)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def missing_servers() -> list[str]:
    missing = [] if shutil.which("redis-server") else ["redis-server is not installed"]
    if not answers(5432):
        missing.append("PostgreSQL does not answer at 127.0.0.1:5432")
    return missing
