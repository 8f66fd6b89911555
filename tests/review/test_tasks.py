from datetime import timedelta

from django.utils import timezone

from reviewapp.celery import app
from reviewapp.foundation.jobs import Job
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Review
from reviewapp.review.tasks import sweep


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


def test_the_worker_knows_the_sweep_by_its_name() -> None:
    app.loader.import_default_modules()
    assert Job.SWEEP_REVIEW.value in app.tasks
