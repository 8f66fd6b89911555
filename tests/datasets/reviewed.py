"""Cases whose review is finished, with real label maps, without any model or page."""

from django.utils import timezone

from reviewapp.accounts.models import Team, User
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Review
from reviewapp.review.states import Outcome, ReviewState
from tests.factories.assessment import AssessedCase, make_assessed_case


def make_reviewed_case(
    team: Team,
    adjuster: User,
    *,
    photos: int = 2,
    damage: bool = True,
    outcome: Outcome = Outcome.APPROVED,
    claim_number: str = "CL-1",
    width: int = 96,
    height: int = 64,
) -> AssessedCase:
    made = make_assessed_case(
        team,
        photos=photos,
        state=CaseState.REVIEWED,
        claim_number=claim_number,
        damage=damage,
        width=width,
        height=height,
    )
    now = timezone.now()
    Review.objects.create(
        case=made.case,
        assessment=made.assessment,
        adjuster=adjuster,
        state=ReviewState.FINISHED,
        lease_until=now,
        outcome=outcome,
        finished_at=now,
    )
    return made
