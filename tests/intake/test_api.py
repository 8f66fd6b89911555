from contextlib import closing
from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from reviewapp.accounts.models import Membership, Role
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.states import CaseState, PhotoState
from reviewapp.intake.tasks import derive_photos
from tests.conftest import SignIn
from tests.factories.intake import make_case, make_photo
from tests.intake import files
from tests.intake.files import photo_file, upload
from tests.people import People

OK, CREATED, BAD = HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.BAD_REQUEST
NOT_FOUND, FORBIDDEN, CONFLICT = HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT


@pytest.fixture
def appraiser(people: People, sign_in: SignIn) -> Client:
    return sign_in(people.appraiser)


@pytest.fixture
def case(people: People) -> Case:
    return make_case(people.team)


def send(client: Client, case: Case, *uploads: object) -> Any:
    return client.post(reverse("api-case-photos", args=[case.pk]), {"photos": list(uploads)})


def open_case(client: Client, **body: object) -> Any:
    return client.post(reverse("api-cases"), body, content_type="application/json")


def test_a_case_is_opened(people: People, appraiser: Client) -> None:
    answer = open_case(appraiser, team=str(people.team.pk), claim_number="CL-9", year=2020)
    assert answer.status_code == CREATED
    assert (answer.json()["state"], answer.json()["year"]) == ("draft", 2020)


def test_whoever_has_one_team_need_not_name_it(people: People, appraiser: Client) -> None:
    answer = open_case(appraiser, claim_number="CL-9")
    assert answer.status_code == CREATED
    assert Case.objects.get().team == people.team


def test_whoever_has_two_teams_names_one(people: People, appraiser: Client) -> None:
    Membership.objects.create(user=people.appraiser, team=people.other_team, role=Role.APPRAISER)
    answer = open_case(appraiser, claim_number="CL-9")
    assert set(answer.json()["details"]) == {"team"}


def test_a_case_needs_a_claim_number(people: People, appraiser: Client) -> None:
    answer = open_case(appraiser, team=str(people.team.pk))
    assert answer.status_code == BAD
    assert set(answer.json()["details"]) == {"claim_number"}


def test_a_case_is_not_opened_in_somebody_elses_team(people: People, appraiser: Client) -> None:
    answer = open_case(appraiser, team=str(people.other_team.pk), claim_number="CL-9")
    assert answer.status_code == BAD
    assert not Case.objects.exists()


def test_nobody_makes_a_case_synthetic_or_sets_its_state(people: People, appraiser: Client) -> None:
    open_case(appraiser, team=str(people.team.pk), claim_number="1", synthetic=True, state="closed")
    case = Case.objects.get()
    assert (case.synthetic, case.state) == (False, CaseState.DRAFT)


def listed(client: Client, **query: str) -> list[str]:
    page = client.get(reverse("api-cases"), query).json()
    return [case["claim_number"] for case in page["results"]]


def test_the_list_holds_only_the_teams_cases(people: People, appraiser: Client) -> None:
    make_case(people.team, claim_number="ours")
    make_case(people.other_team, claim_number="theirs")
    assert listed(appraiser) == ["ours"]


def test_the_list_is_filtered_by_state_and_claim_number(people: People, appraiser: Client) -> None:
    make_case(people.team, claim_number="CL-17", state=CaseState.CLOSED)
    make_case(people.team, claim_number="CL-170")
    assert listed(appraiser, claim_number="17", state="closed") == ["CL-17"]


def test_an_unknown_state_is_refused(appraiser: Client) -> None:
    answer = appraiser.get(reverse("api-cases"), {"state": "lost"})
    assert answer.status_code == BAD
    assert answer.json()["code"] == "invalid"


@pytest.mark.parametrize("name", ["created_by__password", "team__name", "ordering"])
def test_nothing_else_filters(people: People, appraiser: Client, name: str) -> None:
    make_case(people.team, claim_number="ours")
    assert listed(appraiser, **{name: "x"}) == ["ours"]


def test_pages_of_cases_follow_each_other(people: People, appraiser: Client) -> None:
    for number in range(3):
        make_case(people.team, claim_number=f"CL-{number}")
    first = appraiser.get(reverse("api-cases"), {"page_size": 2}).json()
    second = appraiser.get(first["next"]).json()
    seen = [case["claim_number"] for page in (first, second) for case in page["results"]]
    assert seen == ["CL-2", "CL-1", "CL-0"]


def test_facts_are_changed(appraiser: Client, case: Case) -> None:
    url = reverse("api-case", args=[case.pk])
    answer = appraiser.patch(url, {"make": "Volvo"}, content_type="application/json")
    assert (answer.status_code, answer.json()["make"]) == (OK, "Volvo")


def test_a_photo_is_taken(appraiser: Client, case: Case) -> None:
    answer = send(appraiser, case, photo_file("left.jpg"))
    assert answer.status_code == CREATED
    [receipt] = answer.json()["receipts"]
    assert (receipt["outcome"], receipt["photo"]["state"]) == ("added", "received")


def test_a_duplicate_names_the_first_photo(appraiser: Client, case: Case) -> None:
    first = send(appraiser, case, photo_file("left.jpg")).json()["receipts"][0]["photo"]
    answer = send(appraiser, case, photo_file("again.jpg"))
    assert answer.status_code == OK
    [receipt] = answer.json()["receipts"]
    assert (receipt["outcome"], receipt["photo"]["id"]) == ("duplicate", first["id"])


