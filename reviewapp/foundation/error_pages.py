"""Refusals in one look for people and in one shape for programs."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from reviewapp.foundation.errors import AppError, ForbiddenError, InvalidError, NotFoundError

_TITLES = {
    HTTPStatus.FORBIDDEN: "You may not do this",
    HTTPStatus.NOT_FOUND: "There is nothing here",
    HTTPStatus.CONFLICT: "Somebody was first",
    HTTPStatus.TOO_MANY_REQUESTS: "Please wait a little",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not available right now",
}


class ServerError(AppError):
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "server_error"


def wants_json(request: HttpRequest) -> bool:
    """The API always answers JSON; a page does for whoever asks for nothing but JSON."""
    asked_for_json = request.accepts("application/json") and not request.accepts("text/html")
    return request.path.startswith("/api/") or asked_for_json


def error_response(request: HttpRequest, error: AppError) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(error.body(), status=error.status)
    context = {"error": error, "title": _TITLES.get(error.status, "That did not work")}
    return render(request, "errors/refused.html", context, status=error.status)


# What Django calls for refusals that are not ours; `reviewapp.urls` and the settings name them.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, InvalidError("The server could not read this request."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, ForbiddenError("Your role does not allow this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = "This page does not exist, or it belongs to a team that you are not in."
    return error_response(request, NotFoundError(message))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = (
        "The form was sent from another site, or its page was open for too long. "
        "Go back, reload the page and try again."
    )
    return error_response(request, ForbiddenError(message, code="csrf", reason=reason))


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without user or database: either may be what failed."""
    error = ServerError("Something went wrong on our side. It was logged; please try again.")
    if wants_json(request):
        return JsonResponse(error.body(), status=error.status)
    return HttpResponse(render_to_string("errors/server_error.html"), status=error.status)
