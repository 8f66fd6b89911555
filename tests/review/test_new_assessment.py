"""More photos came and the case was assessed anew: what people said of the old ones stands."""

import numpy as np
import pytest

from inference import masks
from reviewapp.assessment.models import DamagedPart
from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState
from reviewapp.review.selectors import (
    final_label_maps,
    label_map_store,
    label_maps_read,
    maps_now,
    standing_of,
)
from reviewapp.review.services import review_finish, review_take
from reviewapp.review.standing import CaseStanding, StandingPart
from reviewapp.review.states import Outcome, Standing
from tests.factories.assessment import AssessedCase, make_assessment
from tests.factories.intake import make_photo
from tests.review.desk import DENT, SCRATCH, Desk, pixels


def assessed_again(desk: Desk) -> AssessedCase:
    """The adjuster asked for more photos, one came, and all three are assessed."""
    review_finish(actor=desk.adjuster, review=desk.review, outcome=Outcome.MORE_PHOTOS)
    case = desk.assessed.case
    Case.objects.filter(pk=case.pk).update(state=CaseState.NEEDS_REVIEW)
    case.refresh_from_db()
    return make_assessment(case, [*desk.assessed.photos, make_photo(case, number=3)])


def standing(again: AssessedCase) -> CaseStanding:
    return standing_of(again.case, again.assessment)


def dents(again: AssessedCase) -> list[StandingPart]:
    """The dents of photos 1, 2 and 3."""
    line = next(item for item in standing(again).lines if item.line.flagged)
    return list(line.parts)


def forget_dent(again: AssessedCase, photo: int) -> None:
    """The new models do not see it any more."""
    DamagedPart.objects.filter(
        photo_result__assessment=again.assessment,
        photo_result__photo__number=photo,
        damage="Deformity",
    ).delete()


def test_a_decision_on_a_line_stands_for_its_old_photos_only(desk: Desk) -> None:
    desk.make("accept", line=desk.dent.pk)
    states = [part.state for part in dents(assessed_again(desk))]
    assert states == [Standing.ACCEPTED, Standing.ACCEPTED, Standing.UNDECIDED]


def test_a_decision_on_a_damaged_part_stands(desk: Desk) -> None:
    desk.make("reject", damaged_part=desk.dent_on(2).pk, reason="shadow")
    states = [part.state for part in dents(assessed_again(desk))]
    assert states == [Standing.UNDECIDED, Standing.REJECTED, Standing.UNDECIDED]


def test_a_new_decision_wins_over_the_old_one(desk: Desk) -> None:
    desk.make("accept", line=desk.dent.pk)
    again = assessed_again(desk)
    review = review_take(actor=desk.adjuster, case=again.case)
    Desk(desk.adjuster, again, review).make("reject", line=again.lines[0].pk, reason="shadow")
    assert {part.state for part in dents(again)} == {Standing.REJECTED}


def test_an_old_decision_can_be_undone(desk: Desk) -> None:
    accepted = desk.make("accept", line=desk.dent.pk)
    again = assessed_again(desk)
    review = review_take(actor=desk.adjuster, case=again.case)
    Desk(desk.adjuster, again, review).undo(accepted)
    assert {part.state for part in dents(again)} == {Standing.UNDECIDED}


def test_a_mostly_equal_region_is_the_same_damaged_part(desk: Desk) -> None:
    desk.make("accept", line=desk.dent.pk)
    again = assessed_again(desk)
    part = DamagedPart.objects.get(pk=dents(again)[0].id)
    moved = np.zeros((64, 96), np.bool_)
    moved[11:26, 48:73] = True
    part.mask = masks.encode_rle(moved)
    part.save()
    assert dents(again)[0].state == Standing.ACCEPTED


def test_missed_damage_stands(desk: Desk) -> None:
    desk.make("missed", photo=desk.photo.pk, part="Hood", side="", damage="Deformity")
    (added,) = standing(assessed_again(desk)).added
    assert (added.words.part, added.state) == ("Hood", Standing.MISSED)


def test_what_a_person_accepted_stands_even_if_new_models_miss_it(desk: Desk) -> None:
    desk.make("accept", line=desk.dent.pk)
    again = assessed_again(desk)
    forget_dent(again, photo=1)
    (kept,) = standing(again).added
    assert (kept.state, kept.photo, kept.line_id) == (Standing.ACCEPTED, desk.photo, None)


def test_what_a_person_rejected_and_new_models_miss_is_gone(desk: Desk) -> None:
    desk.make("reject", line=desk.dent.pk, reason="shadow")
    again = assessed_again(desk)
    forget_dent(again, photo=1)
    assert standing(again).added == ()


def test_what_nobody_decided_and_new_models_miss_is_gone(desk: Desk) -> None:
    again = assessed_again(desk)
    forget_dent(again, photo=1)
    assert standing(again).added == ()


def test_what_is_kept_is_drawn_into_the_labels(desk: Desk) -> None:
    desk.make("accept", line=desk.dent.pk)
    again = assessed_again(desk)
    forget_dent(again, photo=1)
    blank = np.zeros((64, 96), np.uint8)
    result = again.results[0]
    result.damage_map = label_map_store(blank)
    result.save()
    drawn = label_maps_read(desk.photo, final_label_maps(desk.photo))
    assert pixels(drawn, DENT) == desk.dent_on(1).area_px


@pytest.fixture
def corrected(desk: Desk) -> Desk:
    maps = desk.maps()
    maps.damage[6:9, 30:60] = SCRATCH
    desk.save(maps)
    return desk


def test_a_correction_stands(corrected: Desk) -> None:
    again = assessed_again(corrected)
    assert maps_now(corrected.photo).revision == 1
    assert [part.words.damage for part in standing(again).added] == ["Surface Damage"]


def test_the_next_correction_is_drawn_on_the_old_one(corrected: Desk) -> None:
    again = assessed_again(corrected)
    review = review_take(actor=corrected.adjuster, case=again.case)
    later = Desk(corrected.adjuster, again, review)
    maps = later.maps()
    maps.damage[10:26, 44:48] = DENT
    later.save(maps, base=1)
    assert [part.state for part in dents(again)][:2] == [Standing.CORRECTED, Standing.UNDECIDED]
    assert len(standing(again).added) == 1


def test_a_drawn_region_that_new_models_miss_is_erased_when_it_is_rejected(desk: Desk) -> None:
    maps = desk.maps()
    maps.damage[10:26, 44:48] = DENT
    desk.save(maps)
    again = assessed_again(desk)
    forget_dent(again, photo=1)
    review = review_take(actor=desk.adjuster, case=again.case)
    later = Desk(desk.adjuster, again, review)
    later.make("reject", damaged_part=desk.dent_on(1).pk, reason="old damage")
    assert pixels(later.final(desk.photo), DENT) == 0


def test_words_corrected_before_stay_when_only_the_outline_is_drawn_anew(corrected: Desk) -> None:
    corrected.make("correct", line=corrected.dent.pk, side="right")
    again = assessed_again(corrected)
    review = review_take(actor=corrected.adjuster, case=again.case)
    later = Desk(corrected.adjuster, again, review)
    maps = later.maps(corrected.photo)
    maps.damage[10:26, 44:48] = DENT
    later.save(maps, base=1, photo=corrected.photo)
    assert dents(again)[0].words.side == "right"
