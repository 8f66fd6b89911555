import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from inference import masks
from reviewapp.audit.models import Event
from reviewapp.foundation.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from reviewapp.intake.models import Photo
from reviewapp.review.labels import LabelMaps
from reviewapp.review.models import Correction, Decision, Review
from reviewapp.review.selectors import maps_now
from reviewapp.review.services import correction_save
from reviewapp.review.states import ReviewState, Standing
from tests.factories.assessment import make_assessed_case
from tests.people import People
from tests.review.desk import BUMPER, CRACK, DENT, DOOR, SCRATCH, Desk

Draw = Callable[[LabelMaps], None]


def drawn(desk: Desk, draw: Draw, *, base: int = 0) -> Correction:
    maps = desk.maps()
    draw(maps)
    return desk.save(maps, base=base).correction


def grow_dent(maps: LabelMaps) -> None:
    maps.damage[10:26, 44:48] = DENT


def erase_dent(maps: LabelMaps) -> None:
    maps.damage[maps.damage == DENT] = 0


def add_scratch(maps: LabelMaps) -> None:
    maps.damage[6:9, 30:60] = SCRATCH


def test_a_correction_is_the_next_revision(desk: Desk) -> None:
    correction = drawn(desk, grow_dent)
    assert (correction.base_revision, correction.revision) == (0, 1)
    assert maps_now(desk.photo).revision == 1


def test_the_label_maps_come_back_pixel_by_pixel(desk: Desk) -> None:
    maps = desk.maps()
    maps.parts[0:3, 0:9] = BUMPER
    add_scratch(maps)
    desk.save(maps)
    again = desk.maps()
    assert np.array_equal(again.parts, maps.parts)
    assert np.array_equal(again.damage, maps.damage)


def test_what_the_models_drew_stays_as_it_was(desk: Desk) -> None:
    before = desk.assessed.results[0].damage_map
    drawn(desk, erase_dent)
    desk.assessed.results[0].refresh_from_db()
    assert desk.assessed.results[0].damage_map == before


def test_a_changed_region_counts_as_corrected(desk: Desk) -> None:
    drawn(desk, grow_dent)
    part = desk.part(desk.dent_on(1).pk)
    assert (part.state, part.bbox) == (Standing.CORRECTED, (44, 10, 28, 16))


def test_an_unchanged_region_keeps_its_decision(desk: Desk) -> None:
    accepted = desk.make("accept", line=desk.scratch.pk)
    drawn(desk, grow_dent)
    part = next(part for part in desk.line(desk.scratch).parts if part.photo == desk.photo)
    assert part.decision == accepted


def test_an_unchanged_region_without_decision_stays_undecided(desk: Desk) -> None:
    drawn(desk, add_scratch)
    assert desk.part(desk.dent_on(1).pk).state == Standing.UNDECIDED


def test_a_vanished_region_counts_as_rejected(desk: Desk) -> None:
    drawn(desk, erase_dent)
    part = desk.part(desk.dent_on(1).pk)
    assert part.state == Standing.REJECTED
    assert part.decision is not None
    assert "Erased" in part.decision.reason_text


def test_a_new_region_is_missed_damage(desk: Desk) -> None:
    correction = drawn(desk, add_scratch)
    (added,) = desk.standing().added
    assert added.words.key == ("Front Door Shell", "left", "Surface Damage")
    assert added.decision is not None
    assert added.decision.correction == correction


def test_damage_painted_over_with_another_type_is_corrected(desk: Desk) -> None:
    def crack(maps: LabelMaps) -> None:
        maps.damage[maps.damage == DENT] = CRACK

    drawn(desk, crack)
    part = desk.part(desk.dent_on(1).pk)
    assert (part.state, part.words.damage_type) == (Standing.CORRECTED, "Crack")


def test_a_part_painted_anew_under_the_damage_is_corrected(desk: Desk) -> None:
    def bumper(maps: LabelMaps) -> None:
        maps.parts[maps.parts == DOOR] = BUMPER

    drawn(desk, bumper)
    assert desk.part(desk.dent_on(1).pk).words.part == "Front Bumper"


