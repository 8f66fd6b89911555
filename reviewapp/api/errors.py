"""One error shape for every endpoint: `{code, message, details}`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from reviewapp.foundation.errors import AppError, InvalidError

# The framework's codes in our words; one word per thing.
_CODES = {
    "authentication_failed": "not_authenticated",
    "parse_error": "unreadable",
    "permission_denied": "forbidden",
    "throttled": "too_many",
}
_NO_FIELD = "non_field_errors"
_NOT_FOUND = {"code": "not_found", "message": "There is nothing here.", "details": {}}
_FORBIDDEN = {"code": "forbidden", "message": "Your role does not allow this.", "details": {}}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, AppError):
        return Response(error.body(), status=error.status)
    if isinstance(error, ValidationError):
        return Response(_invalid(_messages(error)), status=HTTPStatus.BAD_REQUEST)
    response = default_handler(error, context)
    if response is not None:
        response.data = _body(error)
    return response


def _messages(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {_NO_FIELD: error.messages}


def _invalid(named: Mapping[str, object]) -> dict[str, object]:
    message = "Some values are not allowed; details name each."
    return {"code": InvalidError.code, "message": message, "details": named}


def _body(error: Exception) -> dict[str, object]:
    if isinstance(error, exceptions.ValidationError):
        named = error.detail if isinstance(error.detail, dict) else {_NO_FIELD: error.detail}
        return _invalid(named)
    if isinstance(error, exceptions.APIException):
        code = str(error.default_code)
        return {
            "code": _CODES.get(code, code),
            "message": _sentence(str(error.detail)),
            "details": _details(error),
        }
    return dict(_NOT_FOUND if isinstance(error, Http404) else _FORBIDDEN)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _details(error: exceptions.APIException) -> dict[str, object]:
    if isinstance(error, exceptions.Throttled):
        return {"retry_after_seconds": getattr(error, "wait", None)}
    return {}
