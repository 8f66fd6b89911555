"""Labels are what training learns from: every pixel of them is decided here."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from inference import masks
from inference.taxonomy import PARTS
from reviewapp.foundation.errors import NotFoundError
from reviewapp.foundation.files import file_read
from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState
from reviewapp.review.selectors import final_label_maps, reviewed_cases
from reviewapp.review.services import review_finish
from reviewapp.review.states import Outcome
from tests.factories.assessment import make_assessed_case
from tests.factories.intake import make_case, make_photo
from tests.people import People
from tests.review.desk import BUMPER, CRACK, DENT, DOOR, SCRATCH, Desk, pixels

HOOD = {"part": "Hood", "side": "", "damage": "Deformity"}
HOOD_ID = PARTS.named("Hood").id
IGNORE = 255


def test_without_decisions_the_models_maps_are_the_labels(desk: Desk) -> None:
    result = desk.assessed.results[0]
    keys = final_label_maps(desk.photo)
    assert keys == (result.parts_map, result.damage_map, 0)


def test_acceptance_changes_no_pixel(desk: Desk) -> None:
    before = desk.final()
    desk.accept_all()
    assert np.array_equal(desk.final().damage, before.damage)


def test_a_rejected_region_is_no_damage(desk: Desk) -> None:
    desk.make("reject", line=desk.dent.pk, reason="shadow")
    assert (pixels(desk.final(), DENT), pixels(desk.final(), SCRATCH)) == (0, 108)


def test_the_part_under_a_rejected_region_stays(desk: Desk) -> None:
    before = desk.final().parts
    desk.make("reject", line=desk.dent.pk, reason="shadow")
    assert np.array_equal(desk.final().parts, before)


def test_a_corrected_part_is_painted_on_the_region_only(desk: Desk) -> None:
    area = desk.dent_on(1).area_px
    before = np.count_nonzero(desk.final().parts == DOOR)
    desk.make("correct", line=desk.dent.pk, part="Hood", side="")
    parts = desk.final().parts
    assert np.count_nonzero(parts == HOOD_ID) == area
    assert np.count_nonzero(parts == DOOR) == before - area


def test_a_corrected_damage_gets_its_commonest_type(desk: Desk) -> None:
    area = desk.dent_on(1).area_px
    desk.make("correct", line=desk.dent.pk, damage="Surface Damage")
    assert pixels(desk.final(), SCRATCH) == 108 + area


def test_a_named_damage_type_is_painted(desk: Desk) -> None:
    desk.make("correct", line=desk.dent.pk, damage_type="Crack")
    assert pixels(desk.final(), CRACK) == desk.dent_on(1).area_px


def test_a_corrected_part_leaves_the_types_that_were_painted(desk: Desk) -> None:
    maps = desk.maps()
    maps.damage[10:13, 48:60] = CRACK
    desk.save(maps)
    desk.make("correct", damaged_part=desk.dent_on(1).pk, part="Hood", side="")
    assert pixels(desk.final(), CRACK) == 36


def test_missed_damage_with_a_mask_is_drawn(desk: Desk) -> None:
    mask = np.zeros((64, 96), np.bool_)
    mask[0:3, 0:10] = True
    desk.make("missed", photo=desk.photo.pk, mask=masks.encode_rle(mask), **HOOD)
    final = desk.final()
    assert np.all(final.damage[mask] == DENT)
    assert np.all(final.parts[mask] == HOOD_ID)


def test_missed_damage_with_a_box_is_ignored_and_not_called_whole(desk: Desk) -> None:
    desk.make("missed", photo=desk.photo.pk, bbox=(0, 0, 10, 3), **HOOD)
    final = desk.final()
    assert np.all(final.damage[0:3, 0:10] == IGNORE)
    assert pixels(final, IGNORE) == 30


def test_known_damage_within_the_box_of_missed_damage_stays(desk: Desk) -> None:
    before = pixels(desk.final(), DENT)
    desk.make("missed", photo=desk.photo.pk, bbox=(0, 0, 96, 64), **HOOD)
    assert pixels(desk.final(), DENT) == before


def test_missed_damage_somewhere_on_a_visible_part_ignores_that_part(desk: Desk) -> None:
    door = {"part": "Front Door Shell", "side": "left", "damage": "Surface Damage"}
    desk.make("missed", photo=desk.photo.pk, **door)
    final = desk.final()
    undamaged_door = (final.parts == DOOR) & (final.damage != DENT)
    assert np.array_equal(final.damage == IGNORE, undamaged_door)


def test_missed_damage_on_a_part_that_is_not_seen_ignores_all_that_looks_whole(desk: Desk) -> None:
    desk.make("missed", photo=desk.photo.pk, **HOOD)
    assert pixels(desk.final(), 0) == 0


def test_a_correction_is_the_base_and_decisions_are_painted_on_it(desk: Desk) -> None:
    maps = desk.maps()
    maps.damage[6:9, 30:60] = SCRATCH
    desk.save(maps)
    desk.make("reject", line=desk.dent.pk, reason="shadow")
    assert (pixels(desk.final(), DENT), pixels(desk.final(), SCRATCH)) == (0, 108 + 90)


def test_what_was_painted_is_not_erased_by_an_older_rejection(desk: Desk) -> None:
    """The rejected dent was erased by hand, and a scratch drawn in its place."""
    maps = desk.maps()
    maps.damage[maps.damage == DENT] = 0
    desk.save(maps)
    maps.damage[12:16, 50:60] = SCRATCH
    desk.save(maps, base=1)
    assert pixels(desk.final(), SCRATCH) == 108 + 40


def test_a_region_redrawn_after_its_rejection_is_damage(desk: Desk) -> None:
    desk.make("reject", damaged_part=desk.dent_on(1).pk, reason="shadow")
    maps = desk.maps()
    maps.damage[10:26, 44:48] = DENT
    desk.save(maps)
    assert pixels(desk.final(), DENT) == desk.dent_on(1).area_px + 64


def test_an_undone_decision_leaves_no_trace(desk: Desk) -> None:
    before = final_label_maps(desk.photo)
    desk.undo(desk.make("reject", line=desk.dent.pk, reason="shadow"))
    assert final_label_maps(desk.photo) == before


def test_the_same_decisions_give_the_same_files(desk: Desk) -> None:
    desk.make("correct", line=desk.dent.pk, part="Hood", side="")
    first = final_label_maps(desk.photo)
    assert final_label_maps(desk.photo) == first
    assert masks.decode_label_map(file_read(first.parts_map)).shape == (64, 96)


def test_the_decision_made_last_is_painted_last(desk: Desk) -> None:
    desk.make("correct", line=desk.dent.pk, part="Hood", side="")
    desk.make("correct", line=desk.dent.pk, part="Front Bumper", side="")
    final = desk.final()
    assert np.all(final.parts[final.damage == DENT] == BUMPER)


def test_a_photo_that_was_never_assessed_has_no_labels(people: People) -> None:
    photo = make_photo(make_case(people.team))
    with pytest.raises(NotFoundError):
        final_label_maps(photo)


def test_a_failed_photo_has_no_labels(desk: Desk) -> None:
    result = desk.assessed.results[0]
    result.state, result.parts_map, result.damage_map = "failed", "", ""
    result.save()
    with pytest.raises(NotFoundError):
        final_label_maps(desk.photo)


@pytest.mark.parametrize("outcome", [Outcome.APPROVED, Outcome.NOT_ASSESSABLE])
def test_only_approved_cases_give_labels(desk: Desk, outcome: Outcome) -> None:
    desk.accept_all()
    review_finish(actor=desk.adjuster, review=desk.review, outcome=outcome)
    approved = [desk.assessed.case] if outcome == Outcome.APPROVED else []
    assert list(reviewed_cases(timezone.now())) == approved


def test_cases_reviewed_later_are_left_out(desk: Desk) -> None:
    desk.accept_all()
    review_finish(actor=desk.adjuster, review=desk.review, outcome=Outcome.APPROVED)
    assert not reviewed_cases(timezone.now() - timedelta(minutes=1)).exists()


def test_a_reopened_case_gives_no_labels(desk: Desk) -> None:
    desk.accept_all()
    review_finish(actor=desk.adjuster, review=desk.review, outcome=Outcome.APPROVED)
    Case.objects.update(state=CaseState.IN_REVIEW)
    assert not reviewed_cases(timezone.now()).exists()


def test_auto_accepted_cases_give_no_labels(people: People) -> None:
    make_assessed_case(people.team, state=CaseState.AUTO_ACCEPTED)
    assert not reviewed_cases(timezone.now()).exists()
