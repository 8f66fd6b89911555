from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from inference import masks
from reviewapp.audit.models import Event
from reviewapp.foundation.errors import (
    AppError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from reviewapp.review.models import Decision, Review
from reviewapp.review.services import DecisionDraft, decision_make
from reviewapp.review.states import ReviewState, Standing, Verdict
from tests.factories.assessment import make_assessed_case
from tests.people import People
from tests.review.desk import Desk

HOOD = {"part": "Hood", "side": "", "damage": "Deformity"}


def test_a_line_is_undecided_before_anybody_looks(desk: Desk) -> None:
    assert desk.line(desk.dent).state == Standing.UNDECIDED


def test_accepting_a_line_accepts_its_damaged_parts_on_all_photos(desk: Desk) -> None:
    desk.make("accept", line=desk.dent.pk)
    states = {part.state for part in desk.line(desk.dent).parts}
    assert states == {Standing.ACCEPTED}


def test_one_damaged_part_can_be_decided_otherwise_than_its_line(desk: Desk) -> None:
    desk.make("accept", line=desk.dent.pk)
    desk.make("reject", damaged_part=desk.dent_on(2).pk, reason="reflection")
    states = [part.state for part in desk.line(desk.dent).parts]
    assert states == [Standing.ACCEPTED, Standing.REJECTED]


def test_deciding_some_damaged_parts_decides_the_line_partly(desk: Desk) -> None:
    desk.make("accept", damaged_part=desk.dent_on(1).pk)
    assert desk.line(desk.dent).state == Standing.PARTLY


def test_a_line_with_an_accepted_damaged_part_stands(desk: Desk) -> None:
    desk.make("accept", damaged_part=desk.dent_on(1).pk)
    desk.make("reject", damaged_part=desk.dent_on(2).pk, reason="shadow")
    assert desk.line(desk.dent).state == Standing.ACCEPTED


def test_a_line_is_rejected_when_all_its_damaged_parts_are(desk: Desk) -> None:
    desk.make("reject", line=desk.dent.pk, reason="reflection")
    assert desk.line(desk.dent).state == Standing.REJECTED


def test_a_line_decided_later_wins_over_its_damaged_parts(desk: Desk) -> None:
    desk.make("reject", damaged_part=desk.dent_on(1).pk, reason="shadow")
    desk.make("accept", line=desk.dent.pk)
    assert desk.line(desk.dent).state == Standing.ACCEPTED


def test_correcting_the_part_leaves_the_damage(desk: Desk) -> None:
    desk.make("correct", line=desk.dent.pk, part="Hood", side="")
    words = desk.part(desk.dent_on(1).pk).words
    assert (words.part, words.side, words.damage, words.damage_type) == (
        "Hood",
        "",
        "Deformity",
        "Dent",
    )


def test_correcting_the_side_leaves_the_part(desk: Desk) -> None:
    desk.make("correct", line=desk.dent.pk, side="right")
    assert desk.part(desk.dent_on(1).pk).words.key == ("Front Door Shell", "right", "Deformity")


def test_a_second_correction_builds_on_the_first(desk: Desk) -> None:
    desk.make("correct", line=desk.dent.pk, side="right")
    desk.make("correct", line=desk.dent.pk, damage="Surface Damage")
    words = desk.part(desk.dent_on(1).pk).words
    assert words.key == ("Front Door Shell", "right", "Surface Damage")


def test_another_damage_leaves_the_type_open_unless_it_is_named(desk: Desk) -> None:
    desk.make("correct", line=desk.dent.pk, damage="Surface Damage")
    assert desk.part(desk.dent_on(1).pk).words.damage_type == ""


def test_the_damage_type_alone_can_be_corrected(desk: Desk) -> None:
    desk.make("correct", damaged_part=desk.dent_on(1).pk, damage_type="Crack")
    assert desk.part(desk.dent_on(1).pk).words.damage_type == "Crack"


def test_what_the_models_said_never_changes(desk: Desk) -> None:
    desk.make("correct", line=desk.dent.pk, part="Hood", side="")
    said = desk.part(desk.dent_on(1).pk).model
    assert said is not None
    assert said.part == "Front Door Shell"


def test_severity_follows_the_corrected_damage(desk: Desk) -> None:
    part = desk.dent_on(1)
    desk.make("correct", damaged_part=part.pk, damage="Body Damage", damage_type="Broken")
    assert desk.part(part.pk).severity != part.severity


def test_undoing_brings_back_what_stood_before(desk: Desk) -> None:
    desk.make("accept", line=desk.dent.pk)
    later = desk.make("reject", line=desk.dent.pk, reason="shadow")
    desk.undo(later)
    assert desk.line(desk.dent).state == Standing.ACCEPTED


def test_undoing_the_only_decision_leaves_it_undecided(desk: Desk) -> None:
    desk.undo(desk.make("accept", line=desk.dent.pk))
    assert desk.line(desk.dent).state == Standing.UNDECIDED


def test_an_undone_decision_is_kept_in_the_history(desk: Desk) -> None:
    decision = desk.undo(desk.make("accept", line=desk.dent.pk))
    assert decision in desk.standing().record.decisions


def test_undoing_twice_is_a_conflict(desk: Desk) -> None:
    decision = desk.undo(desk.make("accept", line=desk.dent.pk))
    with pytest.raises(ConflictError, match="undone already"):
        desk.undo(decision)


def test_every_decision_is_in_the_audit_trail(desk: Desk) -> None:
    decision = desk.make("reject", line=desk.dent.pk, reason="other", reason_text="a sticker")
    event = Event.objects.get(action="decision made", subject_id=decision.pk)
    assert event.after["reason_text"] == "a sticker"


def test_missed_damage_is_added_to_its_photo(desk: Desk) -> None:
    decision = desk.make("missed", photo=desk.photo.pk, bbox=(1, 2, 10, 12), **HOOD)
    added = desk.standing().added[0]
    assert (added.id, added.photo.pk, added.bbox) == (decision.pk, desk.photo.pk, (1, 2, 10, 12))


def test_missed_damage_without_a_place_is_taken(desk: Desk) -> None:
    desk.make("missed", photo=desk.photo.pk, **HOOD)
    assert desk.standing().added[0].bbox is None


def test_the_mask_of_missed_damage_gives_its_box(desk: Desk) -> None:
    mask = np.zeros((64, 96), np.bool_)
    mask[10:20, 30:50] = True
    desk.make("missed", photo=desk.photo.pk, mask=masks.encode_rle(mask), **HOOD)
    assert desk.standing().added[0].bbox == (30, 10, 20, 10)


def test_undoing_missed_damage_takes_it_away(desk: Desk) -> None:
    desk.undo(desk.make("missed", photo=desk.photo.pk, **HOOD))
    assert desk.standing().added == ()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"verdict": "accept"}, "Name the line or the damaged part"),
    ({"verdict": "reject", "line": "dent"}, "says why"),
    ({"verdict": "reject", "line": "dent", "reason": "other", "reason_text": " "}, "few words"),
    ({"verdict": "correct", "line": "dent"}, "what the models said"),
    ({"verdict": "correct", "line": "dent", "part": "Wing"}, "'Wing' is no part"),
    ({"verdict": "correct", "line": "dent", "part": "Mirror"}, "side of Mirror is left or right"),
    ({"verdict": "correct", "line": "dent", "part": "Hood", "side": "left"}, "is none, not 'left'"),
    ({"verdict": "correct", "line": "dent", "damage": "Hail"}, "'Hail' is no damage"),
    ({"verdict": "correct", "line": "dent", "damage_type": "Scratch"}, "no type of Deformity"),
    ({"verdict": "missed", "photo": "photo", **HOOD, "bbox": (90, 2, 10, 10)}, "within 96 × 64"),
    ({"verdict": "missed", "photo": "photo", **HOOD, "bbox": (-1, 2, 10, 10)}, "within 96 × 64"),
    ({"verdict": "missed", "photo": "photo", **HOOD, "line": "dent"}, "belongs to a photo"),
    ({"verdict": "missed", "photo": "photo", **HOOD, "mask": {"size": [1]}}, "RLE"),
    ({"verdict": "missed", "photo": "photo", "part": "Hood", "side": ""}, "no damage"),
]


