import pytest
from pytest_django import Settings

from reviewapp.assessment.models import Assessment
from reviewapp.assessment.selectors import photo_results_waiting
from reviewapp.assessment.services import (
    assessment_complete,
    assessment_start,
    assessments_start_waiting,
)
from reviewapp.assessment.states import AssessmentState, PhotoResultState
from reviewapp.foundation.errors import ConflictError, UnavailableError
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.states import CaseState, PhotoState
from reviewapp.modelversions.models import ModelVersion
from tests.assessment.conftest import MakeSubmitted, store_all
from tests.factories.intake import make_photo
from tests.factories.modelversions import make_model_version


def test_every_ready_photo_of_the_case_waits(submitted: MakeSubmitted) -> None:
    assessment = assessment_start(case=submitted(3))
    assert assessment.photo_results.filter(state=PhotoResultState.WAITING).count() == 3


def test_a_withdrawn_photo_is_left_out(submitted: MakeSubmitted) -> None:
    case = submitted(2)
    Photo.objects.filter(case=case, number=1).update(state=PhotoState.WITHDRAWN)
    assessment = assessment_start(case=case)
    assert [result.photo.number for result in assessment.photo_results.all()] == [2]


def test_the_case_is_being_assessed(submitted: MakeSubmitted) -> None:
    case = submitted(1)
    assessment_start(case=case)
    case.refresh_from_db()
    assert case.state == CaseState.ASSESSING


def test_it_records_the_rules_and_the_facts_of_the_vehicle(submitted: MakeSubmitted) -> None:
    case = submitted(1)
    case.body_type, case.doors_per_side = "van", 1
    case.save()
    assessment = assessment_start(case=case)
    recorded = (assessment.body_type, assessment.doors_per_side, assessment.flag_threshold)
    assert recorded == ("van", 1, 0.7)


def test_the_second_of_two_starters_is_refused_and_changes_nothing(
    submitted: MakeSubmitted,
) -> None:
    case = submitted(1)
    stale = Case.objects.get(pk=case.pk)
    assessment_start(case=case)
    with pytest.raises(ConflictError):
        assessment_start(case=stale)
    assert Assessment.objects.count() == 1


def test_without_an_active_model_version_the_case_keeps_waiting(
    submitted: MakeSubmitted, version: ModelVersion
) -> None:
    case = submitted(1)
    ModelVersion.objects.update(active=False)
    with pytest.raises(UnavailableError, match="register_models"):
        assessment_start(case=case)
    case.refresh_from_db()
    assert case.state == CaseState.SUBMITTED


def test_starting_all_passes_over_a_missing_model_version(submitted: MakeSubmitted) -> None:
    submitted(1)
    ModelVersion.objects.update(active=False)
    assert assessments_start_waiting() == 0


def test_starting_all_leaves_a_case_whose_photos_are_still_checked(
    submitted: MakeSubmitted,
) -> None:
    checked, unchecked = submitted(1), submitted(1)
    unchecked.photos.update(state=PhotoState.CHECKING)
    assessments_start_waiting()
    assert list(Assessment.objects.values_list("case", flat=True)) == [checked.pk]


@pytest.mark.django_db(transaction=True)
def test_one_bell_a_batch_rings(
    submitted: MakeSubmitted, no_bells: list[str], settings: Settings
) -> None:
    settings.INFERENCE_BATCH_PHOTOS = 4
    assessment_start(case=submitted(9))
    assert no_bells == ["assessment.assess_photos"] * 3


def _asked_for_more(case: Case) -> Case:
    Case.objects.filter(pk=case.pk).update(state=CaseState.SUBMITTED)
    make_photo(case, number=9)
    return Case.objects.get(pk=case.pk)


def test_with_more_photos_only_the_new_one_is_assessed_again(started: Assessment) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    second = assessment_start(case=_asked_for_more(started.case))
    assert [result.photo.number for result in photo_results_waiting()] == [9]
    assert second.number == 2


def test_a_reused_result_brings_its_damaged_parts_along(started: Assessment) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    second = assessment_start(case=_asked_for_more(started.case))
    counts = [
        result.damaged_parts.count() for result in second.photo_results.order_by("photo__number")
    ]
    assert counts == [2, 2, 0]


def test_reused_results_keep_the_record_of_what_ran_where(started: Assessment) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    second = assessment_start(case=_asked_for_more(started.case))
    assert (second.device, second.code_version) == ("test", "test")


def test_the_first_assessment_stays_as_it_was(started: Assessment) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    before = list(started.lines.values("id", "probability", "damaged_parts"))
    assessment_start(case=_asked_for_more(started.case))
    assert list(started.lines.values("id", "probability", "damaged_parts")) == before


def test_another_model_version_assesses_every_photo_anew(started: Assessment) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    ModelVersion.objects.update(active=False)
    make_model_version(name="test-2")
    assessment_start(case=_asked_for_more(started.case))
    assert photo_results_waiting().count() == 3


def test_other_facts_of_the_vehicle_assess_every_photo_anew(started: Assessment) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    case = _asked_for_more(started.case)
    case.doors_per_side = 1
    case.save()
    assessment_start(case=case)
    assert photo_results_waiting().count() == 3


def test_agreement_is_computed_anew_over_old_and_new_photos(started: Assessment) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    second = assessment_start(case=_asked_for_more(started.case))
    store_all(second, damage=False)
    assessment_complete(assessment=second)
    second.refresh_from_db()
    dent = second.lines.get(damage="Deformity").damaged_parts.first()
    assert dent is not None
    assert dent.agreement == pytest.approx(2 / 3)
    assert second.state == AssessmentState.COMPLETE
