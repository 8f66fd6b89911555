"""Reviews, the queue and how cases stand, as one may see them."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from inference import masks
from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import require_in_team
from reviewapp.assessment.models import Assessment, DamagedPart, PhotoResult
from reviewapp.assessment.selectors import current_assessment
from reviewapp.assessment.states import PhotoResultState
from reviewapp.foundation.errors import NotFoundError
from reviewapp.foundation.files import file_put, file_read
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.selectors import case_for, cases_visible
from reviewapp.intake.states import CaseState
from reviewapp.review.derivation import stand
from reviewapp.review.labels import LabelMaps, paint
from reviewapp.review.models import Correction, Decision, Review
from reviewapp.review.standing import CaseRecord, CaseStanding
from reviewapp.review.states import APPROVALS, ReviewState
from reviewapp.review.words import vocabulary


def review_for(user: User, review_id: UUID) -> Review:
    """A review of a case of one's teams; appraisers see the result, not the review."""
    review = (
        Review.objects.filter(pk=review_id, case__in=cases_visible(user))
        .select_related("case", "adjuster", "assessment__model_version")
        .first()
    )
    if review is None:
        raise NotFoundError("There is no such review, or you may not see it.")
    require_in_team(user, Action.QUEUE_SEE, review.case.team_id)
    return review


def reviews_for(user: User, case_id: UUID) -> QuerySet[Review]:
    """All reviews of a case, newest first."""
    case = case_for(user, case_id)
    require_in_team(user, Action.QUEUE_SEE, case.team_id)
    return reviews_of(case)


def reviews_of(case: Case) -> QuerySet[Review]:
    return case.reviews.select_related("adjuster").order_by("-created_at", "-id")


def review_in_progress(case: Case) -> Review | None:
    return reviews_of(case).filter(state=ReviewState.IN_PROGRESS).first()


def decisions_of(case: Case) -> QuerySet[Decision]:
    """Of all reviews of the case, in the order they were made."""
    return (
        Decision.objects.filter(review__case=case)
        .select_related("decided_by", "correction", "line")
        .order_by("created_at", "id")
    )


def corrections_of(photo: Photo) -> QuerySet[Correction]:
    return photo.corrections.select_related("created_by").order_by("revision")


def standing_of(case: Case, assessment: Assessment) -> CaseStanding:
    """How the case stands under this assessment, after everything decided so far."""
    return stand(_record(case, assessment))


def _record(case: Case, assessment: Assessment) -> CaseRecord:
    results = list(
        assessment.photo_results.select_related("photo")
        .order_by("photo__number")
        .prefetch_related(Prefetch("damaged_parts", DamagedPart.objects.order_by("number")))
    )
    decisions = list(decisions_of(case))
    corrections = list(
        Correction.objects.filter(photo__case=case).select_related("created_by", "photo")
    )
    return CaseRecord(
        assessment=assessment,
        results=results,
        lines=list(assessment.lines.order_by("number")),
        parts=[part for result in results for part in result.damaged_parts.all()],
        older_parts=_older_parts(case, assessment) if assessment.number > 1 else [],
        decisions=decisions,
        corrections=corrections,
    )


def _older_parts(case: Case, assessment: Assessment) -> list[DamagedPart]:
    """Damaged parts of earlier assessments; decisions and corrections may speak of them."""
    return list(
        DamagedPart.objects.filter(photo_result__assessment__case=case)
        .exclude(photo_result__assessment=assessment)
        .select_related("photo_result__photo")
        .order_by("photo_result__assessment__number", "photo_result__photo__number", "number")
    )


class MapKeys(NamedTuple):
    """The files of a photo's label maps at a revision; "" where the models said nothing."""

    parts_map: str
    damage_map: str
    revision: int


def key_version(key: str) -> str:
    """The short name of a file's content, for addresses."""
    return key.rpartition("/")[2][:12]


