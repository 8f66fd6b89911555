import io
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inference import masks
from reviewapp.intake.states import CaseState
from reviewapp.review.labels import LabelMaps
from reviewapp.review.models import Correction, Decision, Review
from tests.conftest import SignIn
from tests.factories.assessment import make_assessed_case
from tests.people import People
from tests.review.desk import SCRATCH, Desk

HOOD = {"part": "Hood", "side": "", "damage": "Deformity"}


@pytest.fixture
def client(desk: Desk, sign_in: SignIn) -> Client:
    """The adjuster who holds the review."""
    return sign_in(desk.adjuster)


@pytest.fixture
def page(desk: Desk, client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/api/v1/reviews/{desk.review.pk}/").json()
    return answer


def post(client: Client, url: str, **body: Any) -> tuple[int, dict[str, Any]]:
    response = client.post(url, body, content_type="application/json")
    return response.status_code, response.json() if response.content else {}


def content(client: Client, url: str) -> bytes:
    response = client.get(url)
    assert response.status_code == 200
    body: bytes = response.getvalue()
    return body


def test_the_review_page_gets_everything_at_once(page: dict[str, Any]) -> None:
    assert page["held"] is True
    assert [photo["number"] for photo in page["photos"]] == [1, 2]
    assert page["undecided"] == 1


def test_flagged_lines_come_first(page: dict[str, Any]) -> None:
    assert [line["flagged"] for line in page["lines"]] == [True, False]


def test_a_line_says_how_many_photos_agree(page: dict[str, Any]) -> None:
    line = page["lines"][0]
    assert (line["photos_agree"], line["photos_asked"]) == (2, 2)


def test_the_label_maps_are_what_the_models_drew(
    desk: Desk, client: Client, page: dict[str, Any]
) -> None:
    png = content(client, page["photos"][0]["damage_map_url"])
    assert np.array_equal(masks.decode_label_map(png), desk.maps().damage)


def test_every_address_of_the_page_answers(client: Client, page: dict[str, Any]) -> None:
    first = page["photos"][0]
    of_photo = [url for name, url in first.items() if name.endswith("_url")]
    reads = [page["urls"][name] for name in ("decisions", "queue", "report", "taxonomy")]
    for url in (*of_photo, *reads, page["case"]["url"]):
        content(client, url)


def test_the_page_takes_a_fixed_number_of_queries(
    people: People, sign_in: SignIn, desk: Desk
) -> None:
    client = sign_in(desk.adjuster)
    for photo in desk.assessed.photos:
        desk.make("missed", photo=photo.pk, **HOOD)
    desk.make("accept", line=desk.dent.pk)
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/api/v1/reviews/{desk.review.pk}/")
    assert len(captured) <= 12


def test_a_decision_answers_with_the_fresh_lines(
    desk: Desk, client: Client, page: dict[str, Any]
) -> None:
    status, answer = post(client, page["urls"]["decisions"], verdict="accept", line=desk.dent.pk)
    assert status == 201
    assert answer["lines"][0]["state"] == "accepted"
    assert answer["undecided"] == 0


def test_a_decision_can_be_undone_by_its_address(
    desk: Desk, client: Client, page: dict[str, Any]
) -> None:
    _, made = post(client, page["urls"]["decisions"], verdict="accept", line=desk.dent.pk)
    status, answer = post(client, made["decision"]["undo_url"])
    assert (status, answer["lines"][0]["state"]) == (200, "undecided")
    assert answer["decision"]["undone_at"] is not None


def test_missed_damage_is_among_what_was_added(
    desk: Desk, client: Client, page: dict[str, Any]
) -> None:
    place = {"photo": desk.photo.pk, "bbox": [1, 2, 3, 4]}
    _, answer = post(client, page["urls"]["decisions"], verdict="missed", **place, **HOOD)
    (added,) = answer["added"]
    assert (added["state"], added["probability"], added["line"]) == ("missed", None, None)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"verdict": "perhaps"},
        {"verdict": "accept", "line": "not-an-id"},
        {"verdict": "missed", "bbox": [1, 2]},
        {"verdict": "missed", "bbox": ["a", 2, 3, 4]},
        {"verdict": "missed", "mask": "RLE"},
        {"verdict": "missed", "mask": {"size": [1, 2, 3], "counts": "x"}},
        {"verdict": "reject", "reason_text": "x" * 501},
    ],
)
def test_nonsense_is_refused_in_the_one_error_shape(
    client: Client, page: dict[str, Any], body: dict[str, Any]
) -> None:
    status, answer = post(client, page["urls"]["decisions"], **body)
    assert status == 400
    assert set(answer) == {"code", "message", "details"}
    assert not Decision.objects.exists()


