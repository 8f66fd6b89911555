from collections.abc import Callable

import pytest

from reviewapp.assessment.models import Assessment, PhotoResult
from reviewapp.assessment.services import (
    assessment_start,
    photo_result_fail,
    photo_result_store,
    photo_results_claim,
)
from reviewapp.foundation.claims import Claim
from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState
from reviewapp.modelversions.models import ModelVersion
from tests.assessment.words import say
from tests.factories.intake import make_case, make_photo
from tests.factories.modelversions import make_model_version
from tests.people import People

MakeSubmitted = Callable[[int], Case]


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Bells are counted, not rung: no worker listens."""
    rung: list[str] = []

    def ring(job: str) -> bool:
        rung.append(str(job))
        return True

    monkeypatch.setattr("reviewapp.foundation.jobs.ring", ring)
    monkeypatch.setattr("reviewapp.assessment.services.ring", ring)
    return rung


@pytest.fixture
def version(db: None) -> ModelVersion:
    return make_model_version()


@pytest.fixture
def submitted(people: People, version: ModelVersion) -> MakeSubmitted:
    """`submitted(3)` is a submitted case with three ready photos."""

    def make(photos: int) -> Case:
        number = Case.objects.count() + 1
        case = make_case(people.team, state=CaseState.SUBMITTED, claim_number=f"CL-{number}")
        for index in range(1, photos + 1):
            make_photo(case, number=index)
        return case

    return make


@pytest.fixture
def started(submitted: MakeSubmitted) -> Assessment:
    """A running assessment of two photos, both waiting."""
    return assessment_start(case=submitted(2))


def store(result: PhotoResult, claim: Claim, **word: object) -> bool:
    return photo_result_store(
        result_id=result.pk,
        claim=claim,
        said=say(result.photo, **word),  # type: ignore[arg-type]
        device="test",
        code_version="test",
    )


def store_all(assessment: Assessment, **word: object) -> None:
    """Every waiting photo of the assessment gets the same word."""
    claim = photo_results_claim(limit=100)
    for result in assessment.photo_results.filter(claim_token=claim.token):
        assert store(result, claim, **word)


def fail_for_good(result: PhotoResult, reason: str = "It cannot be read.") -> None:
    PhotoResult.objects.filter(pk=result.pk).update(attempts=2)
    claim = photo_results_claim(limit=1)
    assert claim.ids == (result.pk,)
    photo_result_fail(result_id=result.pk, claim=claim, reason=reason)
