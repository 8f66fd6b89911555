import uuid

import pytest
from pytest_django import Settings

from reviewapp.assessment.completion import in_audit_sample
from reviewapp.assessment.models import Assessment
from reviewapp.assessment.selectors import current_assessment, lines_of
from reviewapp.assessment.services import (
    assessment_complete,
    assessment_start,
    assessments_complete_finished,
)
from reviewapp.assessment.states import AssessmentState
from reviewapp.audit.models import Event
from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState
from tests.assessment.conftest import MakeSubmitted, fail_for_good, store_all


@pytest.fixture(autouse=True)
def no_audit_sample(settings: Settings) -> None:
    settings.AUDIT_SAMPLE_PERCENT = 0


def _case(assessment: Assessment) -> Case:
    return Case.objects.get(pk=assessment.case_id)


def _codes(assessment: Assessment) -> list[str]:
    assessment.refresh_from_db()
    return [flag["code"] for flag in assessment.flags]


def test_nothing_happens_while_a_photo_is_left(started: Assessment) -> None:
    assert not assessment_complete(assessment=started)
    assert _case(started).state == CaseState.ASSESSING


def test_exactly_one_worker_completes_it(started: Assessment) -> None:
    store_all(started)
    answers = [assessment_complete(assessment=started) for _ in range(2)]
    assert answers == [True, False]
    assert started.lines.count() == 2


def test_a_case_of_which_the_models_are_sure_is_auto_accepted(started: Assessment) -> None:
    store_all(started, confidence=0.9)
    assessment_complete(assessment=started)
    assert _case(started).state == CaseState.AUTO_ACCEPTED
    assert _codes(started) == []


def test_an_unsure_damaged_part_sends_the_case_to_review_with_a_reason(
    started: Assessment,
) -> None:
    store_all(started, confidence=0.4)
    assessment_complete(assessment=started)
    assert _case(started).state == CaseState.NEEDS_REVIEW
    dent = lines_of(started).get(damage="Deformity")
    assert dent.reasons == [{"code": "unsure", "text": "We are not sure about this dent."}]


def test_a_line_holds_the_damaged_parts_of_all_photos(started: Assessment) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    photos = [
        sorted(item.photo_result.photo.number for item in line.damaged_parts.all())
        for line in lines_of(started)
    ]
    assert photos == [[1, 2], [1, 2]]


def test_a_case_without_damage_needs_a_review(started: Assessment) -> None:
    store_all(started, damage=False)
    assessment_complete(assessment=started)
    assert _case(started).state == CaseState.NEEDS_REVIEW
    assert _codes(started) == ["nothing_found"]


def test_a_case_without_a_vehicle_needs_a_review(started: Assessment) -> None:
    store_all(started, vehicle=False)
    assessment_complete(assessment=started)
    assert _codes(started) == ["no_vehicle"]


def test_one_failed_photo_flags_the_case_and_names_it(started: Assessment) -> None:
    fail_for_good(started.photo_results.get(photo__number=1))
    store_all(started)
    assessment_complete(assessment=started)
    assert _case(started).state == CaseState.NEEDS_REVIEW
    started.refresh_from_db()
    assert "photo 1" in started.flags[0]["text"]


def test_with_every_photo_failed_the_assessment_failed(submitted: MakeSubmitted) -> None:
    assessment = assessment_start(case=submitted(1))
    fail_for_good(assessment.photo_results.get())
    assessment_complete(assessment=assessment)
    assessment.refresh_from_db()
    assert assessment.state == AssessmentState.FAILED
    assert _case(assessment).state == CaseState.ASSESSMENT_FAILED


def test_a_failed_assessment_is_not_the_current_one(submitted: MakeSubmitted) -> None:
    assessment = assessment_start(case=submitted(1))
    fail_for_good(assessment.photo_results.get())
    assessment_complete(assessment=assessment)
    assert current_assessment(assessment.case) is None


def test_more_photos_bring_the_case_back_to_a_person(started: Assessment) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    Case.objects.filter(pk=started.case_id).update(state=CaseState.SUBMITTED)
    second = assessment_start(case=_case(started))
    assessment_complete(assessment=second)
    assert _codes(second) == ["photos_added"]


def test_the_audit_sample_is_reviewed_all_the_same(started: Assessment, settings: Settings) -> None:
    settings.AUDIT_SAMPLE_PERCENT = 100
    store_all(started)
    assessment_complete(assessment=started)
    started.refresh_from_db()
    assert started.audit_sample
    assert _case(started).state == CaseState.NEEDS_REVIEW


def test_the_audit_sample_is_a_stable_share(settings: Settings) -> None:
    settings.AUDIT_SAMPLE_PERCENT = 5
    cases = [uuid.UUID(int=number) for number in range(4000)]
    sampled = [case for case in cases if in_audit_sample(case)]
    assert 0.04 < len(sampled) / len(cases) < 0.06
    assert all(in_audit_sample(case) for case in sampled)


def test_completing_all_finds_what_a_stopped_worker_left(started: Assessment) -> None:
    store_all(started)
    assert assessments_complete_finished() == 1


def test_the_audit_trail_says_how_it_ended(started: Assessment) -> None:
    store_all(started)
    assessment_complete(assessment=started)
    event = Event.objects.get(action="assessment finished")
    assert event.after == {"state": "complete", "lines": 2, "flags": []}
