from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from inference import masks
from inference.masks import decode_label_map
from reviewapp.assessment.models import Assessment, DamagedPart, PhotoResult
from reviewapp.assessment.services import (
    assessment_start,
    photo_result_fail,
    photo_results_claim,
    photo_results_free_expired,
    photo_results_renew,
)
from reviewapp.assessment.states import PhotoResultState
from reviewapp.foundation.files import file_read
from reviewapp.modelversions.models import ModelVersion
from tests.assessment.conftest import MakeSubmitted, fail_for_good, store
from tests.assessment.words import say
from tests.factories.modelversions import make_model_version


def _expire() -> None:
    PhotoResult.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def _first(assessment: Assessment) -> PhotoResult:
    return assessment.photo_results.order_by("photo__number")[0]


def test_one_claim_takes_photos_of_several_cases(submitted: MakeSubmitted) -> None:
    first, second = assessment_start(case=submitted(1)), assessment_start(case=submitted(1))
    claim = photo_results_claim(limit=4)
    assert claim.ids == (_first(first).pk, _first(second).pk)


def test_two_claims_never_share_a_photo(started: Assessment) -> None:
    one, other = photo_results_claim(limit=1), photo_results_claim(limit=2)
    assert not set(one.ids) & set(other.ids)
    assert len(one.ids) + len(other.ids) == 2


def test_a_claim_holds_photos_of_one_model_version_only(
    started: Assessment, submitted: MakeSubmitted
) -> None:
    ModelVersion.objects.update(active=False)
    make_model_version(name="test-2")
    assessment_start(case=submitted(2))
    claim = photo_results_claim(limit=4)
    assert set(claim.ids) == set(started.photo_results.values_list("pk", flat=True))


def test_a_photo_that_was_tried_before_is_taken_alone(started: Assessment) -> None:
    PhotoResult.objects.filter(pk=_first(started).pk).update(attempts=1)
    assert photo_results_claim(limit=4).ids == (_first(started).pk,)


def test_a_stored_photo_keeps_its_label_maps_pixel_for_pixel(started: Assessment) -> None:
    result = _first(started)
    store(result, photo_results_claim(limit=1))
    result.refresh_from_db()
    kept = decode_label_map(file_read(result.damage_map))
    assert (kept == say(result.photo).damage_map).all()


def test_a_stored_damaged_part_keeps_its_mask(started: Assessment) -> None:
    result = _first(started)
    store(result, photo_results_claim(limit=1))
    stored = DamagedPart.objects.get(photo_result=result, number=1)
    assert masks.rle_area(stored.mask) == stored.area_px


def test_a_worker_that_lost_its_lease_writes_nothing(started: Assessment) -> None:
    result = _first(started)
    late = photo_results_claim(limit=1)
    _expire()
    photo_results_free_expired()
    photo_results_claim(limit=1)
    assert not store(result, late)
    assert not DamagedPart.objects.exists()


def test_the_same_photo_is_stored_once(started: Assessment) -> None:
    result = _first(started)
    claim = photo_results_claim(limit=1)
    answers = [store(result, claim), store(result, claim)]
    assert answers == [True, False]
    assert DamagedPart.objects.filter(photo_result=result).count() == 2


def test_renewing_moves_the_lease(started: Assessment) -> None:
    claim = photo_results_claim(limit=1)
    _expire()
    assert photo_results_renew(claim=claim) == 1
    assert photo_results_free_expired() == 0


def test_an_expired_lease_puts_the_photo_back(started: Assessment) -> None:
    photo_results_claim(limit=2)
    _expire()
    assert photo_results_free_expired() == 2


def test_after_the_last_attempt_a_silent_worker_fails_the_photo_with_its_reason(
    started: Assessment, settings: Settings
) -> None:
    settings.MAX_ATTEMPTS = 1
    photo_results_claim(limit=1)
    _expire()
    photo_results_free_expired()
    result = _first(started)
    assert result.state == PhotoResultState.FAILED
    assert "stopped without an answer" in result.failure_reason


def test_a_failure_puts_the_photo_back_before_the_last_attempt(started: Assessment) -> None:
    result = _first(started)
    claim = photo_results_claim(limit=1)
    photo_result_fail(result_id=result.pk, claim=claim, reason="It cannot be read.")
    result.refresh_from_db()
    assert result.state == PhotoResultState.WAITING


def test_the_last_failure_keeps_its_reason(started: Assessment) -> None:
    fail_for_good(_first(started), "The photo's file is gone from storage.")
    result = _first(started)
    assert result.state == PhotoResultState.FAILED
    assert result.failure_reason == "The photo's file is gone from storage."


def test_a_failure_with_a_pause_waits_for_the_sweep(started: Assessment) -> None:
    result = _first(started)
    claim = photo_results_claim(limit=1)
    photo_result_fail(
        result_id=result.pk, claim=claim, reason="No weights.", retry_after=timedelta(minutes=1)
    )
    assert result.pk not in photo_results_claim(limit=2).ids
    _expire()
    photo_results_free_expired()
    assert result.pk in photo_results_claim(limit=2).ids


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_worker_that_lost_its_lease_fails_nothing(started: Assessment, attempts: int) -> None:
    result = _first(started)
    late = photo_results_claim(limit=1)
    _expire()
    photo_results_free_expired()
    PhotoResult.objects.filter(pk=result.pk).update(attempts=attempts)
    assert not photo_result_fail(result_id=result.pk, claim=late, reason="late")
    result.refresh_from_db()
    assert result.failure_reason == ""
