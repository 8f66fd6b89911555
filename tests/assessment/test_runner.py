"""The worker's loop with a predictor that says what the test wants."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from inference.decoding import VehicleFacts
from inference.errors import WeightsError
from inference.predictor import CasePhotos, Predictor
from inference.results import PhotoFailure, PhotoResult
from reviewapp.assessment import runner
from reviewapp.assessment.models import Assessment
from reviewapp.assessment.models import PhotoResult as PhotoResultRow
from reviewapp.assessment.services import assessment_start, assessments_sweep
from reviewapp.assessment.states import AssessmentState, PhotoResultState
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.states import BodyType, CaseState
from tests.assessment.conftest import MakeSubmitted
from tests.assessment.words import say_of


@dataclass
class FakePredictor:
    """Says the same of every photo, fails those it is told to, and remembers what came."""

    failing: set[str] = field(default_factory=set)
    batches: list[list[CasePhotos]] = field(default_factory=list)
    sha256: str = "0" * 64

    @property
    def version(self) -> SimpleNamespace:
        return SimpleNamespace(sha256=self.sha256)

    def record(self) -> dict[str, Any]:
        precision = {"parts": "float32", "damage": "float32"}
        return {"backend": "fake", "device": "cpu", "precision": precision, "code_version": "7"}

    def predict_cases(self, cases: list[CasePhotos]) -> list[list[PhotoResult | PhotoFailure]]:
        self.batches.append(cases)
        return [[self._say(name) for name, _ in case.photos] for case in cases]

    def _say(self, name: str) -> PhotoResult | PhotoFailure:
        if name in self.failing:
            return PhotoFailure(name, "unreadable_photo", "It cannot be read.")
        return say_of(name)


@pytest.fixture(autouse=True)
def predictor(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[FakePredictor]:
    settings.AUDIT_SAMPLE_PERCENT = 0
    settings.INFERENCE_BATCH_PHOTOS = 4
    fake = FakePredictor()
    monkeypatch.setattr(Predictor, "load", lambda *_, **__: fake)
    monkeypatch.setattr(runner, "ring", lambda _job: True)
    runner.forget_predictor()
    yield fake
    runner.forget_predictor()


def _state(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def test_a_submitted_case_goes_all_the_way(submitted: MakeSubmitted) -> None:
    case = submitted(3)
    assert runner.assess_waiting() == 3
    assert _state(case) == CaseState.AUTO_ACCEPTED


def test_photos_of_several_cases_fill_one_batch(
    submitted: MakeSubmitted, predictor: FakePredictor
) -> None:
    submitted(2)
    submitted(2)
    runner.assess_waiting()
    sizes = [sum(len(case.photos) for case in batch) for batch in predictor.batches]
    assert sizes == [4]


def test_the_loop_goes_on_until_nothing_waits(
    submitted: MakeSubmitted, predictor: FakePredictor
) -> None:
    submitted(9)
    assert runner.assess_waiting() == 9
    assert len(predictor.batches) == 3


def test_the_facts_of_each_vehicle_go_with_its_photos(
    submitted: MakeSubmitted, predictor: FakePredictor
) -> None:
    first, _ = submitted(1), submitted(1)
    Case.objects.filter(pk=first.pk).update(body_type="van", doors_per_side=1)
    runner.assess_waiting()
    facts = {case.facts for case in predictor.batches[0]}
    assert facts == {VehicleFacts("van", 1), VehicleFacts()}


def test_the_models_know_every_body_type_of_a_case() -> None:
    assert all(VehicleFacts(body_type.value) for body_type in BodyType)


def test_an_unreadable_photo_fails_after_the_last_attempt_and_the_others_count(
    submitted: MakeSubmitted, predictor: FakePredictor
) -> None:
    predictor.failing = {"photo 2"}
    case = submitted(3)
    runner.assess_waiting()
    failed = PhotoResultRow.objects.get(state=PhotoResultState.FAILED)
    assert (failed.photo.number, failed.attempts) == (2, 3)
    assert failed.failure_reason == "It cannot be read."
    assert _state(case) == CaseState.NEEDS_REVIEW


def test_a_photo_gone_from_storage_fails_with_that_reason(submitted: MakeSubmitted) -> None:
    case = submitted(1)
    Photo.objects.filter(case=case).update(display="ab/gone.jpg")
    runner.assess_waiting()
    assert "missing from the store" in PhotoResultRow.objects.get().failure_reason
    assert _state(case) == CaseState.ASSESSMENT_FAILED


def test_it_is_recorded_what_ran_where(submitted: MakeSubmitted) -> None:
    submitted(1)
    runner.assess_waiting()
    assessment = Assessment.objects.get()
    assert (assessment.device, assessment.code_version) == ("fake on cpu, float32", "7")


def test_other_weights_than_the_registered_ones_assess_nothing(
    submitted: MakeSubmitted, predictor: FakePredictor
) -> None:
    predictor.sha256 = "1" * 64
    submitted(1)
    runner.assess_waiting()
    assert predictor.batches == []
    assert "not those that were registered" in PhotoResultRow.objects.get().failure_reason


def test_missing_weights_are_tried_again_later_and_then_named(
    submitted: MakeSubmitted, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def load(*_: object, **__: object) -> None:
        raise WeightsError("model.json cannot be read.")

    monkeypatch.setattr(Predictor, "load", load)
    case = submitted(2)
    for _ in range(settings.MAX_ATTEMPTS):
        runner.assess_waiting()
        PhotoResultRow.objects.filter(lease_until__isnull=False).update(
            lease_until=timezone.now() - timedelta(seconds=1)
        )
        assessments_sweep()
    reasons = set(PhotoResultRow.objects.values_list("failure_reason", flat=True))
    assert reasons == {"The models could not be run: model.json cannot be read."}
    assert _state(case) == CaseState.ASSESSMENT_FAILED


def test_models_are_loaded_once_from_where_this_machine_keeps_them(
    submitted: MakeSubmitted, monkeypatch: pytest.MonkeyPatch, predictor: FakePredictor
) -> None:
    folders: list[Path] = []

    def load(folder: Path, **_: object) -> FakePredictor:
        folders.append(folder)
        return predictor

    monkeypatch.setattr(Predictor, "load", load)
    submitted(9)
    runner.assess_waiting()
    assert folders == [Path("/nowhere/test-1")]


def test_a_long_queue_is_handed_on_by_a_bell(
    submitted: MakeSubmitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "TASK_SECONDS", 0.0)
    submitted(9)
    assert runner.assess_waiting() == 4


def test_without_a_broker_the_loop_goes_on_by_itself(
    submitted: MakeSubmitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "TASK_SECONDS", 0.0)
    monkeypatch.setattr(runner, "ring", lambda _job: False)
    submitted(9)
    assert runner.assess_waiting() == 9


def test_the_sweep_rings_for_what_waits(submitted: MakeSubmitted, no_bells: list[str]) -> None:
    assessment_start(case=submitted(1))
    no_bells.clear()
    assessments_sweep()
    assert no_bells == ["assessment.assess_photos"]


def test_the_sweep_is_silent_when_nothing_waits(version: object, no_bells: list[str]) -> None:
    assessments_sweep()
    assert no_bells == []


def test_the_sweep_completes_what_a_stopped_worker_left(started: Assessment) -> None:
    started.photo_results.update(state=PhotoResultState.ASSESSED)
    assessments_sweep()
    started.refresh_from_db()
    assert started.state == AssessmentState.COMPLETE
