"""Tests: SQLite in memory unless REVIEW_DATABASE_HOST says PostgreSQL; nothing leaves a folder."""

import tempfile
from pathlib import Path

from reviewapp.settings.base import *  # noqa: F403
from reviewapp.settings.database import *  # noqa: F403
from reviewapp.settings.database import DATABASES
from reviewapp.settings.env import env_str
from reviewapp.settings.inference import *  # noqa: F403
from reviewapp.settings.logging import *  # noqa: F403
from reviewapp.settings.queue import *  # noqa: F403
from reviewapp.settings.queue import EMBEDDED_BROKER_URL, embedded_broker
from reviewapp.settings.security import *  # noqa: F403
from reviewapp.settings.storage import *  # noqa: F403
from reviewapp.settings.storage import STORAGES

_TEMPORARY = Path(env_str("REVIEW_TEST_DIR", "") or tempfile.mkdtemp(prefix="reviewapp-test-"))

SECRET_KEY = "only-for-tests"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["default"] = {
    "BACKEND": "reviewapp.foundation.files.DiskStorage",
    "OPTIONS": {"location": str(_TEMPORARY / "files")},
}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
CELERY_BROKER_TRANSPORT_OPTIONS = embedded_broker(_TEMPORARY / "broker")
CELERY_BROKER_URL = EMBEDDED_BROKER_URL
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"] = str(_TEMPORARY / "review.sqlite3")
    # A live server has threads: one connection in memory would mix their transactions.
    DATABASES["default"]["TEST"] = {"NAME": str(_TEMPORARY / "tests.sqlite3")}
