from datetime import date

import pytest

from reviewapp.audit.models import Event
from reviewapp.foundation.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from reviewapp.intake.models import Case
from reviewapp.intake.selectors import case_for, cases_visible, reason_for_state
from reviewapp.intake.services import (
    case_close,
    case_move,
    case_open,
    case_submit,
    case_update,
    case_withdraw,
)
from reviewapp.intake.states import CASE_MOVES, CaseState, PhotoState
from tests.factories.intake import make_case, make_photo
from tests.people import People


def opened(people: People) -> Case:
    return case_open(actor=people.appraiser, team=people.team, claim_number="CL-7")


def test_an_opened_case_is_a_draft_of_its_team(people: People) -> None:
    case = case_open(
        actor=people.appraiser,
        team=people.team,
        claim_number=" CL-7 ",
        date_of_loss=date(2026, 11, 3),
        make="Volvo",
    )
    case.refresh_from_db()
    assert (case.claim_number, case.state, case.make) == ("CL-7", CaseState.DRAFT, "Volvo")


def test_opening_a_case_is_in_the_audit_trail(people: People) -> None:
    event = Event.objects.get(case_id=opened(people).pk)
    assert (event.action, event.actor_id) == ("case opened", people.appraiser.pk)


@pytest.mark.parametrize(
    "facts", [{"year": 1800}, {"doors_per_side": 3}, {"body_type": "boat"}, {"value": -1}]
)
def test_facts_that_cannot_be_are_refused_by_name(people: People, facts: dict[str, object]) -> None:
    with pytest.raises(InvalidError) as refused:
        case_open(actor=people.appraiser, team=people.team, claim_number="CL-7", **facts)  # type: ignore[arg-type]
    assert set(refused.value.details) == set(facts)
    assert not Case.objects.exists()


def test_a_claim_number_is_required(people: People) -> None:
    with pytest.raises(InvalidError):
        case_open(actor=people.appraiser, team=people.team, claim_number="  ")


@pytest.mark.parametrize("who", ["adjuster", "manager", "stranger_appraiser", "operator"])
def test_only_an_appraiser_of_the_team_opens_cases(people: People, who: str) -> None:
    with pytest.raises(ForbiddenError):
        case_open(actor=getattr(people, who), team=people.team, claim_number="CL-7")
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", ["appraiser", "adjuster", "manager"])
def test_the_team_sees_its_cases(people: People, who: str) -> None:
    case = make_case(people.team)
    assert list(cases_visible(getattr(people, who))) == [case]


@pytest.mark.parametrize("who", ["stranger_appraiser", "stranger_manager", "steward", "operator"])
def test_others_find_no_such_case(people: People, who: str) -> None:
    case = make_case(people.team)
    with pytest.raises(NotFoundError):
        case_for(getattr(people, who), case.pk)


def test_facts_can_be_changed_before_submission(people: People) -> None:
    case = case_update(actor=people.appraiser, case=opened(people), claim_number="CL-8", year=2019)
    case.refresh_from_db()
    assert (case.claim_number, case.year) == ("CL-8", 2019)


def test_a_change_is_kept_with_what_was_there_before(people: People) -> None:
    case_update(actor=people.appraiser, case=opened(people), claim_number="CL-8", make="")
    event = Event.objects.get(action="case updated")
    assert (event.before, event.after) == ({"claim_number": "CL-7"}, {"claim_number": "CL-8"})


def test_facts_stay_once_submitted(people: People) -> None:
    case = make_case(people.team, state=CaseState.ASSESSING)
    with pytest.raises(ConflictError):
        case_update(actor=people.appraiser, case=case, make="Volvo")
    case.refresh_from_db()
    assert case.make == ""


def test_a_case_with_a_photo_can_be_submitted(people: People) -> None:
    case = make_case(people.team)
    make_photo(case)
    case_submit(actor=people.appraiser, case=case)
    case.refresh_from_db()
    assert case.state == CaseState.SUBMITTED
    assert case.submitted_at is not None