def test_a_new_outline_keeps_the_words_that_were_corrected_before(desk: Desk) -> None:
    desk.make("correct", line=desk.dent.pk, side="right")
    drawn(desk, grow_dent)
    assert desk.part(desk.dent_on(1).pk).words.side == "right"


def test_a_slip_of_the_brush_is_no_damage(desk: Desk) -> None:
    def slip(maps: LabelMaps) -> None:
        maps.damage[2, 2] = SCRATCH

    drawn(desk, slip)
    assert desk.standing().added == ()


def test_the_other_photos_stay_as_they_are(desk: Desk) -> None:
    drawn(desk, erase_dent)
    assert desk.part(desk.dent_on(2).pk).state == Standing.UNDECIDED


def test_a_correction_says_what_it_did(desk: Desk) -> None:
    maps = desk.maps()
    grow_dent(maps)
    add_scratch(maps)
    done = desk.save(maps)
    assert (done.unchanged, done.changed, done.vanished, done.added) == (1, 1, 0, 1)


def test_a_second_correction_builds_on_the_first(desk: Desk) -> None:
    drawn(desk, add_scratch)
    drawn(desk, grow_dent, base=1)
    assert len(desk.standing().added) == 1
    assert desk.part(desk.dent_on(1).pk).state == Standing.CORRECTED


def test_missed_damage_redrawn_later_is_still_one(desk: Desk) -> None:
    drawn(desk, add_scratch)

    def longer(maps: LabelMaps) -> None:
        maps.damage[6:9, 30:70] = SCRATCH

    drawn(desk, longer, base=1)
    assert [part.area_px for part in desk.standing().added] == [120]


def test_missed_damage_erased_later_is_gone(desk: Desk) -> None:
    drawn(desk, add_scratch)

    def erase(maps: LabelMaps) -> None:
        maps.damage[6:9, 30:60] = 0

    drawn(desk, erase, base=1)
    assert desk.standing().added == ()


def test_a_stale_base_is_refused_and_names_both_revisions(desk: Desk) -> None:
    stale = desk.maps()
    drawn(desk, grow_dent)
    add_scratch(stale)
    with pytest.raises(ConflictError) as refused:
        desk.save(stale)
    assert refused.value.code == "stale_base"
    details = refused.value.details
    assert (details["base_revision"], details["current_revision"]) == (0, 1)
    assert desk.photo.corrections.count() == 1


def test_of_two_savers_on_one_base_the_database_lets_one_through(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps = desk.maps()
    add_scratch(maps)
    drawn(desk, grow_dent)
    # The other one saved after this one had looked.
    monkeypatch.setattr(
        "reviewapp.review.services.corrections.maps_now",
        lambda photo: maps_now(photo)._replace(revision=0),
    )
    with pytest.raises(ConflictError, match="revision 1"):
        desk.save(maps)
    assert (Correction.objects.count(), desk.standing().added) == (1, ())


def test_label_maps_without_a_difference_are_refused(desk: Desk) -> None:
    with pytest.raises(InvalidError, match="Nothing differs"):
        desk.save(desk.maps())


def test_without_the_lease_nothing_is_saved(desk: Desk) -> None:
    Review.objects.update(state=ReviewState.RELEASED)
    with pytest.raises(ConflictError) as refused:
        drawn(desk, grow_dent)
    assert refused.value.code == "lease_lost"
    assert not Correction.objects.exists()


def test_a_manager_cannot_correct(desk: Desk, people: People) -> None:
    png = masks.encode_label_map(desk.maps().parts)
    with pytest.raises(ForbiddenError):
        correction_save(
            actor=people.manager,
            review=desk.review,
            photo=desk.photo,
            base_revision=0,
            parts_map=png,
            damage_map=png,
        )


def test_a_photo_of_another_case_is_not_found(desk: Desk, people: People) -> None:
    other = make_assessed_case(people.team, claim_number="CL-2")
    with pytest.raises(NotFoundError):
        desk.save(desk.maps(), photo=other.photos[0])


def png_of(array: np.ndarray, mode: str = "L") -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).convert(mode).save(out, "PNG")
    return out.getvalue()


