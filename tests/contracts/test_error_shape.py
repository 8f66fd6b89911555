"""Every refusal of the API is `{code, message, details}`, whoever refuses and why."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

from tests.contracts import bodies
from tests.contracts.addresses import ask, url_of
from tests.contracts.matrix import MATRIX, Row
from tests.contracts.world import PERSONS, World

API = [row for row in MATRIX if row.is_api]
REFUSALS = [
    pytest.param(row, who, id=f"{row.name} {row.expected[who]}")
    for row in API
    for who in {row.expected[who]: who for who in PERSONS if row.expected[who] >= "4"}.values()
]
ADDRESSES = [pytest.param(row, id=row.route) for row in {row.route: row for row in API}.values()]
WITH_ID = [case for case in ADDRESSES if "<uuid:" in str(case.id)]
WITH_BODY = [pytest.param(row, id=row.name) for row in API if row.body is not bodies.nothing]
MISSING = "00000000-0000-4000-8000-000000000000"


def assert_shape(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert set(body) == {"code", "message", "details"}
    assert isinstance(body["code"], str)
    assert body["message"].endswith((".", "?"))
    assert isinstance(body["details"], dict)
    return body


@pytest.mark.parametrize(("row", "who"), REFUSALS)
def test_a_refusal_has_the_shape(world: World, row: Row, who: str) -> None:
    assert_shape(ask(world, row, who), int(row.expected[who]))


@pytest.mark.parametrize("row", ADDRESSES)
def test_a_method_that_does_not_exist_has_the_shape(world: World, row: Row) -> None:
    response = world.client("adjuster").put(url_of(world, row))
    assert assert_shape(response, 405)["code"] == "method_not_allowed"


@pytest.mark.parametrize("row", WITH_ID)
def test_an_id_that_is_not_there_has_the_shape(world: World, row: Row) -> None:
    url = "/".join(MISSING if len(part) == 36 else part for part in url_of(world, row).split("/"))
    who = "steward" if "exports" in row.route else "adjuster"
    response = getattr(world.client(who), row.method.lower())(
        url, **row.body(world, {"line_id": MISSING})
    )
    assert assert_shape(response, 404)["code"] == "not_found"


@pytest.mark.parametrize("row", WITH_BODY)
@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{not json", "application/json", {400, 415}),
        (b"<x/>", "application/xml", {415}),
        (b"[]", "application/json", {400, 415}),
    ],
)
def test_a_body_that_cannot_be_read_has_the_shape(
    world: World, row: Row, content: bytes, kind: str, status: set[int]
) -> None:
    who = next(who for who, expected in row.expected.items() if expected[0] == "2")
    client = world.client(who)
    response = getattr(client, row.method.lower())(
        url_of(world, row), data=content, content_type=kind
    )
    assert response.status_code in status
    assert_shape(response, response.status_code)


def test_an_unknown_address_has_the_shape(world: World) -> None:
    response = world.client("manager").get("/api/v1/claims/")
    assert assert_shape(response, 404)["code"] == "not_found"


def test_a_cursor_made_up_has_the_shape(world: World) -> None:
    response = world.client("manager").get("/api/v1/cases/?cursor=made-up")
    assert_shape(response, 404)


def test_a_format_that_nobody_speaks_has_the_shape(world: World) -> None:
    response = world.client("manager").get("/api/v1/cases/", headers={"Accept": "text/csv"})
    assert assert_shape(response, 406)["code"] == "not_acceptable"


def test_nobody_is_told_how_to_sign_in(world: World) -> None:
    response = Client().get("/api/v1/cases/")
    assert assert_shape(response, 401)["code"] == "not_authenticated"
    assert response["WWW-Authenticate"] == "Token"


def test_a_session_without_its_csrf_token_has_the_shape(world: World) -> None:
    client = world.client("appraiser", enforce_csrf_checks=True)
    assert assert_shape(client.post("/api/v1/cases/"), 403)["code"] == "forbidden"


def test_too_much_writing_has_the_shape(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"write": "1/min"})
    client = world.client("stranger_adjuster")
    client.post("/api/v1/queue/next/")
    response = client.post("/api/v1/queue/next/")
    body = assert_shape(response, 429)
    assert body["code"] == "too_many"
    assert int(response["Retry-After"]) > 0


def test_reading_is_not_slowed_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"write": "1/min"})
    client = world.client("stranger_manager")
    assert {client.get("/api/v1/cases/").status_code for _ in range(3)} == {200}


def test_our_own_mistake_has_the_shape(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_user: object) -> object:
        raise RuntimeError("a bug")

    monkeypatch.setattr("reviewapp.intake.api.cases_visible", broken)
    client = world.client("manager", raise_request_exception=False)
    body = assert_shape(client.get("/api/v1/cases/"), 500)
    assert body["code"] == "server_error"
    assert "a bug" not in body["message"]


def test_a_body_that_is_too_large_has_the_shape(world: World, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    client = world.client("appraiser")
    response = client.post("/api/v1/cases/", {"claim_number": "x" * 50}, "application/json")
    assert_shape(response, 400)
