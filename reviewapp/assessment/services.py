"""Assessments from start to completion. The row is the queue: see `foundation.claims`."""

import logging
from datetime import timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from inference.results import PhotoResult as PhotoWord
from reviewapp.assessment import rows
from reviewapp.assessment.completion import case_result_of, lines_write, verdict_of
from reviewapp.assessment.models import Assessment, DamagedPart, PhotoResult
from reviewapp.assessment.selectors import (
    assessments_finished,
    photo_results_of,
    photo_results_waiting,
)
from reviewapp.assessment.states import AssessmentState, PhotoResultState
from reviewapp.audit.services import event_record
from reviewapp.foundation import claims
from reviewapp.foundation.claims import Claim
from reviewapp.foundation.errors import ConflictError, UnavailableError
from reviewapp.foundation.jobs import Job, ring, start_on_commit
from reviewapp.foundation.logs import case_id, log_context
from reviewapp.intake.models import Case
from reviewapp.intake.selectors import cases_ready_to_assess, photos_of
from reviewapp.intake.services import case_move
from reviewapp.intake.states import CaseState
from reviewapp.modelversions.models import ModelVersion
from reviewapp.modelversions.selectors import active_model_version

logger = logging.getLogger(__name__)


@transaction.atomic
def assessment_start(*, case: Case) -> Assessment:
    """Open the case's next assessment, all its photos waiting; `ConflictError` for the second."""
    version = active_model_version()
    case = case_move(case=case, to=CaseState.ASSESSING)
    assessment = _assessment_create(case, version)
    results = PhotoResult.objects.bulk_create(
        PhotoResult(assessment=assessment, photo=photo) for photo in photos_of(case)
    )
    reused = sum(_reuse_earlier(result) for result in results)
    event_record(
        actor=None,
        action="assessment started",
        subject=assessment,
        team_id=case.team_id,
        after={"model_version": version.name, "photos": len(results), "reused": reused},
    )
    # A bell a batch, so that several workers share a large case.
    for _ in range(max(1, ceil(len(results) / settings.INFERENCE_BATCH_PHOTOS))):
        start_on_commit(Job.ASSESS_PHOTOS)
    return assessment


def assessments_start_waiting() -> int:
    """Start every submitted case whose photos are checked; returns how many were started."""
    started = 0
    for case in cases_ready_to_assess():
        try:
            assessment_start(case=case)
        except ConflictError:
            logger.info("case %s: another worker started its assessment", case.pk)
        except UnavailableError as error:
            logger.warning("submitted cases wait: %s", error.message)
            break
        else:
            started += 1
    return started


@transaction.atomic
def assessment_complete(*, assessment: Assessment) -> bool:
    """Synthesise the case and move it on; True for the one worker that did it.

    Does nothing while a photo is left or when another worker was first.
    """
    won = (
        assessments_finished()
        .filter(pk=assessment.pk)
        .update(state=AssessmentState.COMPLETE, finished_at=timezone.now())
    )
    if not won:
        return False
    results = list(photo_results_of(assessment))
    said = case_result_of(assessment, results)
    verdict = verdict_of(assessment, said)
    lines = lines_write(assessment, results, said)
    flags = [flag.to_json() for flag in verdict.flags]
    Assessment.objects.filter(pk=assessment.pk).update(
        state=verdict.state, flags=flags, audit_sample=verdict.audit_sample
    )
    reason = " ".join(flag.text for flag in verdict.flags)
    case_move(case=assessment.case, to=verdict.case_state, reason=reason)
    event_record(
        actor=None,
        action="assessment finished",
        subject=assessment,
        team_id=assessment.case.team_id,
        after={"state": verdict.state, "lines": len(lines), "flags": flags},
    )
    return True


def assessments_complete_finished() -> int:
    """Complete every assessment that has no photo left; returns how many this worker did."""
    finished = assessments_finished().select_related("case", "model_version")
    completed = 0
    for assessment in finished:
        with log_context(case_id, str(assessment.case_id)):
            completed += assessment_complete(assessment=assessment)
    return completed


def assessments_sweep() -> None:
    """What no bell was rung for, or what a stopped worker left behind."""
    photo_results_free_expired()
    assessments_start_waiting()
    assessments_complete_finished()
    if photo_results_waiting().exists():
        ring(Job.ASSESS_PHOTOS)


def photo_results_claim(*, limit: int) -> Claim:
    """Claim waiting photos of one model version, oldest first, across cases.

    A photo that was tried before is taken alone: if it is what brings workers down, the photos
    beside it are not lost with it.
    """
    waiting = photo_results_waiting()
    first = waiting.order_by("-attempts", "created_at").first()
    if first is None:
        return _claim(waiting, limit=0)
    if first.attempts:
        return _claim(waiting.filter(pk=first.pk), limit=1)
    version = first.assessment.model_version_id
    batch = waiting.filter(attempts=0, assessment__model_version=version)
    return _claim(batch.order_by("created_at"), limit=limit)


