"""Lists come in pages that stay whole while rows come in."""

from typing import Any

import pytest
from django.test import Client

from tests.conftest import SignIn
from tests.factories.intake import make_case
from tests.people import People


@pytest.fixture
def bela(people: People, sign_in: SignIn) -> Client:
    for number in range(7):
        make_case(people.team, claim_number=f"CL-{number}")
    return sign_in(people.adjuster)


def numbers(answer: Any) -> list[str]:
    return [row["claim_number"] for row in answer.json()["results"]]


def test_the_newest_come_first(bela: Client) -> None:
    assert numbers(bela.get("/api/v1/cases/"))[0] == "CL-6"


def test_a_page_is_as_long_as_asked(bela: Client) -> None:
    assert numbers(bela.get("/api/v1/cases/?page_size=3")) == ["CL-6", "CL-5", "CL-4"]


def test_following_next_gives_every_row_once(bela: Client, people: People) -> None:
    seen, url = [], "/api/v1/cases/?page_size=3"
    while url:
        answer = bela.get(url)
        seen += numbers(answer)
        make_case(people.team, claim_number="came in meanwhile")
        url = answer.json()["next"]
    assert seen == [f"CL-{number}" for number in reversed(range(7))]


@pytest.mark.parametrize("size", ["0", "-1", "many", "100000"])
def test_an_odd_size_breaks_nothing(bela: Client, size: str) -> None:
    assert len(numbers(bela.get(f"/api/v1/cases/?page_size={size}"))) == 7
