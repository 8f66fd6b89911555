from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings
from redis.exceptions import RedisError

from reviewapp.accounts.throttling import client_address, sign_in_attempt
from reviewapp.foundation.errors import TooManyError
from tests.conftest import SignIn
from tests.people import PASSWORD, People

WRONG = "wrong"
HERE, THERE = "192.0.2.1", "198.51.100.7"


def knock(username: str, password: str = WRONG, address: str = HERE) -> Any:
    data = {"username": username, "password": password}
    return Client(REMOTE_ADDR=address).post("/sign-in/", data)


def fail(username: str, times: int, address: str = HERE) -> None:
    for _ in range(times):
        knock(username, address=address)


def test_after_five_failures_even_the_right_password_waits(people: People) -> None:
    fail("anna", 5)
    response = knock("anna", PASSWORD)
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert b"Wait 15 minutes" in response.content


def test_four_failures_are_forgiven(people: People) -> None:
    fail("anna", 4)
    assert knock("anna", PASSWORD).status_code == 302


def test_success_forgets_the_failures_before(people: People) -> None:
    fail("anna", 4)
    knock("anna", PASSWORD)
    fail("anna", 4)
    assert knock("anna", PASSWORD).status_code == 302


def test_capitals_make_no_other_name(people: People) -> None:
    fail("ANNA", 3)
    fail("Anna", 2)
    assert knock("anna", PASSWORD).status_code == 429


def test_who_sits_elsewhere_is_not_locked_out(people: People) -> None:
    fail("anna", 5)
    assert knock("anna", PASSWORD, THERE).status_code == 302


def test_a_colleague_at_the_same_address_is_not_locked_out(people: People) -> None:
    fail("anna", 5)
    assert knock("bela", PASSWORD).status_code == 302


def test_many_addresses_do_not_guess_one_name(people: People, settings: Settings) -> None:
    settings.SIGN_IN_MAX_FAILURES_OF_NAME = 6
    for number in range(6):
        fail("anna", 1, f"192.0.2.{number}")
    assert knock("anna", PASSWORD, THERE).status_code == 429


def test_one_address_does_not_try_many_names(people: People, settings: Settings) -> None:
    settings.SIGN_IN_MAX_FAILURES_OF_ADDRESS = 6
    for number in range(6):
        fail(f"name-{number}", 1)
    assert knock("anna", PASSWORD).status_code == 429


def test_guesses_of_the_same_moment_count_before_they_fail() -> None:
    for _ in range(5):
        sign_in_attempt(name="anna", address=HERE)
    with pytest.raises(TooManyError):
        sign_in_attempt(name="anna", address=HERE)


def test_a_refused_attempt_does_not_count(settings: Settings) -> None:
    for _ in range(5):
        sign_in_attempt(name="anna", address=HERE)
    settings.SIGN_IN_MAX_FAILURES_OF_ADDRESS = 6
    for _ in range(3):
        with pytest.raises(TooManyError):
            sign_in_attempt(name="anna", address=HERE)
    assert sign_in_attempt(name="bela", address=HERE).taken


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", HERE),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "", HERE),
    ],
)
def test_an_address_is_believed_from_our_proxies_only(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory(REMOTE_ADDR=HERE, headers={"X-Forwarded-For": forwarded}).get("/")
    assert client_address(request) == address


@pytest.fixture
def dead_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RedisError("nobody listens")

    monkeypatch.setattr(LocMemCache, "get_many", refuse)
    monkeypatch.setattr(LocMemCache, "get", refuse)


def test_without_the_cache_nobody_guesses(people: People, dead_cache: None) -> None:
    response = knock("anna", PASSWORD)
    assert response.status_code == 503
    assert b"whoever is in stays in" in response.content


def test_without_the_cache_the_work_goes_on(
    people: People, dead_cache: None, sign_in: SignIn
) -> None:
    client = sign_in(people.adjuster)
    assert client.post("/api/v1/queue/next/").status_code == 200
