"""Request ids for the logs, and refusals as pages in the one error shape."""

import logging
import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from reviewapp.foundation.errors import AppError
from reviewapp.foundation.logs import log_context, request_id

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
_SAFE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestContextMiddleware:
    """Gives each request an id (or takes the proxy's), for the log lines and the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        identity = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        with log_context(request_id, identity):
            response = self.get_response(request)
        response["X-Request-ID"] = identity
        return response


class ErrorPageMiddleware:
    """Turns an `AppError` of a view into its page, or JSON for whoever asked for JSON."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, AppError):
            return None
        logger.info("refused %s: %s", error.code, error.message)
        if wants_json(request):
            return JsonResponse(error.body(), status=error.status)
        return render(request, "errors/refused.html", {"error": error}, status=error.status)


def wants_json(request: HttpRequest) -> bool:
    """The API always; elsewhere who accepts JSON but no page."""
    only_json = request.accepts("application/json") and not request.accepts("text/html")
    return request.path.startswith("/api/") or only_json
