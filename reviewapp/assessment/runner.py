"""The assessment worker's loop: the only module of the site that loads the models."""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings

from inference.decoding import VehicleFacts
from inference.errors import InferenceError, WeightsError
from inference.predictor import CasePhotos, Predictor
from inference.results import PhotoFailure
from inference.results import PhotoResult as PhotoWord
from reviewapp.assessment import rows
from reviewapp.assessment.models import PhotoResult
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
from reviewapp.foundation.errors import UnavailableError
from reviewapp.foundation.files import file_read
from reviewapp.foundation.heartbeat import Heartbeat
from reviewapp.foundation.jobs import Job, ring
from reviewapp.modelversions.models import ModelVersion
from reviewapp.modelversions.selectors import folder_of

logger = logging.getLogger(__name__)

# After this long the task ends and rings again: a worker told to stop is not kept by a full queue.
TASK_SECONDS = 20.0


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
        late = time.monotonic() - started > TASK_SECONDS
        if not photo_results_waiting().exists() or (late and ring(Job.ASSESS_PHOTOS)):
            break
    if taken:
        logger.info("%d photos taken in %.1f s", taken, time.monotonic() - started)
    return taken


def _assess(claim: Claim) -> None:
    def beat() -> bool:
        return photo_results_renew(claim=claim) > 0

    with Heartbeat(beat, seconds=settings.LEASE_SECONDS / 3):
        results = list(photo_results_claimed(claim.ids))
        try:
            predictor = predictor_of(results[0].assessment.model_version)
            _predict(predictor, claim, results)
        except InferenceError as error:
            # Nothing to do with a photo: weights are missing or do not fit. Another machine, or
            # this one once it is mended, tries again after a lease.
            _fail_all(claim, f"The models could not be run: {error}")


def _predict(predictor: Predictor, claim: Claim, results: Sequence[PhotoResult]) -> None:
    readable = [(result, photo) for result in results if (photo := _photo(result, claim))]
    cases = [
        (facts, list(members)) for facts, members in groupby(readable, lambda item: _facts(item[0]))
    ]
    said = predictor.predict_cases(
        [CasePhotos([photo for _, photo in members], facts) for facts, members in cases]
    )
    for (_, members), words in zip(cases, said, strict=True):
        for (result, _), word in zip(members, words, strict=True):
            _write(result, claim, word, predictor)


def _photo(result: PhotoResult, claim: Claim) -> tuple[str, bytes] | None:
    try:
        return rows.photo_name(result.photo), file_read(result.photo.display)
    except UnavailableError as error:
        photo_result_fail(result_id=result.pk, claim=claim, reason=error.message)
        return None


def _write(
    result: PhotoResult, claim: Claim, word: PhotoWord | PhotoFailure, predictor: Predictor
) -> None:
    if isinstance(word, PhotoFailure):
        photo_result_fail(result_id=result.pk, claim=claim, reason=word.message)
        return
    record = predictor.record()
    photo_result_store(
        result_id=result.pk,
        claim=claim,
        said=word,
        device=_device(record),
        code_version=record["code_version"],
    )


def _device(record: Mapping[str, Any]) -> str:
    precisions = sorted(set(record["precision"].values()))
    return f"{record['backend']} on {record['device']}, {', '.join(precisions)}"


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


def predictor_of(version: ModelVersion) -> Predictor:
    """Its weights are those that were registered, or nothing is assessed."""
    predictor = _loaded(folder_of(version))
    if predictor.version.sha256 != version.weights_sha256:
        raise WeightsError(f"The weights of {version.name} are not those that were registered.")
    return predictor


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> Predictor:
    """Loaded once, at first use; with another model version the one before is let go."""
    logger.info("loading the models in %s", folder)
    return Predictor.load(
        folder,
        backend=settings.INFERENCE_BACKEND,
        device=settings.INFERENCE_DEVICE,
        cache_dir=settings.INFERENCE_CACHE_DIR,
    )


def forget_predictor() -> None:
    """Let the loaded models go; the next photo loads them again."""
    _loaded.cache_clear()
