"""Every refusal has the one look, whoever refuses."""

import pytest
from django.test import Client, RequestFactory

from reviewapp.foundation import error_pages
from tests.people import People


def test_an_unknown_page_says_so(client: Client, db: None) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert b"There is nothing here" in response.content


def test_an_unknown_endpoint_answers_in_the_error_shape(client: Client, db: None) -> None:
    response = client.get("/api/v1/no-such-thing/")
    assert response.status_code == 404
    assert response.json() == {
        "code": "not_found",
        "message": response.json()["message"],
        "details": {},
    }


def test_a_form_without_its_token_is_refused_as_a_page(people: People) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/sign-in/", {"username": "anna", "password": "x"})
    assert response.status_code == 403
    assert b"reload the page" in response.content


@pytest.mark.parametrize(("path", "kind"), [("/x/", "text/html"), ("/api/x/", "application/json")])
def test_our_own_mistake_needs_neither_user_nor_database(path: str, kind: str) -> None:
    # No `db` here: a query would fail this test.
    response = error_pages.server_error(RequestFactory().get(path))
    assert response.status_code == 500
    assert response["Content-Type"].startswith(kind)


def test_an_unreadable_request_is_refused_in_the_error_shape() -> None:
    request = RequestFactory().get("/api/x/")
    response = error_pages.bad_request(request, ValueError("bad"))
    assert response.status_code == 400
    assert b'"code": "invalid"' in response.content
