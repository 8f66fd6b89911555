"""Everything the review page shows, gathered once."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from reviewapp.accounts.models import User
from reviewapp.assessment.models import PhotoResult
from reviewapp.review.models import Decision, Review
from reviewapp.review.selectors import MapKeys, current_maps, reviews_of, standing_of
from reviewapp.review.services import CorrectionDone
from reviewapp.review.standing import CaseStanding, StandingPart
from reviewapp.review.states import ReviewState, Standing


@dataclass(frozen=True, slots=True)
class PhotoOnPage:
    result: PhotoResult
    maps: MapKeys
    # Damaged parts that are flagged and undecided.
    flagged: int


@dataclass(frozen=True)
class ReviewPage:
    review: Review
    user: User
    standing: CaseStanding
    # What the write that this answers made.
    decision: Decision | None = None
    correction: CorrectionDone | None = None

    @property
    def held(self) -> bool:
        return holds(self.user, self.review)

    @property
    def decisions(self) -> list[Decision]:
        return list(self.standing.record.decisions)

    @cached_property
    def photos(self) -> list[PhotoOnPage]:
        corrections = self.standing.corrections
        return [
            PhotoOnPage(
                result=result,
                maps=current_maps(result, corrections.get(result.photo_id)),
                flagged=sum(_is_open(part, result) for part in self.standing.parts),
            )
            for result in self.standing.record.results
        ]

    @cached_property
    def reviews(self) -> list[Review]:
        return list(reviews_of(self.review.case))


def review_page(
    user: User,
    review: Review,
    *,
    decision: Decision | None = None,
    correction: CorrectionDone | None = None,
) -> ReviewPage:
    standing = standing_of(review.case, review.assessment)
    return ReviewPage(review, user, standing, decision, correction)


def holds(user: User, review: Review) -> bool:
    """This user may write to this review at this moment."""
    in_progress = review.state == ReviewState.IN_PROGRESS and review.adjuster_id == user.pk
    return in_progress and review.lease_until > timezone.now()


def _is_open(part: StandingPart, result: PhotoResult) -> bool:
    said = part.model
    flagged = said is not None and said.flagged and part.state is Standing.UNDECIDED
    return flagged and part.photo.pk == result.photo_id
