"""`make test`: every check in its order, each with its time; what is left out is said loudly.

Fast checks come first. In CI (`CI=true`) anything that had to be left out is a failure.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI") == "true"
CHROMIUM = "/usr/bin/chromium"


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def left_out() -> dict[str, str]:
    """Marker → why its tests cannot run on this machine."""
    reasons = {}
    services = {"PostgreSQL (port 5432)": 5432, "Redis (port 6379)": 6379}
    missing = [name for name, port in services.items() if not answers(port)]
    if missing:
        reasons["integration"] = f"{' and '.join(missing)} do not answer at 127.0.0.1"
    if not shutil.which("redis-server") or not answers(5432):
        reasons["faults"] = "they need redis-server on the PATH and PostgreSQL"
    if not Path(CHROMIUM).exists():
        reasons["browser"] = f"{CHROMIUM} is missing (Debian: apt-get install chromium)"
    return reasons


def pytest(*arguments: str) -> list[str]:
    return [str(BIN / "pytest"), "-q", *arguments]


def checks(missing: dict[str, str]) -> list[Check]:
    found = [
        Check("format", [str(BIN / "ruff"), "format", "--check", "."]),
        Check("lint", [str(BIN / "ruff"), "check", "."]),
        Check("types", [str(BIN / "mypy")]),
        Check("import law", [str(BIN / "lint-imports")]),
        Check(
            "migrations",
            [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
            {"DJANGO_SETTINGS_MODULE": "reviewapp.settings.test"},
        ),
    ]
    if shutil.which("node"):
        scripts = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.js"))
        found.append(Check("JavaScript", ["node", "--test", *scripts]))
    found.append(
        Check("unit", pytest("-n", "2", "-m", "not integration and not faults and not browser"))
    )
    if "integration" not in missing:
        on_postgresql = {"REVIEW_DATABASE_HOST": "127.0.0.1"}
        found.append(Check("integration", pytest("-m", "integration"), on_postgresql))
    if "faults" not in missing:
        found.append(Check("faults", pytest("-m", "faults")))
    if "browser" not in missing:
        found.append(Check("browser", pytest("-m", "browser")))
    return found


def run(check: Check) -> bool:
    print(f"\n=== {check.name}", flush=True)
    started = time.monotonic()
    environment = {**os.environ, **check.environment}
    done = subprocess.run(check.command, cwd=ROOT, env=environment, check=False)
    seconds = time.monotonic() - started
    word = "passed" if done.returncode == 0 else f"FAILED (exit {done.returncode})"
    print(f"=== {check.name}: {word} in {seconds:.0f} s", flush=True)
    return done.returncode == 0


def main() -> int:
    missing = left_out()
    if not shutil.which("node"):
        missing["JavaScript"] = "node is not on the PATH"
    failed = [check.name for check in checks(missing) if not run(check)]
    for name, reason in missing.items():
        print(f"\n!!! LEFT OUT: the {name} tests, because {reason}.", flush=True)
    if failed:
        print(f"\nFAILED: {', '.join(failed)}")
        return 1
    if missing and IN_CI:
        print("\nFAILED: in CI nothing may be left out.")
        return 1
    print("\nEverything passed." if not missing else "\nWhat could run passed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
