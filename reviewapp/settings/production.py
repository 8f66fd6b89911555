"""Production refuses to start without its values; README lists them."""

from redis.backoff import NoBackoff
from redis.retry import Retry

from reviewapp.settings.base import *  # noqa: F403
from reviewapp.settings.database import *  # noqa: F403
from reviewapp.settings.database import DATABASES, postgresql
from reviewapp.settings.env import env_bool, env_int, env_list, env_str
from reviewapp.settings.inference import *  # noqa: F403
from reviewapp.settings.logging import *  # noqa: F403
from reviewapp.settings.queue import *  # noqa: F403
from reviewapp.settings.security import *  # noqa: F403
from reviewapp.settings.storage import *  # noqa: F403

SECRET_KEY = env_str("REVIEW_SECRET_KEY")
ALLOWED_HOSTS = env_list("REVIEW_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env_list("REVIEW_TRUSTED_ORIGINS")
DATABASES["default"] = postgresql(env_str("REVIEW_DATABASE_HOST"))
CELERY_BROKER_URL = env_str("REVIEW_BROKER_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env_str("REVIEW_CACHE_URL"),
        # A dead cache answers within the request; the client's own patience is 6 s.
        "OPTIONS": {
            "socket_connect_timeout": 2,
            "socket_timeout": 2,
            "retry": Retry(NoBackoff(), retries=1),
        },
    }
}
DEBUG = False
# Behind one proxy; without this every failed sign-in would count for the proxy's address.
TRUSTED_PROXIES = env_int("REVIEW_TRUSTED_PROXIES", 1)
SECURE_SSL_REDIRECT = env_bool("REVIEW_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env_int("REVIEW_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
