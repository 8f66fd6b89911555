import uuid
from contextlib import closing
from http import HTTPStatus

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reviewapp.accounts.models import Membership, Role
from reviewapp.foundation.files import file_read
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.services import case_move
from reviewapp.intake.states import CaseState, PhotoState
from tests.conftest import SignIn
from tests.factories.intake import make_case, make_photo
from tests.intake.files import photo_file, upload
from tests.people import People

OK, FOUND, BAD = HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.BAD_REQUEST
NOT_FOUND, FORBIDDEN = HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN


@pytest.fixture
def appraiser(people: People, sign_in: SignIn) -> Client:
    return sign_in(people.appraiser)


@pytest.fixture
def case(people: People) -> Case:
    return make_case(people.team, claim_number="CL-17")


def page(client: Client, name: str, *args: object, **query: str) -> str:
    return client.get(reverse(f"intake:{name}", args=args), query).content.decode()


def test_the_list_shows_the_teams_cases(people: People, appraiser: Client, case: Case) -> None:
    make_case(people.other_team, claim_number="CL-99")
    text = page(appraiser, "cases")
    assert ("CL-17" in text, "CL-99" in text) == (True, False)


def test_an_empty_list_says_what_to_do_next(appraiser: Client) -> None:
    assert "Open the first case" in page(appraiser, "cases")


def test_an_adjuster_is_not_told_to_open_cases(people: People, sign_in: SignIn) -> None:
    text = page(sign_in(people.adjuster), "cases")
    assert ("New case" in text, "as soon as an appraiser" in text) == (False, True)


@pytest.mark.parametrize(
    "query", [{"claim_number": "nothing"}, {"state": "closed"}, {"state": "x"}]
)
def test_a_search_without_a_hit_says_so(
    appraiser: Client, case: Case, query: dict[str, str]
) -> None:
    assert "No case matches" in page(appraiser, "cases", **query)


@pytest.mark.parametrize("query", [{"page": "99"}, {"page": "x"}, {"claim_number": "\0"}])
def test_a_strange_query_is_no_error(appraiser: Client, case: Case, query: dict[str, str]) -> None:
    assert appraiser.get(reverse("intake:cases"), query).status_code == OK


def test_a_long_list_has_pages(people: People, appraiser: Client) -> None:
    for number in range(26):
        make_case(people.team, claim_number=f"CL-{number}")
    assert "Page 1 of 2" in page(appraiser, "cases")


