"""Request ids for the logs, and refusals as pages in the one error shape."""

import logging
import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from reviewapp.foundation.error_pages import error_response
from reviewapp.foundation.errors import AppError
from reviewapp.foundation.logs import log_context, request_id

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
_SAFE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_PERMISSIONS_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


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
        return error_response(request, error)


class PrivateAnswersMiddleware:
    """Claims data stays out of shared caches and out of reach of sensors nobody asked for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "private, no-store")
        response.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        return response
