"""One error shape for every endpoint: `{code, message, details}`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from reviewapp.foundation.errors import AppError


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, AppError):
        return Response(error.body(), status=error.status)
    response = default_handler(error, context)
    if response is None:
        return None
    response.data = _body(error, response)
    return response


def _body(error: Exception, response: Response) -> dict[str, object]:
    if isinstance(error, exceptions.ValidationError):
        return {
            "code": "invalid",
            "message": "Some values are not allowed; details name each.",
            "details": response.data,
        }
    if isinstance(error, Http404):
        return {"code": "not_found", "message": "There is nothing here.", "details": {}}
    if isinstance(error, PermissionDenied):
        return {"code": "forbidden", "message": "Your role does not allow this.", "details": {}}
    assert isinstance(error, exceptions.APIException)  # noqa: S101 (narrows for the reader)
    return {"code": error.default_code, "message": str(error.detail), "details": {}}
