"""Assessed cases with complete rows and real label maps (rectangles), without any model.

Every photo shows a Front Bumper with a scratch, which the models are sure of, and a left Front
Door Shell with a dent, which they are not: one report line each, the second one flagged.
"""

import io
from dataclasses import dataclass

import numpy as np
from django.utils import timezone

from inference import masks
from inference.masks import LabelMap
from inference.postprocessing import PhotoRegions, RegionRules, regions_of_label_maps
from inference.results import DamagedPart as Region
from inference.taxonomy import DAMAGE, PARTS
from reviewapp.accounts.models import Team
from reviewapp.assessment.models import Assessment, DamagedPart, PhotoResult, ReportLine
from reviewapp.assessment.states import AssessmentState, PhotoResultState
from reviewapp.foundation.files import file_put
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.states import CaseState
from tests.factories.intake import make_case, make_photo
from tests.factories.modelversions import FLAG_THRESHOLD, make_model_version

SURE, UNSURE = 0.94, 0.62
UNSURE_REASON = {
    "code": "low_probability",
    "text": "We are not sure about this deformity: 62 %, below the threshold of 70 %.",
}


@dataclass(frozen=True)
class AssessedCase:
    case: Case
    photos: list[Photo]
    assessment: Assessment
    results: list[PhotoResult]
    lines: list[ReportLine]


def make_assessed_case(
    team: Team,
    *,
    photos: int = 2,
    state: CaseState = CaseState.NEEDS_REVIEW,
    claim_number: str = "CL-1",
    damage: bool = True,
    audit_sample: bool = False,
    width: int = 96,
    height: int = 64,
) -> AssessedCase:
    """A case in `state` whose newest assessment is complete; with `damage=False` without lines."""
    case = make_case(team, state=state, claim_number=claim_number)
    case.submitted_at = timezone.now()
    case.save(update_fields=["submitted_at"])
    pictures = [
        make_photo(case, number=number, width=width, height=height)
        for number in range(1, photos + 1)
    ]
    return make_assessment(case, pictures, damage=damage, audit_sample=audit_sample)


def make_assessment(
    case: Case, photos: list[Photo], *, damage: bool = True, audit_sample: bool = False
) -> AssessedCase:
    """A complete assessment of these photos, numbered after the case's others."""
    assessment = Assessment.objects.create(
        case=case,
        number=case.assessments.count() + 1,
        state=AssessmentState.COMPLETE,
        finished_at=timezone.now(),
        model_version=make_model_version(),
        parts_merge="sides",
        damage_merge="categorical",
        agreement="visible",
        flag_threshold=FLAG_THRESHOLD,
        device="no model",
        code_version="test",
        audit_sample=audit_sample,
        flags=[] if damage else [{"code": "nothing_found", "text": "No damage was found."}],
    )
    results = [_photo_result(assessment, photo, damage=damage) for photo in photos]
    lines = list(assessment.lines.all())
    return AssessedCase(case, photos, assessment, results, lines)


def label_maps(width: int, height: int, *, damage: bool = True) -> tuple[LabelMap, LabelMap]:
    """A bumper at the bottom with a scratch, a left front door above with a dent."""
    parts = np.zeros((height, width), np.uint8)
    parts[height // 2 + 4 : -2, 4:-4] = PARTS.named("Front Bumper").id
    parts[4 : height // 2, width // 4 : -4] = PARTS.named("Front Door Shell left").id
    damaged = np.zeros_like(parts)
    if damage:
        bottom = height * 3 // 4
        damaged[bottom : bottom + 3, 12 : width // 2] = DAMAGE.named("Scratch").id
        damaged[10 : height // 2 - 6, width // 2 : width * 3 // 4] = DAMAGE.named("Dent").id
    return parts, damaged


def _photo_result(assessment: Assessment, photo: Photo, *, damage: bool) -> PhotoResult:
    parts, damaged = label_maps(photo.width or 0, photo.height or 0, damage=damage)
    regions = regions_of_label_maps(str(photo.number), parts, damaged, RegionRules.named())
    result = PhotoResult.objects.create(
        assessment=assessment,
        photo=photo,
        state=PhotoResultState.ASSESSED,
        attempts=1,
        assessed_at=timezone.now(),
        vehicle=True,
        vehicle_probability=0.99,
        damaged=damage,
        damaged_probability=0.97 if damage else 0.04,
        view=regions.view or "",
        damage_area_percent=regions.damage_area_percent,
        parts=[part.to_json() for part in regions.parts],
        parts_map=_stored(parts),
        damage_map=_stored(damaged),
    )
    _damaged_parts(result, regions)
    return result


def _stored(label_map: LabelMap) -> str:
    return file_put(io.BytesIO(masks.encode_label_map(label_map)), suffix=".png").key


def _damaged_parts(result: PhotoResult, regions: PhotoRegions) -> None:
    for number, region in enumerate(regions.damaged_parts, start=1):
        probability = UNSURE if region.damage == "Deformity" else SURE
        flagged = probability < FLAG_THRESHOLD
        reasons = [UNSURE_REASON] if flagged else []
        DamagedPart.objects.create(
            photo_result=result,
            line=_line(result, region, probability=probability, reasons=reasons),
            number=number,
            part=region.part,
            side=region.side or "",
            damage=region.damage,
            damage_type=region.damage_type,
            bbox=list(region.bbox),
            area_px=region.area_px,
            share_of_part=region.share_of_part,
            share_of_photo=region.share_of_photo,
            size_class=region.size_class,
            severity=region.severity,
            base_confidence=probability,
            agreement=1.0,
            refined_confidence=probability,
            probability=probability,
            flagged=flagged,
            reasons=reasons,
            mask=region.mask,
        )


def _line(
    result: PhotoResult, region: Region, *, probability: float, reasons: list[dict[str, str]]
) -> ReportLine:
    line, _ = ReportLine.objects.get_or_create(
        assessment=result.assessment,
        part=region.part,
        side=region.side or "",
        damage=region.damage,
        defaults={
            "number": result.assessment.lines.count() + 1,
            "probability": probability,
            "flagged": bool(reasons),
            "reasons": reasons,
            "best_photo": result.photo,
        },
    )
    return line
