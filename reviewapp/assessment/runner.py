"""The assessment worker's loop: the only module of the site that loads the models."""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from django.conf import settings

from inference.decoding import VehicleFacts
from inference.errors import InferenceError
from inference.predictor import Predictor
from inference.results import PhotoFailure
from reviewapp.assessment import rows
from reviewapp.assessment.models import Assessment, PhotoResult
from reviewapp.assessment.selectors import photo_results_claimed, photo_results_waiting
from reviewapp.assessment.services import (
    assessments_complete_finished,
    assessments_start_waiting,
    photo_result_fail,
    photo_result_store,
    photo_results_claim,
    photo_results_renew,
)
from reviewapp.foundation.claims import Claim
from reviewapp.foundation.files import file_read
from reviewapp.foundation.heartbeat import Heartbeat
from reviewapp.foundation.jobs import Job, ring

logger = logging.getLogger(__name__)

# After this long the task ends and rings again: a worker told to stop is not kept by a full queue.
_TASK_SECONDS = 20.0


def assess_waiting() -> int:
    """Assess until nothing waits; returns how many photos this worker took."""
    started, taken = time.monotonic(), 0
    while True:
        assessments_start_waiting()
        claim = photo_results_claim(limit=settings.INFERENCE_BATCH_PHOTOS)
        taken += len(claim.ids)
        if claim.ids:
            _assess(claim)
        assessments_complete_finished()
        if not photo_results_waiting().exists():
            return taken
        if time.monotonic() - started > _TASK_SECONDS and ring(Job.ASSESS_PHOTOS):
            return taken


def _assess(claim: Claim) -> None:
    def beat() -> bool:
        return photo_results_renew(claim=claim) > 0

    with Heartbeat(beat, seconds=settings.LEASE_SECONDS / 3):
        results = list(photo_results_claimed(claim.ids))
        try:
            predictor = predictor_of(results[0].assessment)
            for facts, group in groupby(results, key=_facts):
                _assess_together(predictor, claim, list(group), facts)
        except InferenceError as error:
            # Nothing to do with a photo: weights are missing or do not fit. Another machine, or
            # this one once it is mended, tries again after a lease.
            _fail_all(claim, f"The models could not be run: {error}")


def _assess_together(
    predictor: Predictor, claim: Claim, results: Sequence[PhotoResult], facts: VehicleFacts
) -> None:
    readable: list[tuple[PhotoResult, bytes]] = []
    for result in results:
        try:
            readable.append((result, file_read(result.photo.display)))
        except FileNotFoundError:
            photo_result_fail(
                result_id=result.pk, claim=claim, reason="The photo's file is gone from storage."
            )
    said = predictor.predict_photos(
        [(rows.photo_name(result.photo), content) for result, content in readable], facts=facts
    )
    for (result, _), word in zip(readable, said, strict=True):
        if isinstance(word, PhotoFailure):
            photo_result_fail(result_id=result.pk, claim=claim, reason=word.message)
        else:
            photo_result_store(
                result_id=result.pk,
                claim=claim,
                said=word,
                device=predictor.device,
                code_version=predictor.code_version,
            )


def _fail_all(claim: Claim, reason: str) -> None:
    for result_id in claim.ids:
        photo_result_fail(
            result_id=result_id,
            claim=claim,
            reason=reason,
            retry_after=timedelta(seconds=settings.LEASE_SECONDS),
        )


def _facts(result: PhotoResult) -> VehicleFacts:
    assessment = result.assessment
    return VehicleFacts(assessment.body_type or None, assessment.doors_per_side)


def predictor_of(assessment: Assessment) -> Predictor:
    version = assessment.model_version
    return _predictor(version.folder, version.weights_sha256)


@lru_cache(maxsize=1)
def _predictor(folder: str, sha256: str) -> Predictor:
    """Loaded once at first use; with another model version the one before is let go."""
    logger.info("loading the models of %s", folder)
    return Predictor.load(
        Path(folder),
        backend=settings.INFERENCE_BACKEND,
        device=settings.INFERENCE_DEVICE,
        cache_dir=settings.INFERENCE_CACHE_DIR,
    )
