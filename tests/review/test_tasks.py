from datetime import timedelta

import pytest
from django.utils import timezone

from reviewapp.audit.models import Event
from reviewapp.foundation.jobs import Job
from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Review
from reviewapp.review.tasks import sweep
from reviewapp.worker import app
from tests.factories.assessment import make_assessed_case
from tests.people import People


def test_the_sweep_puts_expired_reviews_back_in_the_queue(review: Review) -> None:
    Review.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    review.case.refresh_from_db()
    assert review.case.state == CaseState.NEEDS_REVIEW


def test_the_sweep_twice_is_the_sweep_once(review: Review) -> None:
    Review.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    sweep()
    review.case.refresh_from_db()
    assert review.case.state == CaseState.NEEDS_REVIEW


@pytest.mark.parametrize("state", [CaseState.WAITING_FOR_PHOTOS, CaseState.WAITING_FOR_INSPECTION])
@pytest.mark.parametrize(("days", "comes_back"), [(13, False), (15, True)])
def test_nothing_waits_for_others_for_ever(
    people: People, state: CaseState, *, days: int, comes_back: bool
) -> None:
    case = make_assessed_case(people.team, state=state).case
    Case.objects.update(state_since=timezone.now() - timedelta(days=days))
    sweep()
    case.refresh_from_db()
    assert case.state == (CaseState.NEEDS_REVIEW if comes_back else state)


def test_why_a_case_came_back_is_in_the_audit_trail(people: People) -> None:
    case = make_assessed_case(people.team, state=CaseState.WAITING_FOR_PHOTOS).case
    Case.objects.update(state_since=timezone.now() - timedelta(days=15))
    sweep()
    moved = Event.objects.get(action="case moved", subject_id=case.pk)
    assert moved.after["reason"] == "waiting for photos for more than 14 days"


def test_the_worker_knows_the_sweep_by_its_name() -> None:
    app.loader.import_default_modules()
    assert Job.SWEEP_REVIEW.value in app.tasks
