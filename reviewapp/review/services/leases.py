"""Who reviews which case: taken under a lease, renewed in use, released or expired."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import require_in_team, require_somewhere
from reviewapp.assessment.selectors import current_assessment
from reviewapp.audit.services import event_record
from reviewapp.foundation.errors import ConflictError, InvalidError
from reviewapp.intake.models import Case
from reviewapp.intake.services import case_move
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Review
from reviewapp.review.queue import waiting_in_order
from reviewapp.review.selectors import review_in_progress
from reviewapp.review.states import ReviewState


def lease_end() -> datetime:
    return timezone.now() + timedelta(minutes=settings.REVIEW_LEASE_MINUTES)


def lease_hold(*, actor: User, review: Review) -> Review:
    """Renew the lease, or refuse because it is lost. Every write of a review starts with this.

    A conditional UPDATE, so that within a transaction nobody can take the review away.
    """
    until = lease_end()
    if not _held_by(actor, review).update(lease_until=until):
        raise _lease_lost(review)
    review.lease_until = until
    return review


def _held_by(actor: User, review: Review) -> QuerySet[Review]:
    return Review.objects.filter(
        pk=review.pk,
        adjuster=actor,
        state=ReviewState.IN_PROGRESS,
        lease_until__gt=timezone.now(),
    )


def _lease_lost(review: Review) -> ConflictError:
    now = review_in_progress(review.case)
    return ConflictError(
        "You no longer hold this review: it was finished, or its time ran out while the page was "
        "not used. What you decided before is kept. Take the case again to go on.",
        code="lease_lost",
        **_holder(now),
    )


def _holder(review: Review | None) -> dict[str, object]:
    if review is None:
        return {"holder": None, "lease_until": None}
    return {
        "holder": review.adjuster.display_name,
        "lease_until": review.lease_until.isoformat(),
    }


def review_renew(*, actor: User, review: Review) -> Review:
    require_in_team(actor, Action.REVIEW, review.case.team_id)
    return lease_hold(actor=actor, review=review)


def review_take_next(*, actor: User) -> Review | None:
    """One's own unfinished review, else the first waiting case that nobody else gets first."""
    require_somewhere(actor, Action.REVIEW)
    reviews_expire()
    own = _own_unfinished(actor)
    if own is not None:
        return lease_hold(actor=actor, review=own)
    for case in waiting_in_order(actor):
        try:
            return review_take(actor=actor, case=case)
        except ConflictError:
            continue
    return None


def _own_unfinished(actor: User) -> Review | None:
    return (
        Review.objects.filter(adjuster=actor, state=ReviewState.IN_PROGRESS)
        .select_related("case")
        .order_by("created_at")
        .first()
    )


def review_open(*, actor: User, case: Case) -> Review:
    """Whatever leads to a review of this case now: resume one's own, take it, or reopen it."""
    if case.state in (CaseState.REVIEWED, CaseState.WAITING_FOR_INSPECTION):
        return case_reopen(actor=actor, case=case)
    return review_take(actor=actor, case=case)


def review_take(*, actor: User, case: Case) -> Review:
    """Take a waiting case, or resume one's own; `ConflictError` where somebody else has it."""
    require_in_team(actor, Action.REVIEW, case.team_id)
    held = review_in_progress(case)
    if held is not None and held.lease_until <= timezone.now():
        review_expire(review=held)
        case.refresh_from_db(fields=["state"])
        held = None
    if held is None:
        return _begin(actor=actor, case=case)
    if held.adjuster_id == actor.pk:
        return lease_hold(actor=actor, review=held)
    raise ConflictError(
        f"{held.adjuster.display_name} reviews this case at the moment.",
        code="held",
        **_holder(held),
    )


def case_reopen(*, actor: User, case: Case) -> Review:
    """Back into review: a reviewed case, or one whose vehicle was inspected meanwhile."""
    require_in_team(actor, Action.CASE_REOPEN, case.team_id)
    return _begin(actor=actor, case=case, reason="reopened")


@transaction.atomic
def _begin(*, actor: User, case: Case, reason: str = "") -> Review:
    assessment = current_assessment(case)
    if assessment is None:
        raise ConflictError("This case is not assessed yet; there is nothing to review.")
    case_move(case=case, to=CaseState.IN_REVIEW, actor=actor, reason=reason)
    try:
        with transaction.atomic():
            review = Review.objects.create(
                case=case, assessment=assessment, adjuster=actor, lease_until=lease_end()
            )
    except IntegrityError:
        raise ConflictError("Somebody took this case at the same moment.", code="held") from None
    event_record(
        actor=actor,
        action="review taken" if not reason else "case reopened",
        subject=review,
        team_id=case.team_id,
        after={"case": str(case.pk), "assessment": str(assessment.pk)},
    )
    return review


@transaction.atomic
def review_release(*, actor: User, review: Review) -> Review:
    """Put the case back in the queue; what was decided stays."""
    require_in_team(actor, Action.REVIEW, review.case.team_id)
    lease_hold(actor=actor, review=review)
    return _give_back(review=review, actor=actor, action="review released")


def reviews_expire() -> int:
    """Give back every review whose lease ran out; returns how many there were."""
    expired = Review.objects.filter(
        state=ReviewState.IN_PROGRESS, lease_until__lte=timezone.now()
    ).select_related("case")
    return sum(review_expire(review=review) for review in expired)


@transaction.atomic
def review_expire(*, review: Review) -> bool:
    """Give one review back if its lease is still over: its adjuster may just have renewed it."""
    still = Review.objects.filter(
        pk=review.pk, state=ReviewState.IN_PROGRESS, lease_until__lte=timezone.now()
    )
    if not still.update(state=ReviewState.RELEASED):
        return False
    _give_back(review=review, actor=None, action="review expired")
    return True


def _give_back(*, review: Review, actor: User | None, action: str) -> Review:
    review.state = ReviewState.RELEASED
    review.save(update_fields=["state"])
    review.case.refresh_from_db(fields=["state"])
    if review.case.state == CaseState.IN_REVIEW:
        case_move(case=review.case, to=CaseState.NEEDS_REVIEW, actor=actor, reason=action)
    event_record(actor=actor, action=action, subject=review, team_id=review.case.team_id)
    return review


@transaction.atomic
def case_send_to_review(*, actor: User, case: Case, reason: str = "") -> Case:
    """A manager wants a person to look at what the models accepted."""
    require_in_team(actor, Action.SEND_TO_REVIEW, case.team_id)
    if case.state != CaseState.AUTO_ACCEPTED:
        raise InvalidError(
            f"Only an auto-accepted case can be sent to review; this one is "
            f"{case.get_state_display()}.",
            state=case.state,
        )
    return case_move(case=case, to=CaseState.NEEDS_REVIEW, actor=actor, reason=reason or "sent")


def cases_stop_waiting() -> int:
    """Bring back what waited for photos or an inspection too long: nothing waits for ever.

    An adjuster decides with what is there. Returns how many cases came back.
    """
    since = timezone.now() - timedelta(days=settings.REVIEW_WAIT_DAYS)
    waiting = Case.objects.filter(
        state__in=(CaseState.WAITING_FOR_PHOTOS, CaseState.WAITING_FOR_INSPECTION),
        state_since__lt=since,
    )
    return sum(_stop_waiting(case) for case in waiting)


def _stop_waiting(case: Case) -> bool:
    reason = f"{CaseState(case.state).label} for more than {settings.REVIEW_WAIT_DAYS} days"
    try:
        case_move(case=case, to=CaseState.NEEDS_REVIEW, reason=reason)
    except ConflictError:
        # It moved on by itself between the look and the move.
        return False
    return True
