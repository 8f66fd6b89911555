import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from reviewapp.foundation.errors import ConflictError, NotFoundError
from reviewapp.foundation.logs import request_id
from reviewapp.foundation.middleware import ErrorPageMiddleware, RequestContextMiddleware


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request_id.get())


def ask(**headers: str) -> HttpResponse:
    return RequestContextMiddleware(answer)(RequestFactory(headers=headers).get("/"))


def test_log_lines_and_answer_carry_the_same_id() -> None:
    response = ask()
    assert response["X-Request-ID"] == response.content.decode()
    assert len(response["X-Request-ID"]) == 32


def test_the_proxys_id_is_kept() -> None:
    assert ask(**{"X-Request-ID": "proxy-1234"})["X-Request-ID"] == "proxy-1234"


@pytest.mark.parametrize("given", ["short", "a b c d e f g h", "x" * 65, "evil\tnewline"])
def test_an_id_that_is_none_is_replaced(given: str) -> None:
    assert ask(**{"X-Request-ID": given})["X-Request-ID"] != given


def test_the_id_ends_with_the_request() -> None:
    ask()
    assert request_id.get() == ""


def refused(error: Exception, path: str = "/", accept: str = "text/html") -> HttpResponse | None:
    request = RequestFactory().get(path, headers={"Accept": accept})
    return ErrorPageMiddleware(answer).process_exception(request, error)


def test_a_refusal_of_a_page_is_a_page_with_its_status() -> None:
    response = refused(ConflictError("Berta was first."))
    assert response is not None
    assert response.status_code == 409
    assert b"Berta was first." in response.content


@pytest.mark.parametrize(("path", "accept"), [("/api/v1/x/", "*/*"), ("/x/", "application/json")])
def test_whoever_asks_for_json_gets_the_error_shape(path: str, accept: str) -> None:
    response = refused(NotFoundError("Gone.", photo=3), path, accept)
    assert response is not None
    assert response.status_code == 404
    assert response["Content-Type"] == "application/json"
    assert b'"code": "not_found"' in response.content


def test_an_error_that_is_no_refusal_goes_on() -> None:
    assert refused(KeyError("bug")) is None
