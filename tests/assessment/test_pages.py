import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.assessment.models import Assessment
from reviewapp.assessment.services import assessment_complete, photo_results_claim
from reviewapp.intake.models import Case
from tests.assessment.conftest import MakeSubmitted, fail_for_good, store, store_all
from tests.conftest import SignIn
from tests.factories.assessment import make_assessed_case
from tests.people import People


def _progress(client: Client, case: Case) -> str:
    response = client.get(reverse("assessment:progress", args=[case.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_progress_counts_photos_while_the_models_run(
    people: People, sign_in: SignIn, started: Assessment
) -> None:
    claim = photo_results_claim(limit=1)
    store(started.photo_results.get(pk=claim.ids[0]), claim)
    assert "1 of 2 photos checked" in _progress(sign_in(people.appraiser), started.case)


def test_a_running_progress_fetches_itself_again(
    people: People, sign_in: SignIn, started: Assessment
) -> None:
    assert 'hx-trigger="every 1s"' in _progress(sign_in(people.appraiser), started.case)


def test_a_finished_progress_stops_asking(
    people: People, sign_in: SignIn, started: Assessment
) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    assert "hx-trigger" not in _progress(sign_in(people.appraiser), started.case)


def test_a_finished_progress_links_to_the_report(people: People, sign_in: SignIn) -> None:
    case = make_assessed_case(people.team).case
    assert f"/cases/{case.pk}/report/" in _progress(sign_in(people.appraiser), case)


def test_only_who_reviews_is_led_to_the_queue(people: People, sign_in: SignIn) -> None:
    case = make_assessed_case(people.team).case
    assert 'href="/queue/"' in _progress(sign_in(people.adjuster), case)
    assert 'href="/queue/"' not in _progress(sign_in(people.appraiser), case)


def test_a_failed_photo_is_named_with_its_reason(
    people: People, sign_in: SignIn, started: Assessment
) -> None:
    fail_for_good(started.photo_results.get(photo__number=1), "It is cut off.")
    store_all(started)
    assessment_complete(assessment=started)
    page = _progress(sign_in(people.appraiser), started.case)
    assert "photo 1" in page
    assert "It is cut off." in page


def test_a_submitted_case_says_what_it_waits_for(
    people: People, sign_in: SignIn, submitted: MakeSubmitted
) -> None:
    page = _progress(sign_in(people.appraiser), submitted(1))
    assert "The photos are being prepared." in page


def test_a_stranger_finds_no_progress(people: People, sign_in: SignIn, started: Assessment) -> None:
    url = reverse("assessment:progress", args=[started.case_id])
    assert sign_in(people.stranger_adjuster).get(url).status_code == 404


@pytest.mark.parametrize("method", ["post", "delete"])
def test_progress_is_only_read(
    people: People, sign_in: SignIn, started: Assessment, method: str
) -> None:
    url = reverse("assessment:progress", args=[started.case_id])
    assert getattr(sign_in(people.appraiser), method)(url).status_code == 405