def test_a_lost_lease_answers_409(desk: Desk, client: Client, page: dict[str, Any]) -> None:
    Review.objects.update(state="released")
    status, answer = post(client, page["urls"]["decisions"], verdict="accept", line=desk.dent.pk)
    assert (status, answer["code"]) == (409, "lease_lost")


def send(client: Client, desk: Desk, maps: LabelMaps, *, base: int = 0) -> tuple[int, Any]:
    files = {
        name: SimpleUploadedFile(f"{name}.png", masks.encode_label_map(label_map), "image/png")
        for name, label_map in (("parts_map", maps.parts), ("damage_map", maps.damage))
    }
    response = client.post(
        f"/api/v1/photos/{desk.photo.pk}/corrections/",
        {"review": str(desk.review.pk), "base_revision": base, **files},
    )
    return response.status_code, response.json()


def scratched(desk: Desk) -> LabelMaps:
    maps = desk.maps()
    maps.damage[6:9, 30:60] = SCRATCH
    return maps


def test_a_correction_answers_201_with_its_revision(desk: Desk, client: Client) -> None:
    status, answer = send(client, desk, scratched(desk))
    assert status == 201
    assert (answer["correction"]["revision"], answer["correction"]["added"]) == (1, 1)
    assert answer["photos"][0]["revision"] == 1


def test_a_corrected_map_is_served_as_it_was_sent(desk: Desk, client: Client) -> None:
    maps = scratched(desk)
    _, answer = send(client, desk, maps)
    png = content(client, answer["photos"][0]["damage_map_url"])
    assert np.array_equal(masks.decode_label_map(png), maps.damage)


def test_a_stale_base_answers_409_with_both_revisions(desk: Desk, client: Client) -> None:
    maps = scratched(desk)
    send(client, desk, maps)
    maps.damage[20, 20] = SCRATCH
    status, answer = send(client, desk, maps)
    assert (status, answer["code"]) == (409, "stale_base")
    assert (answer["details"]["base_revision"], answer["details"]["current_revision"]) == (0, 1)


def test_a_correction_without_its_files_is_refused(desk: Desk, client: Client) -> None:
    response = client.post(
        f"/api/v1/photos/{desk.photo.pk}/corrections/",
        {"review": str(desk.review.pk), "base_revision": 0},
    )
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert not Correction.objects.exists()


def test_the_revisions_of_a_photo_are_listed(desk: Desk, client: Client) -> None:
    send(client, desk, scratched(desk))
    answer = client.get(f"/api/v1/photos/{desk.photo.pk}/label-maps/").json()
    assert answer["revision"] == 1
    assert [item["base_revision"] for item in answer["revisions"]] == [0]


def test_an_old_revision_can_still_be_seen(desk: Desk, client: Client) -> None:
    before = desk.maps().damage
    send(client, desk, scratched(desk))
    png = content(client, f"/api/v1/photos/{desk.photo.pk}/label-maps/0/damage/")
    assert np.array_equal(masks.decode_label_map(png), before)


def test_a_revision_that_is_not_there_is_not_found(desk: Desk, client: Client) -> None:
    assert client.get(f"/api/v1/photos/{desk.photo.pk}/label-maps/7/damage/").status_code == 404


def test_a_photo_that_was_not_assessed_has_empty_maps(desk: Desk, client: Client) -> None:
    desk.assessed.results[0].delete()
    png = content(client, f"/api/v1/photos/{desk.photo.pk}/label-maps/0/parts/")
    assert not masks.decode_label_map(png, shape=(64, 96)).any()


def test_only_a_named_version_of_the_models_maps_may_be_kept(
    desk: Desk, client: Client, page: dict[str, Any]
) -> None:
    named = client.get(page["photos"][0]["parts_map_url"])
    plain = client.get(f"/api/v1/photos/{desk.photo.pk}/label-maps/0/parts/")
    assert "immutable" in named.headers["Cache-Control"]
    assert plain.headers["Cache-Control"] == "no-store"
    for response in (named, plain):
        response.getvalue()