def current_maps(result: PhotoResult | None, newest: Correction | None) -> MapKeys:
    if newest is not None:
        return MapKeys(newest.parts_map, newest.damage_map, newest.revision)
    if result is None:
        return MapKeys("", "", 0)
    return MapKeys(result.parts_map, result.damage_map, 0)


def maps_at(photo: Photo, revision: int) -> MapKeys:
    """Keys at a revision; `NotFoundError` where there is none."""
    if revision == 0:
        return current_maps(result_of(photo), None)
    correction = photo.corrections.filter(revision=revision).first()
    if correction is None:
        raise NotFoundError(f"Photo {photo.number} has no revision {revision}.")
    return current_maps(None, correction)


def maps_now(photo: Photo) -> MapKeys:
    newest = photo.corrections.order_by("-revision").first()
    return current_maps(result_of(photo) if newest is None else None, newest)


def result_of(photo: Photo) -> PhotoResult | None:
    """What the models say of a photo now; nothing before it is assessed."""
    assessment = current_assessment(photo.case)
    if assessment is None:
        return None
    return assessment.photo_results.filter(photo=photo, state=PhotoResultState.ASSESSED).first()


def label_maps_read(photo: Photo, keys: MapKeys) -> LabelMaps:
    """The label maps behind the keys; empty ones where the models said nothing."""
    shape = (photo.height or 0, photo.width or 0)
    if not keys.parts_map:
        return LabelMaps(np.zeros(shape, np.uint8), np.zeros(shape, np.uint8))
    return LabelMaps(
        masks.decode_label_map(file_read(keys.parts_map), shape=shape),
        masks.decode_label_map(file_read(keys.damage_map), shape=shape),
    )


def label_map_empty(photo: Photo) -> bytes:
    """The PNG of a label map on which nobody drew anything."""
    return masks.encode_label_map(np.zeros((photo.height or 1, photo.width or 1), np.uint8))


def label_map_store(label_map: masks.LabelMap) -> str:
    """Store a label map under its content hash; an equal one is there already."""
    return file_put(io.BytesIO(masks.encode_label_map(label_map)), suffix=".png").key


def final_label_maps(photo: Photo) -> MapKeys:
    """Ground truth of one photo; `NotFoundError` where neither models nor a person drew it."""
    keys = final_label_maps_of(photo.case).get(photo.pk)
    if keys is None:
        raise NotFoundError(f"Photo {photo.number} has no label maps.")
    return keys


def final_label_maps_of(case: Case) -> Mapping[UUID, MapKeys]:
    """Ground truth of every photo of the case that has one, with the revision it is based on."""
    assessment = current_assessment(case)
    if assessment is None:
        return {}
    standing = standing_of(case, assessment)
    return {
        result.photo_id: keys
        for result in standing.record.results
        if (keys := _final(standing, result)) is not None
    }


def _final(standing: CaseStanding, result: PhotoResult) -> MapKeys | None:
    keys = current_maps(result, standing.corrections.get(result.photo_id))
    if not keys.parts_map:
        return None
    on_photo = [part for part in standing.parts if part.photo.pk == result.photo_id]
    if all(part.decision is None for part in on_photo):
        return keys
    assessment = standing.record.assessment
    words = vocabulary(assessment.parts_merge, assessment.damage_merge)
    painted = paint(label_maps_read(result.photo, keys), on_photo, words)
    return MapKeys(label_map_store(painted.parts), label_map_store(painted.damage), keys.revision)


def reviewed_cases(until: datetime) -> QuerySet[Case]:
    """Cases whose newest finished review approved them by then: labels may be made of them."""
    newest = Review.objects.filter(case=OuterRef("pk"), state=ReviewState.FINISHED).order_by(
        "-finished_at"
    )
    return (
        Case.objects.filter(state__in=(CaseState.REVIEWED, CaseState.CLOSED))
        .annotate(
            reviewed_at=Subquery(newest.values("finished_at")[:1]),
            review_outcome=Subquery(newest.values("outcome")[:1]),
        )
        .filter(Q(reviewed_at__lte=until), review_outcome__in=APPROVALS)
        .order_by("reviewed_at", "pk")
    )
