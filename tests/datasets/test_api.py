"""Exports over the API: the same services as the page."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.datasets.models import Export
from reviewapp.datasets.states import ExportState
from tests.conftest import SignIn
from tests.datasets.exports import ZIP, make_export
from tests.people import People

LIST = reverse("exports")


@pytest.fixture
def steward(people: People, sign_in: SignIn) -> Client:
    return sign_in(people.steward)


def read(client: Client, export: Export) -> dict[str, Any]:
    found: dict[str, Any] = client.get(reverse("export", args=(export.pk,))).json()
    return found


def test_asking_answers_with_the_export_that_a_worker_will_write(steward: Client) -> None:
    answer = steward.post(LIST)
    assert answer.status_code == HTTPStatus.ACCEPTED
    assert (answer.json()["state"], answer.json()["download"]) == ("waiting", None)


def test_asking_twice_answers_with_the_one_that_waits(steward: Client) -> None:
    assert steward.post(LIST).json()["id"] == steward.post(LIST).json()["id"]


def test_the_newest_comes_first(steward: Client) -> None:
    for number in (1, 2, 3):
        make_export(number=number)
    assert [row["number"] for row in steward.get(LIST).json()["results"]] == [3, 2, 1]


def test_one_export_says_how_far_it_is(steward: Client) -> None:
    export = make_export(state=ExportState.WRITING)
    Export.objects.update(photos_total=8, photos_written=3)
    found = read(steward, export)
    assert (found["photos_written"], found["photos_total"]) == (3, 8)


def test_a_done_export_says_where_its_zip_is(steward: Client) -> None:
    export = make_export(state=ExportState.DONE)
    answer = steward.get(read(steward, export)["download"])
    assert b"".join(answer.streaming_content) == ZIP  # type: ignore[attr-defined]


def test_a_zip_that_is_not_there_yet_is_a_conflict(steward: Client) -> None:
    export = make_export()
    answer = steward.get(reverse("export-download", args=(export.pk,)))
    assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.CONFLICT, "conflict")


@pytest.mark.parametrize("who", ["appraiser", "adjuster", "manager", "operator"])
@pytest.mark.parametrize("name", ["exports", "export", "export-download"])
def test_only_the_data_steward_may(people: People, sign_in: SignIn, who: str, name: str) -> None:
    export = make_export(state=ExportState.DONE)
    url = reverse(name, args=() if name == "exports" else (export.pk,))
    assert sign_in(getattr(people, who)).get(url).status_code == HTTPStatus.FORBIDDEN


def test_nobody_else_can_ask(people: People, sign_in: SignIn) -> None:
    assert sign_in(people.operator).post(LIST).status_code == HTTPStatus.FORBIDDEN
    assert not Export.objects.exists()