def test_the_label_maps_are_served_with_a_fixed_type(client: Client, page: dict[str, Any]) -> None:
    response = client.get(page["photos"][0]["parts_map_url"])
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    response.getvalue()


def test_finishing_says_where_the_case_went(
    desk: Desk, client: Client, page: dict[str, Any]
) -> None:
    desk.accept_all()
    status, answer = post(client, page["urls"]["finish"], outcome="approved")
    assert (status, answer["case_state"]) == (200, CaseState.REVIEWED)
    content(client, answer["report_url"])


def test_finishing_too_early_names_the_open_lines(
    desk: Desk, client: Client, page: dict[str, Any]
) -> None:
    status, answer = post(client, page["urls"]["finish"], outcome="approved")
    assert (status, answer["code"]) == (400, "undecided")
    assert answer["details"]["lines"][0]["title"] == "Left front door · deformity"


def test_the_next_case_over_the_api(people: People, sign_in: SignIn) -> None:
    made = make_assessed_case(people.team)
    _, answer = post(sign_in(people.adjuster), "/api/v1/queue/next/")
    assert answer["review"] == str(made.case.reviews.get().pk)


def test_an_empty_queue_over_the_api(people: People, sign_in: SignIn) -> None:
    status, answer = post(sign_in(people.adjuster), "/api/v1/queue/next/")
    assert (status, answer) == (200, {"review": None, "url": None})


def test_a_case_taken_by_somebody_answers_409_with_who(
    desk: Desk, people: People, sign_in: SignIn
) -> None:
    url = f"/api/v1/cases/{desk.assessed.case.pk}/reviews/"
    status, answer = post(sign_in(people.second_adjuster), url)
    assert (status, answer["code"], answer["details"]["holder"]) == (409, "held", "bela")


def test_the_lease_is_renewed_and_released_over_the_api(
    desk: Desk, client: Client, page: dict[str, Any]
) -> None:
    assert post(client, page["urls"]["renew"])[1]["lease_seconds"] == 1200
    assert post(client, page["urls"]["release"])[0] == 204
    desk.assessed.case.refresh_from_db()
    assert desk.assessed.case.state == CaseState.NEEDS_REVIEW


def test_the_queue_over_the_api(desk: Desk, client: Client) -> None:
    (row,) = client.get("/api/v1/queue/").json()["results"]
    assert (row["claim_number"], row["flags"], row["adjuster"]) == ("CL-1", 1, "bela")


def test_another_adjuster_reads_the_review_but_does_not_hold_it(
    desk: Desk, people: People, sign_in: SignIn
) -> None:
    client = sign_in(people.second_adjuster)
    assert client.get(f"/api/v1/reviews/{desk.review.pk}/").json()["held"] is False


@pytest.mark.parametrize(("who", "status"), [("appraiser", 403), ("stranger_adjuster", 404)])
def test_who_may_not_see_a_review(
    desk: Desk, people: People, sign_in: SignIn, who: str, status: int
) -> None:
    client = sign_in(getattr(people, who))
    assert client.get(f"/api/v1/reviews/{desk.review.pk}/").status_code == status
    assert client.get(f"/reviews/{desk.review.pk}/").status_code == status


def test_a_machine_reads_the_taxonomy(desk: Desk, client: Client) -> None:
    answer = client.get("/api/v1/taxonomy/").json()
    parts = answer["layers"]["parts"]
    assert {item["id"] for item in parts["classes"]} == set(range(1, 43))
    assert {"label": "Hood", "name": "Hood", "side": "", "members": [6]} in parts["merges"]["sides"]


def test_every_word_of_a_merge_is_taken_by_decisions(desk: Desk, client: Client) -> None:
    layers = client.get("/api/v1/taxonomy/").json()["layers"]
    for word in layers["parts"]["merges"]["sides"]:
        draft = {"part": word["name"], "side": word["side"], "damage": "Body Damage"}
        desk.make("correct", line=desk.dent.pk, **draft)


def test_a_body_that_is_no_json_is_refused(client: Client, page: dict[str, Any]) -> None:
    response = client.post(
        page["urls"]["decisions"], io.BytesIO(b"{").read(), content_type="application/json"
    )
    assert response.status_code == 400
