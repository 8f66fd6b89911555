import pytest
from django.test import Client

from reviewapp.audit.models import Event
from reviewapp.audit.selectors import events_of_team
from reviewapp.audit.services import event_record
from reviewapp.review.services import DecisionDraft, decision_make, review_take
from reviewapp.review.states import Verdict
from tests.conftest import SignIn
from tests.factories.assessment import make_assessed_case
from tests.factories.intake import make_case
from tests.people import People


def record(people: People, action: str = "looked") -> Event:
    return event_record(actor=people.adjuster, action=action, subject=make_case(people.team))


def test_an_event_knows_its_case_and_team(people: People) -> None:
    event = record(people)
    assert event.case_id == event.subject_id
    assert event.team_id == people.team.pk


def test_an_event_is_never_altered(people: People) -> None:
    event = record(people)
    event.action = "did nothing"
    with pytest.raises(TypeError, match="never altered"):
        event.save()
    with pytest.raises(TypeError, match="never deleted"):
        event.delete()


def test_an_event_outlives_its_actor(people: People) -> None:
    event = record(people)
    people.adjuster.delete()
    event.refresh_from_db()
    assert event.actor is None


def test_an_event_of_a_request_carries_its_id(people: People, client: Client) -> None:
    client.force_login(people.manager)
    client.post("/sign-out/", headers={"X-Request-ID": "request-0001"})
    assert Event.objects.get(action="signed out").request_id == "request-0001"


def test_a_trail_holds_one_team_only(people: People) -> None:
    mine = record(people)
    event_record(actor=None, action="elsewhere", subject=make_case(people.other_team))
    assert list(events_of_team(people.team.pk)) == [mine]


def test_a_manager_reads_the_trail_of_one_case(people: People, sign_in: SignIn) -> None:
    event = record(people, "wanted")
    record(people, "unwanted")
    url = f"/teams/{people.team.pk}/audit/?case={event.case_id}"
    page = sign_in(people.manager).get(url)
    assert [row.action for row in page.context["page"]] == ["wanted"]


def test_a_case_of_another_team_leaves_no_trace(people: People, sign_in: SignIn) -> None:
    event = record(people, "hidden")
    url = f"/teams/{people.other_team.pk}/audit/?case={event.case_id}"
    page = sign_in(people.stranger_manager).get(url)
    assert list(page.context["page"]) == []


def test_a_case_that_is_none_is_refused(people: People, sign_in: SignIn) -> None:
    url = f"/teams/{people.team.pk}/audit/?case=1%27--"
    assert sign_in(people.manager).get(url).status_code == 400


def test_a_long_trail_comes_in_pages(people: People, sign_in: SignIn) -> None:
    case = make_case(people.team)
    for number in range(60):
        event_record(actor=people.adjuster, action=f"step {number}", subject=case)
    page = sign_in(people.manager).get(f"/teams/{people.team.pk}/audit/?page=2").context["page"]
    assert len(page) == 10


def test_what_an_adjuster_decides_is_in_the_trail_of_the_case(
    people: People, sign_in: SignIn
) -> None:
    assessed = make_assessed_case(people.team)
    review = review_take(actor=people.adjuster, case=assessed.case)
    draft = DecisionDraft(verdict=Verdict.ACCEPT, line=assessed.lines[0].pk)
    decision_make(actor=people.adjuster, review=review, draft=draft)
    url = f"/teams/{people.team.pk}/audit/?case={assessed.case.pk}"
    page = sign_in(people.manager).get(url).context["page"]
    assert "decision made" in [row.action for row in page]
