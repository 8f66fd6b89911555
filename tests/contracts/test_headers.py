"""What every answer says to the browser about its own safety."""

import re
from http.cookies import Morsel
from typing import Any

import pytest
from django.test import Client

from tests.contracts.addresses import ask
from tests.contracts.matrix import MATRIX, Row
from tests.contracts.world import World
from tests.people import PASSWORD


def allowed(row: Row) -> str:
    return next((who for who, status in row.expected.items() if status == "200"), "")


NO_PAGES = ("api/v1/", "api/schema/", "photos/", "exports/<", "healthz", "readyz")
READABLE = [row for row in MATRIX if row.method == "GET" and allowed(row)]
PAGES = [pytest.param(row, allowed(row), id=row.name) for row in READABLE]
HTML = [
    pytest.param(row, allowed(row), id=row.name)
    for row in READABLE
    if not row.route.startswith(NO_PAGES)
]


@pytest.mark.parametrize(("row", "who"), PAGES)
def test_an_answer_is_neither_sniffed_nor_framed_nor_shared(
    world: World, row: Row, who: str
) -> None:
    response = ask(world, row, who)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert {"private", "no-store"} & set(response["Cache-Control"].replace(",", " ").split())


@pytest.mark.parametrize(("row", "who"), PAGES)
def test_an_answer_runs_no_script_but_ours(world: World, row: Row, who: str) -> None:
    policy = directives(ask(world, row, who))
    assert policy["default-src"] in ("'self'", "'none'")
    assert "script-src" not in policy
    assert "unsafe" not in str(policy)


def directives(response: Any) -> dict[str, str]:
    """The policy by directive; django-csp writes them in any order."""
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


_INLINE = re.compile(
    rb"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\sstyle=|<style|\son\w+=\"", re.I
)


@pytest.mark.parametrize(("row", "who"), HTML)
def test_a_page_has_nothing_inline_that_the_policy_forbids(
    world: World, row: Row, who: str
) -> None:
    response = ask(world, row, who)
    assert response["Content-Type"].startswith("text/html")
    assert _INLINE.findall(response.content) == []


def test_a_refusal_is_as_safe_as_an_answer(world: World) -> None:
    response = world.client("manager").get("/no/such/page/")
    assert directives(response)["default-src"] == "'self'"
    assert response["X-Content-Type-Options"] == "nosniff"


def cookies_of_a_sign_in() -> dict[str, "Morsel[str]"]:
    client = Client()
    client.get("/sign-in/")
    client.post("/sign-in/", {"username": "mona", "password": PASSWORD})
    return dict(client.cookies)


def test_no_script_reads_the_session(world: World) -> None:
    session = cookies_of_a_sign_in()["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"


def test_photos_come_with_a_type_of_ours(world: World) -> None:
    place = world.places["draft"]
    for picture in ("display", "thumbnail", "original"):
        url = f"/photos/{place['photo_id']}/{picture}/"
        response: Any = world.client("appraiser").get(url)
        b"".join(response.streaming_content)
        assert response["Content-Type"] == "image/jpeg"
        assert response["Content-Security-Policy"] == "default-src 'none'"
