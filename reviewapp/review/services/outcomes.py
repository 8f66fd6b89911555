"""How a review ends."""

from django.db import transaction
from django.utils import timezone

from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import require_in_team
from reviewapp.audit.services import event_record
from reviewapp.foundation.errors import InvalidError
from reviewapp.intake.services import case_move
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Review
from reviewapp.review.selectors import standing_of
from reviewapp.review.services.leases import lease_hold
from reviewapp.review.states import APPROVALS, Outcome, ReviewState

_LEADS_TO = {
    Outcome.MORE_PHOTOS: CaseState.WAITING_FOR_PHOTOS,
    Outcome.INSPECTION: CaseState.WAITING_FOR_INSPECTION,
}


@transaction.atomic
def review_finish(*, actor: User, review: Review, outcome: Outcome, note: str = "") -> Review:
    """End the review; an approval needs every flagged line decided."""
    require_in_team(actor, Action.REVIEW, review.case.team_id)
    lease_hold(actor=actor, review=review)
    if outcome in APPROVALS:
        _require_decided(review, outcome)
    review.state = ReviewState.FINISHED
    review.outcome, review.note = outcome, note.strip()
    review.finished_at = timezone.now()
    review.save(update_fields=["state", "outcome", "note", "finished_at"])
    review.case.refresh_from_db(fields=["state"])
    to = _LEADS_TO.get(outcome, CaseState.REVIEWED)
    case_move(case=review.case, to=to, actor=actor, reason=review.note or outcome.label)
    event_record(
        actor=actor,
        action="review finished",
        subject=review,
        team_id=review.case.team_id,
        after={"outcome": outcome.value, "note": review.note},
    )
    return review


def _require_decided(review: Review, outcome: Outcome) -> None:
    standing = standing_of(review.case, review.assessment)
    undecided = [
        {"id": str(item.line.pk), "title": item.words.title} for item in standing.open_lines
    ]
    if undecided:
        titles = ", ".join(item["title"] for item in undecided)
        raise InvalidError(
            f"Decide these flagged lines before you approve: {titles}.",
            code="undecided",
            lines=undecided,
        )
    if outcome != standing.suggested_outcome:
        suggested = standing.suggested_outcome
        raise InvalidError(
            f"Finish this review as {suggested.label}: "
            + (
                "something was corrected, rejected or added."
                if standing.is_changed
                else "nothing was corrected, rejected or added."
            ),
            code="outcome_does_not_fit",
            suggested_outcome=suggested.value,
        )
