"""Production refuses to start without its values."""

import os
import subprocess
import sys

import pytest

VALUES = {
    "REVIEW_SECRET_KEY": "k" * 60,
    "REVIEW_ALLOWED_HOSTS": "review.example.org",
    "REVIEW_TRUSTED_ORIGINS": "https://review.example.org",
    "REVIEW_DATABASE_HOST": "127.0.0.1",
    "REVIEW_BROKER_URL": "redis://127.0.0.1:6379/0",
    "REVIEW_CACHE_URL": "redis://127.0.0.1:6379/1",
}
START = "import django; django.setup()"


def start(values: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REVIEW_")}
    environment = clean | values | {"DJANGO_SETTINGS_MODULE": "reviewapp.settings.production"}
    return subprocess.run(
        [sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=False
    )


def test_it_starts_with_all_of_them() -> None:
    started = start(VALUES)
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize("missing", VALUES)
def test_it_names_the_missing_one(missing: str) -> None:
    started = start({name: value for name, value in VALUES.items() if name != missing})
    assert started.returncode != 0
    assert missing in started.stderr