BLANK = np.zeros((64, 96), np.uint8)
BAD_MAPS = {
    "another size": (png_of(np.zeros((65, 96), np.uint8)), r"\(64, 96\)"),
    "colour": (png_of(BLANK, "RGB"), "8-bit greyscale"),
    "palette": (png_of(BLANK, "P"), "8-bit greyscale"),
    "one bit": (png_of(BLANK, "1"), "8-bit greyscale"),
    "sixteen bits": (png_of(BLANK.astype(np.uint16), "I;16"), "8-bit greyscale"),
    "no picture": (b"hello", "8-bit greyscale"),
    "empty": (b"", "8-bit greyscale"),
    "cut off": (png_of(BLANK)[:60], "no readable label map"),
    "unknown class": (png_of(BLANK + np.uint8(200)), "no class 200"),
    "too large": (b"\x89PNG\r\n\x1a\n" + bytes(5 * 1024 * 1024), "at most 4 MB"),
}


@pytest.mark.parametrize(("png", "message"), BAD_MAPS.values(), ids=BAD_MAPS)
def test_a_bad_label_map_is_refused(desk: Desk, png: bytes, message: str) -> None:
    with pytest.raises(InvalidError, match=message):
        correction_save(
            actor=desk.adjuster,
            review=desk.review,
            photo=desk.photo,
            base_revision=0,
            parts_map=png_of(BLANK),
            damage_map=png,
        )
    assert not Correction.objects.exists()


def test_ignore_is_a_value_that_may_be_painted(desk: Desk) -> None:
    def unsure(maps: LabelMaps) -> None:
        maps.damage[maps.damage == DENT] = 255

    drawn(desk, unsure)
    assert desk.part(desk.dent_on(1).pk).state == Standing.REJECTED


def test_undoing_a_decision_of_a_correction_takes_the_correction_back(desk: Desk) -> None:
    before = desk.maps()
    correction = drawn(desk, erase_dent)
    desk.undo(correction.decisions.get())
    assert np.array_equal(desk.maps().damage, before.damage)
    assert desk.part(desk.dent_on(1).pk).state == Standing.UNDECIDED


def test_taking_a_correction_back_is_a_new_revision(desk: Desk) -> None:
    correction = drawn(desk, add_scratch)
    desk.undo(correction.decisions.get())
    assert maps_now(desk.photo).revision == 2
    assert desk.standing().added == ()


def test_only_the_newest_correction_can_be_taken_back(desk: Desk) -> None:
    first = drawn(desk, add_scratch)
    drawn(desk, grow_dent, base=1)
    with pytest.raises(ConflictError) as refused:
        desk.undo(first.decisions.get())
    assert refused.value.code == "stale_base"
    assert not Decision.objects.filter(undone_at__isnull=False).exists()


def test_one_can_draw_again_after_taking_back(desk: Desk) -> None:
    desk.undo(drawn(desk, grow_dent).decisions.get())
    drawn(desk, erase_dent, base=2)
    assert desk.part(desk.dent_on(1).pk).state == Standing.REJECTED


def test_a_photo_that_was_not_assessed_can_be_drawn_on(desk: Desk) -> None:
    desk.assessed.results[0].damaged_parts.all().delete()
    type(desk.assessed.results[0]).objects.filter(pk=desk.assessed.results[0].pk).update(
        state="failed", parts_map="", damage_map=""
    )

    def first_scratch(maps: LabelMaps) -> None:
        maps.parts[0:20, 0:40] = BUMPER
        maps.damage[5:9, 5:25] = SCRATCH

    drawn(desk, first_scratch)
    assert [part.words.part for part in desk.standing().added] == ["Front Bumper"]


def test_a_correction_is_in_the_audit_trail(desk: Desk) -> None:
    correction = drawn(desk, grow_dent)
    event = Event.objects.get(action="correction saved", subject_id=correction.pk)
    assert (event.actor, event.after["revision"]) == (desk.adjuster, 1)


def test_a_withdrawn_photo_cannot_be_corrected(desk: Desk) -> None:
    Photo.objects.filter(pk=desk.photo.pk).update(state="withdrawn")
    desk.photo.refresh_from_db()
    with pytest.raises(NotFoundError):
        desk.save(desk.maps())