def test_a_case_without_photos_cannot_be_submitted(people: People) -> None:
    case = make_case(people.team)
    with pytest.raises(InvalidError, match="Add at least one photo"):
        case_submit(actor=people.appraiser, case=case)
    case.refresh_from_db()
    assert case.state == CaseState.DRAFT


@pytest.mark.parametrize("state", [PhotoState.REFUSED, PhotoState.WITHDRAWN])
def test_photos_that_do_not_count_are_not_enough(people: People, state: PhotoState) -> None:
    case = make_case(people.team)
    make_photo(case)
    case.photos.update(state=state)
    with pytest.raises(InvalidError):
        case_submit(actor=people.appraiser, case=case)


def test_a_case_can_be_submitted_without_its_refused_photo(people: People) -> None:
    case = make_case(people.team)
    make_photo(case, number=1)
    case.photos.update(state=PhotoState.REFUSED)
    make_photo(case, number=2)
    assert case_submit(actor=people.appraiser, case=case).state == CaseState.SUBMITTED


def test_a_request_for_photos_is_answered_with_a_new_one(people: People) -> None:
    case = make_case(people.team)
    make_photo(case)
    case_submit(actor=people.appraiser, case=case)
    Case.objects.filter(pk=case.pk).update(state=CaseState.WAITING_FOR_PHOTOS)
    with pytest.raises(InvalidError):
        case_submit(actor=people.appraiser, case=case)
    make_photo(case, number=2)
    assert case_submit(actor=people.appraiser, case=case).state == CaseState.SUBMITTED


@pytest.mark.parametrize("who", ["adjuster", "manager", "stranger_appraiser"])
def test_only_an_appraiser_of_the_team_submits(people: People, who: str) -> None:
    case = make_case(people.team)
    make_photo(case)
    with pytest.raises(ForbiddenError):
        case_submit(actor=getattr(people, who), case=case)
    case.refresh_from_db()
    assert case.state == CaseState.DRAFT


def test_a_draft_can_be_withdrawn(people: People) -> None:
    case = case_withdraw(actor=people.appraiser, case=opened(people))
    assert case.state == CaseState.WITHDRAWN


def test_a_submitted_case_cannot_be_withdrawn(people: People) -> None:
    case = make_case(people.team, state=CaseState.SUBMITTED)
    with pytest.raises(ConflictError) as refused:
        case_withdraw(actor=people.appraiser, case=case)
    assert refused.value.code == "move_not_allowed"


def test_a_manager_closes_a_reviewed_case(people: People) -> None:
    case = make_case(people.team, state=CaseState.REVIEWED)
    assert case_close(actor=people.manager, case=case).state == CaseState.CLOSED


def test_an_adjuster_does_not_close_cases(people: People) -> None:
    case = make_case(people.team, state=CaseState.REVIEWED)
    with pytest.raises(ForbiddenError):
        case_close(actor=people.adjuster, case=case)


@pytest.mark.parametrize("before", list(CaseState))
@pytest.mark.parametrize("after", list(CaseState))
def test_a_case_moves_only_along_the_state_machine(
    people: People, before: CaseState, after: CaseState
) -> None:
    case = make_case(people.team, state=before)
    if after in CASE_MOVES[before]:
        case_move(case=case, to=after)
    else:
        with pytest.raises(ConflictError):
            case_move(case=case, to=after)
    case.refresh_from_db()
    assert case.state == (after if after in CASE_MOVES[before] else before)


def test_of_two_who_move_a_case_one_is_told_that_the_other_was_first(people: People) -> None:
    case = make_case(people.team, state=CaseState.NEEDS_REVIEW)
    stale = Case.objects.get(pk=case.pk)
    case_move(case=case, to=CaseState.IN_REVIEW)
    with pytest.raises(ConflictError) as refused:
        case_move(case=stale, to=CaseState.IN_REVIEW)
    assert refused.value.code == "state_changed"
    assert Event.objects.filter(action="case moved").count() == 1


def test_the_reason_of_a_move_can_be_read(people: People) -> None:
    case = make_case(people.team, state=CaseState.IN_REVIEW)
    case_move(case=case, to=CaseState.WAITING_FOR_PHOTOS, reason="The left door is dark.")
    assert reason_for_state(case) == "The left door is dark."