BAD_FILES = {
    "empty.jpg": (b"", "photo_empty"),
    "drawing.jpg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_not_a_picture"),
    "page.jpg": (b"<!doctype html><script>alert(1)</script>", "photo_not_a_picture"),
    "archive.jpg": (files.zipped(), "photo_not_a_picture"),
    "png.jpg": (files.png_claiming(64, 64), "photo_mislabelled"),
    "bomb.png": (files.png_claiming(100_000, 100_000), "photo_too_many_pixels"),
    "text-bomb.png": (files.text_bomb_png(), "photo_broken"),
    "moving.gif": (files.moving("GIF"), "photo_not_a_picture"),
    "moving.png": (files.moving("PNG"), "photo_animated"),
    "moving.webp": (files.moving("WEBP"), "photo_animated"),
    "cut.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "photo_broken"),
}


@pytest.mark.parametrize("name", list(BAD_FILES))
def test_a_bad_file_is_refused_in_the_one_error_shape(
    appraiser: Client, case: Case, name: str
) -> None:
    content, code = BAD_FILES[name]
    answer = send(appraiser, case, upload(content, name))
    assert (answer.status_code, answer.json()["code"]) == (BAD, code)
    assert answer.json()["message"].startswith(name)
    assert not Photo.objects.exists()


def test_bad_files_among_good_ones_are_named_and_the_others_taken(
    appraiser: Client, case: Case
) -> None:
    bad = [upload(content, name) for name, (content, _) in BAD_FILES.items()]
    answer = send(appraiser, case, photo_file("a.jpg", seed=1), *bad, photo_file(seed=2))
    outcomes = [receipt["outcome"] for receipt in answer.json()["receipts"]]
    assert answer.status_code == CREATED
    assert outcomes == ["added", *["refused"] * len(bad), "added"]
    assert Photo.objects.count() == 2


def test_a_request_without_files_says_what_to_send(appraiser: Client, case: Case) -> None:
    answer = send(appraiser, case)
    assert (answer.status_code, answer.json()["code"]) == (BAD, "no_files")


def test_a_body_that_is_no_form_is_refused(appraiser: Client, case: Case) -> None:
    url = reverse("api-case-photos", args=[case.pk])
    answer = appraiser.post(url, b"--x", content_type="multipart/form-data; boundary=x")
    assert answer.status_code == BAD


def test_fifty_photos_come_at_once(appraiser: Client, case: Case) -> None:
    answer = send(appraiser, case, *[photo_file(f"{n}.jpg", seed=n) for n in range(50)])
    assert answer.status_code == CREATED
    assert Photo.objects.count() == 50


def test_more_files_than_a_case_holds_are_refused(appraiser: Client, case: Case) -> None:
    answer = send(appraiser, case, *[photo_file(f"{n}.jpg", seed=n) for n in range(51)])
    assert answer.status_code == BAD
    assert not Photo.objects.exists()


def test_the_photos_of_a_case_are_listed_as_they_came(appraiser: Client, case: Case) -> None:
    make_photo(case, number=2)
    make_photo(case, number=1)
    page = appraiser.get(reverse("api-case-photos", args=[case.pk])).json()
    assert [photo["number"] for photo in page["results"]] == [1, 2]


def test_a_photo_says_where_its_pictures_are(appraiser: Client, case: Case) -> None:
    send(appraiser, case, photo_file())
    before = appraiser.get(reverse("api-photo", args=[Photo.objects.get().pk])).json()
    derive_photos()
    after = appraiser.get(reverse("api-photo", args=[Photo.objects.get().pk])).json()
    assert (before["display_url"], before["state"]) == (None, "received")
    with closing(appraiser.get(after["display_url"])) as picture:
        assert picture.status_code == OK


def test_deleting_a_photo_withdraws_it(appraiser: Client, case: Case) -> None:
    photo = make_photo(case)
    answer = appraiser.delete(reverse("api-photo", args=[photo.pk]))
    photo.refresh_from_db()
    assert (answer.status_code, photo.state) == (HTTPStatus.NO_CONTENT, PhotoState.WITHDRAWN)


def test_a_case_is_submitted_once(appraiser: Client, case: Case) -> None:
    make_photo(case)
    url = reverse("api-case-submit", args=[case.pk])
    first, second = appraiser.post(url), appraiser.post(url)
    assert (first.json()["state"], second.status_code) == ("submitted", CONFLICT)


def test_a_case_is_withdrawn(appraiser: Client, case: Case) -> None:
    answer = appraiser.post(reverse("api-case-withdraw", args=[case.pk]))
    assert answer.json()["state"] == "withdrawn"


def test_a_manager_closes_a_case(people: People, sign_in: SignIn) -> None:
    case = make_case(people.team, state=CaseState.AUTO_ACCEPTED)
    answer = sign_in(people.manager).post(reverse("api-case-close", args=[case.pk]))
    assert answer.json()["state"] == "closed"


def test_an_adjuster_sees_but_does_not_add(people: People, sign_in: SignIn, case: Case) -> None:
    client = sign_in(people.adjuster)
    assert client.get(reverse("api-case", args=[case.pk])).status_code == OK
    assert send(client, case, photo_file()).status_code == FORBIDDEN
    assert not Photo.objects.exists()


@pytest.mark.parametrize("who", ["stranger_appraiser", "stranger_manager", "steward", "operator"])
def test_strangers_find_nothing(people: People, sign_in: SignIn, case: Case, who: str) -> None:
    client = sign_in(getattr(people, who))
    assert send(client, case, photo_file()).status_code == NOT_FOUND
    assert client.get(reverse("api-photo", args=[make_photo(case).pk])).status_code == NOT_FOUND


def test_an_appraiser_of_two_teams_opens_cases_in_both(people: People, appraiser: Client) -> None:
    Membership.objects.create(user=people.appraiser, team=people.other_team, role=Role.APPRAISER)
    answer: HttpResponse = open_case(appraiser, team=str(people.other_team.pk), claim_number="CL-9")
    assert answer.status_code == CREATED
