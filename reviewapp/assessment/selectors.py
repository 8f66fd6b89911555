from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from reviewapp.accounts.models import User
from reviewapp.assessment.models import Assessment, PhotoResult, ReportLine
from reviewapp.assessment.states import OPEN, AssessmentState, PhotoResultState
from reviewapp.foundation.errors import NotFoundError
from reviewapp.intake.models import Case
from reviewapp.intake.selectors import case_for, cases_visible, photos_of


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the newest assessment of a case has come, in photos."""

    total: int
    assessed: int
    failed: int

    @property
    def checked(self) -> int:
        return self.assessed + self.failed


def current_assessment(case: Case) -> Assessment | None:
    """The newest complete one; what the case says now."""
    return case.assessments.filter(state=AssessmentState.COMPLETE).order_by("-number").first()


def newest_assessment(case: Case) -> Assessment | None:
    return case.assessments.order_by("-number").first()


def lines_of(assessment: Assessment) -> QuerySet[ReportLine]:
    """In report order, each with its damaged parts at hand."""
    return assessment.lines.select_related("best_photo").prefetch_related(
        "damaged_parts__photo_result__photo"
    )


def photo_results_of(assessment: Assessment) -> QuerySet[PhotoResult]:
    """In photo order, each with its photo and damaged parts at hand."""
    return (
        assessment.photo_results.select_related("photo")
        .prefetch_related("damaged_parts")
        .order_by("photo__number")
    )


def progress_of(case: Case) -> Progress:
    """Of the newest assessment; before there is one, nothing of all ready photos is checked."""
    newest = newest_assessment(case)
    if newest is None:
        return Progress(total=photos_of(case).count(), assessed=0, failed=0)
    counts = newest.photo_results.aggregate(
        total=Count("pk"),
        assessed=Count("pk", filter=Q(state=PhotoResultState.ASSESSED)),
        failed=Count("pk", filter=Q(state=PhotoResultState.FAILED)),
    )
    return Progress(**counts)


def assessments_visible(user: User) -> QuerySet[Assessment]:
    return Assessment.objects.filter(case__in=cases_visible(user)).select_related(
        "case", "model_version"
    )


def assessments_for(user: User, case_id: UUID) -> QuerySet[Assessment]:
    """All assessments of one case; 404 where the case may not be seen."""
    return assessments_visible(user).filter(case=case_for(user, case_id))


def whole_assessment_for(user: User, assessment_id: UUID) -> Assessment:
    """With its photo results, damaged parts and lines at hand."""
    found = (
        assessments_visible(user)
        .filter(pk=assessment_id)
        .prefetch_related("photo_results__damaged_parts", "lines")
        .first()
    )
    if found is None:
        raise NotFoundError("There is no such assessment, or you may not see it.")
    return found


def label_map_for(user: User, result_id: UUID, layer: str) -> str:
    """The file of one label map; nothing is found before the photo is assessed."""
    visible = PhotoResult.objects.filter(assessment__in=assessments_visible(user))
    key = visible.filter(pk=result_id).values_list(layer, flat=True).first()
    if not key:
        raise NotFoundError("There is no such label map, or you may not see it.")
    return str(key)


def failed_photo_results_of(case: Case) -> QuerySet[PhotoResult]:
    """Of the newest assessment, each with its reason."""
    newest = newest_assessment(case)
    results = PhotoResult.objects.filter(assessment=newest, state=PhotoResultState.FAILED)
    return results.select_related("photo").order_by("photo__number")


def photo_results_claimed(ids: Sequence[UUID]) -> QuerySet[PhotoResult]:
    """What a worker needs of the photos it holds, case by case."""
    return (
        PhotoResult.objects.filter(pk__in=ids)
        .select_related("photo", "assessment__case", "assessment__model_version")
        .order_by("assessment", "photo__number")
    )


def photo_results_waiting() -> QuerySet[PhotoResult]:
    return PhotoResult.objects.filter(
        state=PhotoResultState.WAITING, assessment__state=AssessmentState.RUNNING
    )


def assessments_finished() -> QuerySet[Assessment]:
    """Running ones of whose photos none is left to assess."""
    left = PhotoResult.objects.filter(assessment=OuterRef("pk"), state__in=OPEN)
    return Assessment.objects.filter(~Exists(left), state=AssessmentState.RUNNING)
