"""SQLite (WAL, immediate transactions) by default; PostgreSQL by `REVIEW_DATABASE_HOST`."""

from typing import Any

from reviewapp.settings.base import VAR_DIR
from reviewapp.settings.env import env_int, env_str


def sqlite(path: str) -> dict[str, Any]:
    # Deferred transactions of several writers end in "database is locked"; immediate ones wait.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            ),
        },
    }


def postgresql(host: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": host,
        "PORT": env_int("REVIEW_DATABASE_PORT", 5432, minimum=1),
        "NAME": env_str("REVIEW_DATABASE_NAME", "reviewapp"),
        "USER": env_str("REVIEW_DATABASE_USER", "postgres"),
        "PASSWORD": env_str("REVIEW_DATABASE_PASSWORD", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


_HOST = env_str("REVIEW_DATABASE_HOST", "")
DATABASES = {"default": postgresql(_HOST) if _HOST else sqlite(str(VAR_DIR / "review.sqlite3"))}
