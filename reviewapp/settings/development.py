"""One command, nothing to install but Python: SQLite, a broker in a folder, files on disk."""

import secrets

from reviewapp.settings.base import *  # noqa: F403
from reviewapp.settings.base import VAR_DIR
from reviewapp.settings.database import *  # noqa: F403
from reviewapp.settings.env import env_bool, env_list
from reviewapp.settings.inference import *  # noqa: F403
from reviewapp.settings.logging import *  # noqa: F403
from reviewapp.settings.queue import *  # noqa: F403
from reviewapp.settings.security import *  # noqa: F403
from reviewapp.settings.storage import *  # noqa: F403
from reviewapp.settings.storage import STORAGES

VAR_DIR.mkdir(parents=True, exist_ok=True)


def _own_secret_key() -> str:
    """A key of this installation's own, made once: no default, and sign-ins outlive a restart."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _own_secret_key()
DEBUG = env_bool("REVIEW_DEBUG", default=False)
ALLOWED_HOSTS = env_list("REVIEW_ALLOWED_HOSTS", "*")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR_DIR / "cache"),
    }
}
