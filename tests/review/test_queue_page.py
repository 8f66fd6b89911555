from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reviewapp.accounts.models import Membership, Role, Team, User
from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Review
from reviewapp.review.services import review_finish, review_take
from reviewapp.review.states import Outcome
from tests.conftest import SignIn
from tests.factories.assessment import make_assessed_case
from tests.people import People
from tests.review.desk import Desk


def queue(client: Client, **query: Any) -> str:
    response = client.get("/queue/", query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_queue_shows_what_waits_and_why(people: People, sign_in: SignIn) -> None:
    make_assessed_case(people.team, claim_number="CL-7")
    html = queue(sign_in(people.adjuster))
    assert "1 case waits for a review" in html
    assert "CL-7" in html
    assert "Left front door · deformity" in html


def test_the_queue_shows_the_flags_of_a_case_in_words(people: People, sign_in: SignIn) -> None:
    make_assessed_case(people.team, damage=False)
    assert "No damage was found." in queue(sign_in(people.adjuster))


def test_the_queue_never_shows_another_teams_cases(people: People, sign_in: SignIn) -> None:
    make_assessed_case(people.other_team, claim_number="CL-FOREIGN")
    assert "CL-FOREIGN" not in queue(sign_in(people.adjuster))


def test_the_queue_shows_who_has_a_case(people: People, sign_in: SignIn) -> None:
    made = make_assessed_case(people.team)
    review_take(actor=people.second_adjuster, case=made.case)
    assert "berta<br>until" in queue(sign_in(people.adjuster))


def test_ones_own_unfinished_case_is_resumed(people: People, sign_in: SignIn) -> None:
    made = make_assessed_case(people.team)
    review = review_take(actor=people.adjuster, case=made.case)
    assert f'href="/reviews/{review.pk}/"' in queue(sign_in(people.adjuster))


def test_a_search_finds_part_of_a_claim_number(people: People, sign_in: SignIn) -> None:
    make_assessed_case(people.team, claim_number="AB-100")
    make_assessed_case(people.team, claim_number="CD-200")
    html = queue(sign_in(people.adjuster), claim_number="b-1")
    assert "AB-100" in html
    assert "CD-200" not in html


@pytest.mark.parametrize(
    ("show", "state"),
    [
        ("waiting", CaseState.WAITING_FOR_PHOTOS),
        ("waiting", CaseState.WAITING_FOR_INSPECTION),
        ("reviewed", CaseState.REVIEWED),
        ("auto-accepted", CaseState.AUTO_ACCEPTED),
    ],
)
def test_the_tabs_show_cases_in_other_states(
    people: People, sign_in: SignIn, show: str, state: CaseState
) -> None:
    make_assessed_case(people.team, claim_number="CL-THERE", state=state)
    client = sign_in(people.adjuster)
    assert "CL-THERE" in queue(client, show=show)
    assert "CL-THERE" not in queue(client)


def test_a_settled_case_shows_its_outcome_and_note(desk: Desk, sign_in: SignIn) -> None:
    review_finish(
        actor=desk.adjuster,
        review=desk.review,
        outcome=Outcome.MORE_PHOTOS,
        note="The right side, please.",
    )
    html = queue(sign_in(desk.adjuster), show="waiting")
    assert "more photos needed" in html
    assert "The right side, please." in html
    assert "1 flag" not in html


def test_the_audit_tab_shows_the_audit_sample_only(people: People, sign_in: SignIn) -> None:
    make_assessed_case(people.team, claim_number="CL-AUDIT", audit_sample=True)
    make_assessed_case(people.team, claim_number="CL-OTHER")
    html = queue(sign_in(people.adjuster), show="audit sample")
    assert "CL-AUDIT" in html
    assert "CL-OTHER" not in html


def test_the_mine_tab_shows_what_one_holds(people: People, sign_in: SignIn) -> None:
    make_assessed_case(people.team, claim_number="CL-OTHER")
    made = make_assessed_case(people.team, claim_number="CL-MINE")
    review_take(actor=people.adjuster, case=made.case)
    html = queue(sign_in(people.adjuster), show="mine")
    assert "CL-MINE" in html
    assert "CL-OTHER" not in html


def test_a_team_can_be_chosen_by_who_is_in_several(people: People, sign_in: SignIn) -> None:
    Membership.objects.create(user=people.adjuster, team=people.other_team, role=Role.ADJUSTER)
    make_assessed_case(people.team, claim_number="CL-NORTH")
    make_assessed_case(people.other_team, claim_number="CL-SOUTH")
    html = queue(sign_in(people.adjuster), team=str(people.other_team.pk))
    assert "CL-SOUTH" in html
    assert "CL-NORTH" not in html


def test_a_filter_that_makes_no_sense_is_left_out(people: People, sign_in: SignIn) -> None:
    make_assessed_case(people.team, claim_number="CL-7")
    assert "CL-7" in queue(sign_in(people.adjuster), show="nonsense", team="x", page="y")


def test_what_waits_too_long_is_said(people: People, sign_in: SignIn) -> None:
    make_assessed_case(people.team)
    Case.objects.update(submitted_at=timezone.now() - timedelta(days=4))
    assert "1 longer than three days" in queue(sign_in(people.adjuster))


def test_an_empty_queue_says_what_brings_cases_there(people: People, sign_in: SignIn) -> None:
    html = queue(sign_in(people.adjuster))
    assert "Nothing waits for a review." in html
    assert "when the models are not sure" in html


def test_the_next_case_opens_its_review(people: People, sign_in: SignIn) -> None:
    make_assessed_case(people.team)
    response = sign_in(people.adjuster).post("/queue/next/")
    assert response.headers["Location"] == f"/reviews/{Review.objects.get().pk}/"


def test_the_next_case_of_an_empty_queue_says_so(people: People, sign_in: SignIn) -> None:
    response = sign_in(people.adjuster).post("/queue/next/", follow=True)
    assert "Nothing waits for a review at the moment." in response.content.decode()


def test_taking_a_case_that_somebody_has_is_said_on_the_queue(
    people: People, sign_in: SignIn
) -> None:
    made = make_assessed_case(people.team)
    review_take(actor=people.second_adjuster, case=made.case)
    response = sign_in(people.adjuster).post(f"/cases/{made.case.pk}/review/", follow=True)
    assert "berta reviews this case at the moment." in response.content.decode()


def test_a_manager_sees_the_queue_without_taking(people: People, sign_in: SignIn) -> None:
    make_assessed_case(people.team)
    html = queue(sign_in(people.manager))
    assert "/queue/next/" not in html


@pytest.mark.parametrize("who", ["appraiser", "steward", "operator"])
def test_others_are_refused(people: People, sign_in: SignIn, who: str) -> None:
    assert sign_in(getattr(people, who)).get("/queue/").status_code == 403


def many_cases(team: Team, adjuster: User, number: int) -> None:
    for index in range(3):
        made = make_assessed_case(team, claim_number=f"CL-{index}", photos=3)
        review_take(actor=adjuster, case=made.case)
    Case.objects.bulk_create(
        Case(team=team, claim_number=f"B-{index}", state=CaseState.NEEDS_REVIEW)
        for index in range(number)
    )


def test_the_queue_of_500_cases_takes_at_most_10_queries(people: People, sign_in: SignIn) -> None:
    many_cases(people.team, people.second_adjuster, 500)
    client = sign_in(people.adjuster)
    with CaptureQueriesContext(connection) as captured:
        assert "500 cases wait for a review" in queue(client)
    assert len(captured) <= 10
