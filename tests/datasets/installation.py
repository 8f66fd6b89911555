"""An installation of its own in a folder (SQLite, files on disk), for tests that measure or kill
processes. Run as a script it seeds reviewed cases with photos of full size."""

import os
import subprocess
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
PHOTOS_A_CASE = 10
# `ru_maxrss` of a child starts at what its parent held when it forked; VmHWM is the child's own.
_PRINTING_ITS_PEAK = """
import pathlib, runpy, sys
sys.argv = ["manage.py", *sys.argv[1:]]
runpy.run_path("manage.py", run_name="__main__")
status = pathlib.Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


class Installation:
    def __init__(self, folder: Path, **settings: str) -> None:
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "reviewapp.settings.development",
            "REVIEW_VAR_DIR": str(folder),
            "REVIEW_LOG_LEVEL": "WARNING",
            **settings,
        }
        self.database = folder / "review.sqlite3"
        self.files = folder / "files"
        self._run("manage.py", "migrate", "--verbosity=0")

    def seed(self, photos: int) -> None:
        self._run("-m", "tests.datasets.installation", str(photos))

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """A management command that runs beside the test."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )

    def peak_megabytes(self, *command: str) -> float:
        """Run a management command to its end; the most memory that it held (Linux)."""
        printed = self._run("-c", _PRINTING_ITS_PEAK, *command)
        return int(printed.splitlines()[-1]) / 1024

    def shell(self, script: str) -> str:
        return self._run("manage.py", "shell", "--no-imports", "-c", script)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout


def seed(photos: int) -> None:
    """One case with pictures of its own; the others hold copies, which are quick to make."""
    from reviewapp.accounts.models import Role, Team  # noqa: PLC0415 (after django.setup)
    from tests.datasets.reviewed import copy_reviewed_case, make_reviewed_case  # noqa: PLC0415
    from tests.people import person  # noqa: PLC0415

    team = Team.objects.create(name="North")
    adjuster = person("bela", team=team, role=Role.ADJUSTER)
    made = make_reviewed_case(team, adjuster, photos=PHOTOS_A_CASE, width=1600, height=1200)
    for _ in range(PHOTOS_A_CASE, photos, PHOTOS_A_CASE):
        copy_reviewed_case(made)


if __name__ == "__main__":
    django.setup()
    seed(int(sys.argv[1]))
