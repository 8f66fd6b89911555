"""Is the process alive; can it serve (database, files, cache, broker)."""

from botocore.exceptions import BotoCoreError, ClientError
from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from reviewapp.foundation.cache import CACHE_ERRORS


@login_not_required
@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """200 where everything that a request needs answers; 503 names what does not."""
    answers = {
        "database": _database(),
        "files": _files(),
        "cache": _cache(),
        "broker": _broker(),
    }
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _files() -> bool:
    try:
        default_storage.exists("ready")
    except (OSError, BotoCoreError, ClientError):
        return False
    return True


def _cache() -> bool:
    try:
        cache.set("ready", 1, timeout=10)
    except CACHE_ERRORS:
        return False
    return True


def _broker() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return False
    return True
