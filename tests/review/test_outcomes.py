import pytest

from reviewapp.audit.models import Event
from reviewapp.foundation.errors import ConflictError, InvalidError
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Review
from reviewapp.review.services import review_finish
from reviewapp.review.states import Outcome, ReviewState
from tests.review.desk import Desk


def finish(desk: Desk, outcome: Outcome, note: str = "") -> Review:
    return review_finish(actor=desk.adjuster, review=desk.review, outcome=outcome, note=note)


def case_state(desk: Desk) -> str:
    desk.assessed.case.refresh_from_db()
    return desk.assessed.case.state


def test_an_approval_needs_every_flagged_line_decided(desk: Desk) -> None:
    with pytest.raises(InvalidError, match="Left front door · deformity") as refused:
        finish(desk, Outcome.APPROVED)
    assert refused.value.code == "undecided"
    assert case_state(desk) == CaseState.IN_REVIEW


def test_a_partly_decided_line_is_not_decided(desk: Desk) -> None:
    desk.make("accept", damaged_part=desk.dent_on(1).pk)
    with pytest.raises(InvalidError, match="Decide these flagged lines"):
        finish(desk, Outcome.APPROVED)


def test_lines_that_are_not_flagged_need_no_decision(desk: Desk) -> None:
    desk.make("accept", line=desk.dent.pk)
    finish(desk, Outcome.APPROVED)
    assert case_state(desk) == CaseState.REVIEWED


def test_an_approval_with_corrections_says_so(desk: Desk) -> None:
    desk.make("reject", line=desk.dent.pk, reason="shadow")
    with pytest.raises(InvalidError) as refused:
        finish(desk, Outcome.APPROVED)
    assert refused.value.details["suggested_outcome"] == Outcome.APPROVED_WITH_CORRECTIONS


def test_an_approval_without_corrections_does_not_claim_any(desk: Desk) -> None:
    desk.accept_all()
    with pytest.raises(InvalidError, match="nothing was corrected"):
        finish(desk, Outcome.APPROVED_WITH_CORRECTIONS)


def test_a_part_painted_anew_is_a_correction(desk: Desk) -> None:
    desk.accept_all()
    maps = desk.maps()
    maps.parts[0:3, 0:9] = 1
    desk.save(maps)
    assert desk.standing().suggested_outcome == Outcome.APPROVED_WITH_CORRECTIONS


def test_a_correction_taken_back_is_none(desk: Desk) -> None:
    desk.accept_all()
    maps = desk.maps()
    maps.damage[6:9, 30:60] = 2
    desk.undo(desk.save(maps).correction.decisions.get())
    assert desk.standing().suggested_outcome == Outcome.APPROVED


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.MORE_PHOTOS, CaseState.WAITING_FOR_PHOTOS),
        (Outcome.INSPECTION, CaseState.WAITING_FOR_INSPECTION),
        (Outcome.NOT_ASSESSABLE, CaseState.REVIEWED),
    ],
)
def test_the_other_outcomes_need_no_decision(
    desk: Desk, outcome: Outcome, state: CaseState
) -> None:
    finish(desk, outcome)
    assert case_state(desk) == state


def test_a_finished_review_keeps_outcome_and_note(desk: Desk) -> None:
    review = finish(desk, Outcome.INSPECTION, " Look at the sill. ")
    review.refresh_from_db()
    assert (review.state, review.note) == (ReviewState.FINISHED, "Look at the sill.")
    assert review.finished_at is not None


def test_the_note_tells_the_appraiser_which_photos_to_take(desk: Desk) -> None:
    finish(desk, Outcome.MORE_PHOTOS, "The right side, please.")
    moved = Event.objects.filter(action="case moved", subject_id=desk.assessed.case.pk).first()
    assert moved is not None
    assert moved.after["reason"] == "The right side, please."


def test_finishing_is_in_the_audit_trail(desk: Desk) -> None:
    finish(desk, Outcome.NOT_ASSESSABLE)
    event = Event.objects.get(action="review finished")
    assert event.after["outcome"] == "not assessable"


def test_a_finished_review_takes_no_more_decisions(desk: Desk) -> None:
    finish(desk, Outcome.NOT_ASSESSABLE)
    with pytest.raises(ConflictError):
        desk.make("accept", line=desk.dent.pk)


def test_a_review_is_finished_once(desk: Desk) -> None:
    finish(desk, Outcome.NOT_ASSESSABLE)
    with pytest.raises(ConflictError):
        finish(desk, Outcome.INSPECTION)
