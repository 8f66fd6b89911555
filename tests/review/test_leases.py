from datetime import timedelta

import pytest
from django.utils import timezone

from reviewapp.audit.models import Event
from reviewapp.foundation.errors import ConflictError, ForbiddenError, InvalidError
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Review
from reviewapp.review.services import (
    case_reopen,
    case_send_to_review,
    review_open,
    review_release,
    review_renew,
    review_take,
    review_take_next,
    reviews_expire,
)
from reviewapp.review.states import ReviewState
from tests.factories.assessment import AssessedCase, make_assessed_case
from tests.people import People
from tests.review.desk import Desk


def expire(review: Review) -> None:
    Review.objects.filter(pk=review.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def state_of(made: AssessedCase) -> str:
    made.case.refresh_from_db()
    return made.case.state


def test_taking_a_case_puts_it_in_review_under_a_lease_of_20_minutes(
    people: People, assessed: AssessedCase
) -> None:
    review = review_take(actor=people.adjuster, case=assessed.case)
    left = review.lease_until - timezone.now()
    assert timedelta(minutes=19) < left <= timedelta(minutes=20)
    assert state_of(assessed) == CaseState.IN_REVIEW


def test_taking_is_written_in_the_audit_trail(review: Review, people: People) -> None:
    event = Event.objects.get(action="review taken", subject_id=review.pk)
    assert event.actor == people.adjuster


def test_two_adjusters_get_two_cases(people: People) -> None:
    for number in ("CL-1", "CL-2"):
        make_assessed_case(people.team, claim_number=number)
    mine = review_take_next(actor=people.adjuster)
    theirs = review_take_next(actor=people.second_adjuster)
    assert mine is not None
    assert theirs is not None
    assert mine.case_id != theirs.case_id


def test_the_queue_says_that_it_is_empty(review: Review, people: People) -> None:
    assert review_take_next(actor=people.second_adjuster) is None


def test_the_next_case_is_ones_own_unfinished_one(review: Review, people: People) -> None:
    make_assessed_case(people.team, claim_number="CL-2")
    assert review_take_next(actor=people.adjuster) == review


def test_the_next_case_is_never_another_teams(people: People, assessed: AssessedCase) -> None:
    assert review_take_next(actor=people.stranger_adjuster) is None
    assert state_of(assessed) == CaseState.NEEDS_REVIEW


def test_an_expired_lease_does_not_keep_the_next_case(review: Review, people: People) -> None:
    expire(review)
    again = review_take_next(actor=people.second_adjuster)
    assert again is not None
    assert again.case_id == review.case_id


def test_somebody_elses_case_cannot_be_taken(review: Review, people: People) -> None:
    with pytest.raises(ConflictError, match="bela reviews this case") as refused:
        review_take(actor=people.second_adjuster, case=review.case)
    assert refused.value.code == "held"
    assert Review.objects.count() == 1


def test_taking_ones_own_case_again_resumes_it(review: Review, people: People) -> None:
    assert review_take(actor=people.adjuster, case=review.case) == review


def test_an_appraiser_cannot_review(people: People, assessed: AssessedCase) -> None:
    with pytest.raises(ForbiddenError):
        review_take(actor=people.appraiser, case=assessed.case)
    assert state_of(assessed) == CaseState.NEEDS_REVIEW


def test_a_manager_sees_the_queue_but_cannot_review(people: People, assessed: AssessedCase) -> None:
    with pytest.raises(ForbiddenError):
        review_take_next(actor=people.manager)
    assert not Review.objects.exists()


def test_renewing_extends_the_lease(review: Review, people: People) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    Review.objects.update(lease_until=soon)
    assert review_renew(actor=people.adjuster, review=review).lease_until > soon


def test_a_lost_lease_says_who_has_the_case_now(review: Review, people: People) -> None:
    expire(review)
    review_take_next(actor=people.second_adjuster)
    with pytest.raises(ConflictError) as refused:
        review_renew(actor=people.adjuster, review=review)
    assert refused.value.code == "lease_lost"
    assert refused.value.details["holder"] == "berta"


def test_nobody_else_can_renew(review: Review, people: People) -> None:
    with pytest.raises(ConflictError):
        review_renew(actor=people.second_adjuster, review=review)


def test_a_release_puts_the_case_back(review: Review, people: People) -> None:
    review_release(actor=people.adjuster, review=review)
    review.case.refresh_from_db()
    assert review.case.state == CaseState.NEEDS_REVIEW


def test_the_sweep_frees_what_expired(review: Review) -> None:
    expire(review)
    assert reviews_expire() == 1
    review.refresh_from_db()
    review.case.refresh_from_db()
    assert (review.state, review.case.state) == (ReviewState.RELEASED, CaseState.NEEDS_REVIEW)


def test_the_sweep_leaves_a_running_lease_alone(review: Review) -> None:
    assert reviews_expire() == 0


def test_the_work_done_before_a_lease_ended_is_there_for_the_next(
    desk: Desk, people: People
) -> None:
    desk.make("accept", line=desk.dent.pk)
    expire(desk.review)
    again = review_take_next(actor=people.second_adjuster)
    assert again is not None
    decided = Desk(people.second_adjuster, desk.assessed, again).line(desk.dent).decision
    assert decided is not None
    assert decided.decided_by == people.adjuster


@pytest.mark.parametrize("state", [CaseState.REVIEWED, CaseState.WAITING_FOR_INSPECTION])
def test_a_reviewed_or_inspected_case_is_reopened(people: People, state: CaseState) -> None:
    made = make_assessed_case(people.team, state=state)
    review = case_reopen(actor=people.adjuster, case=made.case)
    assert (review.outcome, state_of(made)) == ("", CaseState.IN_REVIEW)


def test_opening_a_reviewed_case_reopens_it(people: People) -> None:
    made = make_assessed_case(people.team, state=CaseState.REVIEWED)
    assert review_open(actor=people.adjuster, case=made.case).case == made.case


def test_a_closed_case_stays_closed(people: People) -> None:
    made = make_assessed_case(people.team, state=CaseState.CLOSED)
    with pytest.raises(ConflictError):
        review_open(actor=people.adjuster, case=made.case)
    assert not Review.objects.exists()


def test_a_manager_sends_an_auto_accepted_case_to_review(people: People) -> None:
    made = make_assessed_case(people.team, state=CaseState.AUTO_ACCEPTED)
    case_send_to_review(actor=people.manager, case=made.case)
    assert state_of(made) == CaseState.NEEDS_REVIEW


def test_an_adjuster_cannot_send_a_case_to_review(people: People) -> None:
    made = make_assessed_case(people.team, state=CaseState.AUTO_ACCEPTED)
    with pytest.raises(ForbiddenError):
        case_send_to_review(actor=people.adjuster, case=made.case)
    assert state_of(made) == CaseState.AUTO_ACCEPTED


def test_only_auto_accepted_cases_are_sent_to_review(people: People) -> None:
    made = make_assessed_case(people.team, state=CaseState.REVIEWED)
    with pytest.raises(InvalidError):
        case_send_to_review(actor=people.manager, case=made.case)