def test_the_list_costs_the_same_for_many_cases(
    people: People, appraiser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_photo(make_case(people.team, claim_number=f"CL-{number}"))
    with django_assert_max_num_queries(8):
        page(appraiser, "cases")


def test_a_case_is_opened_with_its_claim_number_alone(appraiser: Client, people: People) -> None:
    answer = appraiser.post(reverse("intake:new"), {"claim_number": "CL-5"})
    case = Case.objects.get()
    assert answer.headers["Location"] == reverse("intake:case", args=[case.pk])
    assert (case.claim_number, case.team) == ("CL-5", people.team)


def test_a_case_without_claim_number_is_not_opened(appraiser: Client) -> None:
    answer = appraiser.post(reverse("intake:new"), {"make": "Volvo"})
    assert "This field is required" in answer.content.decode()
    assert not Case.objects.exists()


def test_the_team_is_asked_for_only_where_there_is_a_choice(
    people: People, appraiser: Client
) -> None:
    assert 'name="team"' not in page(appraiser, "new")
    Membership.objects.create(user=people.appraiser, team=people.other_team, role=Role.APPRAISER)
    assert 'name="team"' in page(appraiser, "new")


def test_an_adjuster_opens_no_cases(people: People, sign_in: SignIn) -> None:
    assert sign_in(people.adjuster).get(reverse("intake:new")).status_code == FORBIDDEN


def test_a_draft_offers_the_camera_and_the_gallery(appraiser: Client, case: Case) -> None:
    text = page(appraiser, "case", case.pk)
    assert 'capture="environment"' in text
    assert 'id="gallery"' in text


def test_an_adjuster_sees_a_draft_without_capture(
    people: People, sign_in: SignIn, case: Case
) -> None:
    text = page(sign_in(people.adjuster), "case", case.pk)
    assert ("still taking photos" in text, "data-capture" in text) == (True, False)


def test_photos_come_without_javascript_too(appraiser: Client, case: Case) -> None:
    url = reverse("intake:photos", args=[case.pk])
    answer = appraiser.post(
        url, {"photos": [photo_file("a.jpg"), upload(b"", "b.jpg")]}, follow=True
    )
    assert "b.jpg is empty" in answer.content.decode()
    assert Photo.objects.count() == 1


def test_a_refused_photo_says_why_and_does_not_count(appraiser: Client, case: Case) -> None:
    make_photo(case)
    case.photos.update(state=PhotoState.REFUSED, refusal="half.jpg is cut off.")
    text = page(appraiser, "case", case.pk)
    assert ("half.jpg is cut off." in text, "photos checked" in text) == (True, False)


def test_how_many_photos_are_checked_is_said(appraiser: Client, case: Case) -> None:
    make_photo(case, number=1)
    Photo.objects.update(state=PhotoState.CHECKING)
    make_photo(case, number=2)
    assert "1 of 2 photos checked" in page(appraiser, "case", case.pk)


def test_a_submitted_case_shows_its_progress(appraiser: Client, case: Case) -> None:
    make_photo(case)
    appraiser.post(reverse("intake:submit", args=[case.pk]))
    text = page(appraiser, "case", case.pk)
    assert (f"/cases/{case.pk}/progress/" in text, "data-running" in text) == (True, True)


def test_submitting_too_early_says_what_is_missing(appraiser: Client, case: Case) -> None:
    answer = appraiser.post(reverse("intake:submit", args=[case.pk]))
    assert answer.status_code == BAD
    assert "Add at least one photo" in answer.content.decode()


def test_a_request_for_photos_shows_the_adjusters_words(people: People, appraiser: Client) -> None:
    case = make_case(people.team, state=CaseState.IN_REVIEW)
    case_move(case=case, to=CaseState.WAITING_FOR_PHOTOS, reason="The sill is hidden.")
    assert "The sill is hidden." in page(appraiser, "case", case.pk)


def test_facts_are_saved(appraiser: Client, case: Case) -> None:
    url = reverse("intake:facts", args=[case.pk])
    appraiser.post(url, {"claim_number": "CL-18", "make": "Saab"})
    case.refresh_from_db()
    assert (case.claim_number, case.make) == ("CL-18", "Saab")


def test_wrong_facts_are_shown_beside_their_field(appraiser: Client, case: Case) -> None:
    url = reverse("intake:facts", args=[case.pk])
    answer = appraiser.post(url, {"claim_number": "CL-18", "year": "1066"})
    assert answer.status_code == BAD
    assert "greater than or equal to 1900" in answer.content.decode()


def test_a_photo_is_withdrawn(appraiser: Client, case: Case) -> None:
    photo = make_photo(case)
    appraiser.post(reverse("intake:photo-withdraw", args=[photo.pk]))
    photo.refresh_from_db()
    assert photo.state == PhotoState.WITHDRAWN


def test_a_case_is_withdrawn(appraiser: Client, case: Case) -> None:
    appraiser.post(reverse("intake:withdraw", args=[case.pk]))
    case.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN


def test_a_manager_closes_a_case(people: People, sign_in: SignIn) -> None:
    case = make_case(people.team, state=CaseState.REVIEWED)
    sign_in(people.manager).post(reverse("intake:close", args=[case.pk]))
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def picture(client: Client, name: str, photo: Photo) -> tuple[HttpResponseBase, bytes]:
    answer = client.get(reverse(f"intake:{name}", args=[photo.pk]))
    with closing(answer):
        return answer, b"".join(answer.streaming_content)  # type: ignore[attr-defined]


PICTURES = ["photo-display", "photo-thumbnail", "photo-original"]


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_private_fixed_in_type_and_kept_by_the_browser(
    appraiser: Client, case: Case, name: str
) -> None:
    answer, _ = picture(appraiser, name, make_photo(case))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_the_original_is_for_keeping(appraiser: Client, case: Case) -> None:
    photo = make_photo(case)
    answer, content = picture(appraiser, "photo-original", photo)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="photo-1.jpg"'
    assert content == file_read(photo.original)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("who", ["stranger_adjuster", "steward", "operator"])
def test_strangers_find_no_pictures(
    people: People, sign_in: SignIn, case: Case, name: str, who: str
) -> None:
    url = reverse(f"intake:{name}", args=[make_photo(case).pk])
    assert sign_in(getattr(people, who)).get(url).status_code == NOT_FOUND


@pytest.mark.parametrize("name", PICTURES)
def test_nobody_is_sent_to_sign_in(client: Client, people: People, case: Case, name: str) -> None:
    answer = client.get(reverse(f"intake:{name}", args=[make_photo(case).pk]))
    assert answer.status_code == FOUND


@pytest.mark.parametrize("name", PICTURES)
def test_a_withdrawn_photo_has_no_pictures(appraiser: Client, case: Case, name: str) -> None:
    photo = make_photo(case)
    Photo.objects.update(state=PhotoState.WITHDRAWN)
    assert appraiser.get(reverse(f"intake:{name}", args=[photo.pk])).status_code == NOT_FOUND


def test_a_case_that_is_not_there_is_not_found(appraiser: Client) -> None:
    assert appraiser.get(reverse("intake:case", args=[uuid.uuid4()])).status_code == NOT_FOUND
