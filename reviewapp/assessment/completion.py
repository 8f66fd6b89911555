"""What all photos of an assessment say together, and where the case goes from there."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from inference.probability import ProbabilityCurve
from inference.results import CaseResult, Reason
from inference.synthesis import Agreement, SynthesisRules, synthesise
from reviewapp.assessment import rows
from reviewapp.assessment.models import Assessment, DamagedPart, PhotoResult, ReportLine
from reviewapp.assessment.states import AssessmentState, PhotoResultState
from reviewapp.intake.states import CaseState

_ALL_FAILED = Reason("every_photo_failed", "No photo could be assessed.")
_PHOTOS_ADDED = Reason("photos_added", "More photos came after an adjuster asked for them.")
_JUDGED = ["line", "agreement", "refined_confidence", "probability", "flagged", "reasons"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The end of an assessment: its own state and flags, and the case's next state."""

    state: AssessmentState
    case_state: CaseState
    flags: tuple[Reason, ...] = ()
    audit_sample: bool = False


def case_result_of(assessment: Assessment, results: Sequence[PhotoResult]) -> CaseResult:
    """Agreement, probabilities, flags and report lines from the stored rows of all photos."""
    assessed = [item for item in results if item.state == PhotoResultState.ASSESSED]
    failed = [item for item in results if item.state == PhotoResultState.FAILED]
    calibration = assessment.model_version.card["assessment"]["calibration"]
    return synthesise(
        [rows.photo_word(result) for result in assessed],
        SynthesisRules(
            Agreement(assessment.agreement),
            assessment.flag_threshold,
            ProbabilityCurve.from_json(calibration),
        ),
        model_version=assessment.model_version.name,
        taxonomy={"parts": assessment.parts_merge, "damage": assessment.damage_merge},
        failed=[rows.photo_failure(result) for result in failed],
    )


def verdict_of(assessment: Assessment, said: CaseResult) -> Verdict:
    if not said.photos:
        return Verdict(
            AssessmentState.FAILED, CaseState.ASSESSMENT_FAILED, (_ALL_FAILED, *said.flags)
        )
    flags = said.flags
    if assessment.case.assessments.filter(state=AssessmentState.COMPLETE).exclude(pk=assessment.pk):
        # A person asked for more: a person looks at what came.
        flags = (_PHOTOS_ADDED, *flags)
    if flags:
        return Verdict(AssessmentState.COMPLETE, CaseState.NEEDS_REVIEW, flags)
    if in_audit_sample(assessment.case_id):
        return Verdict(AssessmentState.COMPLETE, CaseState.NEEDS_REVIEW, audit_sample=True)
    return Verdict(AssessmentState.COMPLETE, CaseState.AUTO_ACCEPTED)


def in_audit_sample(case_id: UUID) -> bool:
    """A stable share of all cases, by hash: the same case always gets the same answer."""
    place = int.from_bytes(hashlib.sha256(case_id.bytes).digest()[:4]) / 2**32
    return place * 100 < settings.AUDIT_SAMPLE_PERCENT


def lines_write(
    assessment: Assessment, results: Sequence[PhotoResult], said: CaseResult
) -> list[ReportLine]:
    """Write the report lines and what the case says of every damaged part."""
    photos = {rows.photo_name(result.photo): result.photo for result in results}
    lines = ReportLine.objects.bulk_create(
        rows.report_line_row(assessment, number, line, photos[line.best_photo])
        for number, line in enumerate(said.report, start=1)
    )
    line_of = {
        part_id: row
        for row, line in zip(lines, said.report, strict=True)
        for part_id in line.damaged_parts
    }
    judged = {item.id: item for photo in said.photos for item in photo.damaged_parts}
    parts = [item for result in results for item in result.damaged_parts.all()]
    for part in parts:
        part.line = line_of[str(part.pk)]
        for name, value in rows.judged_values(judged[str(part.pk)]).items():
            setattr(part, name, value)
    DamagedPart.objects.bulk_update(parts, _JUDGED, batch_size=100)
    return lines