@pytest.mark.parametrize(("draft", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_a_decision_that_makes_no_sense_is_refused(
    desk: Desk, draft: dict[str, Any], message: str
) -> None:
    known = {"dent": desk.dent.pk, "photo": desk.photo.pk}
    wanted = {name: known.get(str(value), value) for name, value in draft.items()}
    with pytest.raises(InvalidError, match=message):
        desk.make(**wanted)
    assert not Decision.objects.exists()


def test_a_mask_of_another_size_is_refused(desk: Desk) -> None:
    mask = masks.encode_rle(np.ones((10, 10), np.bool_))
    with pytest.raises(InvalidError, match="64 × 96"):
        desk.make("missed", photo=desk.photo.pk, mask=mask, **HOOD)


def test_an_empty_mask_is_refused(desk: Desk) -> None:
    mask = masks.encode_rle(np.zeros((64, 96), np.bool_))
    with pytest.raises(InvalidError, match="no pixel"):
        desk.make("missed", photo=desk.photo.pk, mask=mask, **HOOD)


@pytest.mark.parametrize("subject", ["line", "damaged_part"])
def test_another_cases_lines_and_parts_are_not_found(
    desk: Desk, people: People, subject: str
) -> None:
    other = make_assessed_case(people.team, claim_number="CL-2")
    part = other.results[0].damaged_parts.first()
    foreign = {"line": other.lines[0].pk, "damaged_part": part.pk if part else None}[subject]
    with pytest.raises(NotFoundError):
        desk.make("accept", **{subject: foreign})


def test_missed_damage_on_another_cases_photo_is_not_found(desk: Desk, people: People) -> None:
    other = make_assessed_case(people.team, claim_number="CL-2")
    with pytest.raises(NotFoundError):
        desk.make("missed", photo=other.photos[0].pk, **HOOD)


def test_an_unknown_decision_cannot_be_undone(desk: Desk) -> None:
    decision = Decision(id=uuid4())
    with pytest.raises(NotFoundError):
        desk.undo(decision)


def test_without_the_lease_nothing_is_decided(desk: Desk) -> None:
    Review.objects.update(state=ReviewState.RELEASED)
    with pytest.raises(ConflictError) as refused:
        desk.make("accept", line=desk.dent.pk)
    assert refused.value.code == "lease_lost"
    assert not Decision.objects.exists()


def test_a_decision_keeps_the_lease_alive(desk: Desk) -> None:
    before = Review.objects.get().lease_until
    desk.make("accept", line=desk.dent.pk)
    assert Review.objects.get().lease_until > before


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("second_adjuster", ConflictError),
        ("manager", ForbiddenError),
        ("appraiser", ForbiddenError),
    ],
)
def test_only_the_holder_decides(
    desk: Desk, people: People, who: str, refusal: type[AppError]
) -> None:
    draft = DecisionDraft(verdict=Verdict.ACCEPT, line=desk.dent.pk)
    with pytest.raises(refusal):
        decision_make(actor=getattr(people, who), review=desk.review, draft=draft)
    assert not Decision.objects.exists()
