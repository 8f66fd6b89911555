"""Cases whose review is finished, with real label maps, without any model or page."""

from copy import copy
from typing import TypeVar
from uuid import uuid4

from django.db.models import Model
from django.utils import timezone

from reviewapp.accounts.models import Team, User
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Review
from reviewapp.review.states import Outcome, ReviewState
from tests.factories.assessment import AssessedCase, make_assessed_case

Row = TypeVar("Row", bound=Model)


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


def copy_reviewed_case(made: AssessedCase) -> None:
    """Another case with rows of its own on the same files, without damaged parts."""
    review = Review.objects.get(case=made.case)
    case = _copied(made.case)
    assessment = _copied(made.assessment, case=case)
    _copied(review, case=case, assessment=assessment)
    for result in made.results:
        photo = _copied(result.photo, case=case)
        _copied(result, assessment=assessment, photo=photo)


def _copied(row: Row, **changed: Model) -> Row:
    twin = copy(row)
    twin.pk, twin._state.adding = uuid4(), True
    for name, value in changed.items():
        setattr(twin, name, value)
    twin.save()
    return twin
