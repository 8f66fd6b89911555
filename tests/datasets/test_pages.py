"""The page of exports, as a data steward sees it and as nobody else does."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.datasets.models import Export
from reviewapp.datasets.states import ExportState
from tests.conftest import SignIn
from tests.datasets.exports import ZIP, make_export
from tests.datasets.reviewed import make_reviewed_case
from tests.people import People

PAGE = reverse("datasets:exports")


@pytest.fixture
def steward(people: People, sign_in: SignIn) -> Client:
    return sign_in(people.steward)


def page(client: Client, **headers: str) -> str:
    return client.get(PAGE, headers=headers).content.decode()


def test_without_reviewed_cases_the_page_says_where_labels_come_from(steward: Client) -> None:
    assert "Labels come from cases whose review" in page(steward)
    assert "Export labels" not in page(steward)


def test_the_page_says_how_many_photos_can_be_exported(steward: Client, people: People) -> None:
    make_reviewed_case(people.team, people.adjuster, photos=3)
    assert "3 photos of 1 reviewed case can be exported now" in page(steward)


def test_asking_makes_an_export_and_shows_it(steward: Client) -> None:
    answer = steward.post(PAGE, follow=True)
    assert Export.objects.get().state == ExportState.WAITING
    assert "Waiting for a worker" in answer.content.decode()


def test_the_page_shows_how_far_it_is(steward: Client) -> None:
    export = make_export(state=ExportState.WRITING)
    Export.objects.filter(pk=export.pk).update(photos_total=8, photos_written=3)
    assert "3 of 8 photos" in page(steward)


def test_while_one_is_under_way_the_list_asks_again(steward: Client) -> None:
    make_export(state=ExportState.WRITING)
    assert 'hx-trigger="every' in page(steward)


def test_when_all_are_done_the_list_rests(steward: Client) -> None:
    make_export(state=ExportState.DONE)
    assert "hx-trigger" not in page(steward)


def test_asking_again_brings_the_list_alone(steward: Client) -> None:
    make_export(state=ExportState.DONE)
    partial = page(steward, **{"HX-Request": "true"})
    assert "Export 1" in partial
    assert "<html" not in partial


def test_a_failed_export_says_why(steward: Client) -> None:
    make_export(state=ExportState.FAILED)
    assert "The disk is full." in page(steward)


def test_the_zip_is_downloaded_under_its_number(steward: Client) -> None:
    export = make_export(number=7, state=ExportState.DONE)
    answer = steward.get(reverse("datasets:download", args=(export.pk,)))
    assert b"".join(answer.streaming_content) == ZIP  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="labels-7.zip"'
    assert answer["Content-Type"] == "application/zip"


def test_an_export_that_is_not_done_is_refused(steward: Client) -> None:
    export = make_export()
    answer = steward.get(reverse("datasets:download", args=(export.pk,)))
    assert answer.status_code == HTTPStatus.CONFLICT


@pytest.mark.parametrize("who", ["appraiser", "adjuster", "manager", "operator"])
def test_only_the_data_steward_sees_and_takes_exports(
    people: People, sign_in: SignIn, who: str
) -> None:
    export = make_export(state=ExportState.DONE)
    client = sign_in(getattr(people, who))
    for url in (PAGE, reverse("datasets:download", args=(export.pk,))):
        assert client.get(url).status_code == HTTPStatus.FORBIDDEN


def test_nobody_else_can_ask(people: People, sign_in: SignIn) -> None:
    assert sign_in(people.manager).post(PAGE).status_code == HTTPStatus.FORBIDDEN
    assert not Export.objects.exists()


def test_the_page_costs_the_same_with_many_exports(
    steward: Client, people: People, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(1, 16):
        make_export(number=number, state=ExportState.DONE, by=people.steward)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        page(steward)