def photo_results_renew(*, claim: Claim) -> int:
    """Extend the lease of one claim; returns how many photos it still holds."""
    return claims.renew(PhotoResult.objects.all(), token=claim.token, lease=_lease())


def photo_result_store(
    *, result_id: UUID, claim: Claim, said: PhotoWord, device: str, code_version: str
) -> bool:
    """Write what the models said; False, and no row written, where the lease was lost."""
    # Files first and outside the transaction: storing is slow, and equal bytes are stored once.
    keys = rows.label_map_keys(said)
    with transaction.atomic():
        stored = _held(result_id, claim).update(
            state=PhotoResultState.ASSESSED,
            claim_token=None,
            lease_until=None,
            failure_reason="",
            assessed_at=timezone.now(),
            **keys,
            **rows.photo_result_values(said),
        )
        if not stored:
            logger.warning("photo result %s: the lease was lost, nothing written", result_id)
            return False
        result = PhotoResult.objects.get(pk=result_id)
        DamagedPart.objects.bulk_create(rows.damaged_part_rows(result, said))
        Assessment.objects.filter(pk=result.assessment_id).update(
            device=device, code_version=code_version
        )
    return True


def photo_result_fail(
    *, result_id: UUID, claim: Claim, reason: str, retry_after: timedelta = timedelta(0)
) -> bool:
    """Try again (now, or after a while by way of the sweep); the last attempt fails for good.

    False, and nothing written, where the lease was lost.
    """
    held = _held(result_id, claim)
    values: dict[str, Any] = {
        "claim_token": None,
        "lease_until": None,
        "failure_reason": reason,
    }
    last = held.filter(attempts__gte=settings.MAX_ATTEMPTS)
    if last.update(state=PhotoResultState.FAILED, **values):
        logger.warning("photo result %s failed: %s", result_id, reason)
        return True
    if retry_after:
        values["lease_until"] = timezone.now() + retry_after
        again = held.update(state=PhotoResultState.ASSESSING, **values)
    else:
        again = held.update(state=PhotoResultState.WAITING, **values)
    logger.info("photo result %s will be tried again: %s", result_id, reason)
    return again == 1


def photo_results_free_expired() -> int:
    """Put photos of workers that stopped back in the queue, or fail them after the last attempt."""
    again, failed = claims.free_expired(
        PhotoResult.objects.all(),
        running=PhotoResultState.ASSESSING,
        waiting=PhotoResultState.WAITING,
        failed=PhotoResultState.FAILED,
        max_attempts=settings.MAX_ATTEMPTS,
    )
    if again or failed:
        logger.warning("leases ran out: %d photos wait again, %d failed", again, len(failed))
    return again


def _assessment_create(case: Case, version: ModelVersion) -> Assessment:
    rules = version.card["assessment"]
    newest = case.assessments.order_by("-number").first()
    return Assessment.objects.create(
        case=case,
        number=newest.number + 1 if newest else 1,
        model_version=version,
        body_type=case.body_type,
        doors_per_side=case.doors_per_side,
        parts_merge=rules["parts_merge"],
        damage_merge=rules["damage_merge"],
        agreement=rules["agreement"],
        flag_threshold=rules["flag_threshold"],
    )


def _reuse_earlier(result: PhotoResult) -> bool:
    """Copy what the same models said of the same photo under the same facts of the vehicle."""
    assessment = result.assessment
    earlier = (
        PhotoResult.objects.filter(
            photo=result.photo,
            state=PhotoResultState.ASSESSED,
            assessment__model_version=assessment.model_version,
            assessment__body_type=assessment.body_type,
            assessment__doors_per_side=assessment.doors_per_side,
        )
        .select_related("assessment")
        .order_by("-assessed_at")
        .first()
    )
    if earlier is None:
        return False
    rows.copy_onto(earlier, result)
    if not assessment.device:
        assessment.device = earlier.assessment.device
        assessment.code_version = earlier.assessment.code_version
        assessment.save(update_fields=["device", "code_version"])
    return True


def _claim(waiting: QuerySet[PhotoResult], *, limit: int) -> Claim:
    return claims.claim(
        waiting,
        waiting=PhotoResultState.WAITING,
        running=PhotoResultState.ASSESSING,
        limit=limit,
        lease=_lease(),
    )


def _held(result_id: UUID, claim: Claim) -> QuerySet[PhotoResult]:
    return PhotoResult.objects.filter(
        pk=result_id, claim_token=claim.token, state=PhotoResultState.ASSESSING
    )


def _lease() -> timedelta:
    return timedelta(seconds=settings.LEASE_SECONDS)
