"""What an adjuster says of a line, of one damaged part, or of damage that the models missed."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inference import masks
from inference.errors import MaskError
from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import require_in_team
from reviewapp.assessment.models import DamagedPart, ReportLine
from reviewapp.audit.services import event_record
from reviewapp.foundation.errors import ConflictError, InvalidError, NotFoundError
from reviewapp.intake.models import Photo
from reviewapp.intake.selectors import photos_of
from reviewapp.review.models import Decision, Review
from reviewapp.review.services.corrections import correction_revert
from reviewapp.review.services.leases import lease_hold
from reviewapp.review.states import RejectReason, Verdict
from reviewapp.review.words import Vocabulary, Words, vocabulary


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """A decision as it comes in. Words that are None stay as they are."""

    verdict: Verdict
    line: UUID | None = None
    damaged_part: UUID | None = None
    photo: UUID | None = None
    reason: str = ""
    reason_text: str = ""
    part: str | None = None
    side: str | None = None
    damage: str | None = None
    damage_type: str | None = None
    bbox: tuple[int, ...] | None = None
    mask: dict[str, Any] | None = field(default=None, repr=False)


def decision_make(*, actor: User, review: Review, draft: DecisionDraft) -> Decision:
    require_in_team(actor, Action.REVIEW, review.case.team_id)
    decision = _checked(review, draft)
    decision.decided_by = actor
    with transaction.atomic():
        lease_hold(actor=actor, review=review)
        decision.save()
        event_record(
            actor=actor,
            action="decision made",
            subject=decision,
            team_id=review.case.team_id,
            case_id=review.case_id,
            after=decision_facts(decision),
        )
    return decision


def decision_facts(decision: Decision) -> dict[str, Any]:
    """What the audit trail keeps of a decision."""
    words = {name: getattr(decision, name) for name in ("part", "side", "damage", "damage_type")}
    facts: dict[str, Any] = {
        "verdict": decision.verdict,
        "reason": decision.reason,
        "reason_text": decision.reason_text,
        **words,
    }
    for name in ("line_id", "damaged_part_id", "photo_id", "correction_id"):
        if getattr(decision, name) is not None:
            facts[name.removesuffix("_id")] = str(getattr(decision, name))
    return facts


def _checked(review: Review, draft: DecisionDraft) -> Decision:
    if draft.verdict is Verdict.MISSED:
        return _missed(review, draft)
    decision = Decision(review=review, verdict=draft.verdict)
    subject = _subject(review, draft)
    if isinstance(subject, ReportLine):
        decision.line = subject
    else:
        decision.damaged_part = subject
    if draft.verdict is Verdict.REJECT:
        _set_reason(decision, draft)
    if draft.verdict is Verdict.CORRECT:
        _set_words(decision, _corrected(review, subject, draft))
    return decision


def _subject(review: Review, draft: DecisionDraft) -> ReportLine | DamagedPart:
    match draft.line, draft.damaged_part:
        case UUID() as line_id, None:
            return _line(review, line_id)
        case None, UUID() as part_id:
            return _damaged_part(review, part_id)
    raise InvalidError("Name the line or the damaged part that this decides, and only one.")


def _line(review: Review, line_id: UUID) -> ReportLine:
    line = ReportLine.objects.filter(pk=line_id, assessment=review.assessment_id).first()
    if line is None:
        raise NotFoundError("This line is not of the assessment under review.")
    return line


def _damaged_part(review: Review, part_id: UUID) -> DamagedPart:
    parts = DamagedPart.objects.filter(photo_result__assessment__case=review.case)
    part = parts.filter(pk=part_id).first()
    if part is None:
        raise NotFoundError("This damaged part is not of the case under review.")
    return part


def _set_reason(decision: Decision, draft: DecisionDraft) -> None:
    if draft.reason not in RejectReason.values:
        raise InvalidError(
            f"A rejection says why: {', '.join(RejectReason.values)}.", reason=draft.reason
        )
    text = draft.reason_text.strip()
    if draft.reason == RejectReason.OTHER and not text:
        raise InvalidError("Say in a few words why, or choose one of the reasons.", reason="other")
    decision.reason, decision.reason_text = draft.reason, text


def _set_words(decision: Decision, words: Words) -> None:
    decision.part, decision.side = words.part, words.side
    decision.damage, decision.damage_type = words.damage, words.damage_type


def _vocabulary(review: Review) -> Vocabulary:
    return vocabulary(review.assessment.parts_merge, review.assessment.damage_merge)


def _corrected(review: Review, subject: ReportLine | DamagedPart, draft: DecisionDraft) -> Words:
    """What it is instead; `InvalidError` where that is what the models said anyway."""
    before = _words_before(subject)
    part = draft.part if draft.part is not None else before.part
    keeps_side = draft.side is None and part == before.part
    damage = draft.damage if draft.damage is not None else before.damage
    kept_type = before.damage_type if damage == before.damage else ""
    words = Words(
        part=part,
        side=before.side if keeps_side else draft.side or "",
        damage=damage,
        damage_type=draft.damage_type if draft.damage_type is not None else kept_type,
    )
    said_type = subject.damage_type if isinstance(subject, DamagedPart) else ""
    if words.key == (subject.part, subject.side, subject.damage) and words.damage_type in (
        "",
        said_type,
    ):
        raise InvalidError("This is what the models said. Accept it instead.", code="no_change")
    return _vocabulary(review).check(words)


def _words_before(subject: ReportLine | DamagedPart) -> Words:
    """The words as they stand: of the newest correction of the same subject, or as said."""
    own = Q(line=subject) if isinstance(subject, ReportLine) else Q(damaged_part=subject)
    if isinstance(subject, DamagedPart) and subject.line_id is not None:
        own |= Q(line=subject.line_id)
    newest = Decision.objects.filter(own, undone_at__isnull=True).last()
    if newest is None or newest.verdict != Verdict.CORRECT:
        return Words(subject.part, subject.side, subject.damage)
    return Words(newest.part, newest.side, newest.damage, newest.damage_type)


def _missed(review: Review, draft: DecisionDraft) -> Decision:
    photo = photos_of(review.case).filter(pk=draft.photo).first() if draft.photo else None
    if photo is None:
        raise NotFoundError("Missed damage is added to a photo of the case under review.")
    if draft.line is not None or draft.damaged_part is not None:
        raise InvalidError("Missed damage belongs to a photo, not to a line or a damaged part.")
    words = Words(draft.part or "", draft.side or "", draft.damage or "", draft.damage_type or "")
    decision = Decision(review=review, verdict=draft.verdict, photo=photo)
    _set_words(decision, _vocabulary(review).check(words))
    _set_place(decision, photo, draft)
    return decision


def _set_place(decision: Decision, photo: Photo, draft: DecisionDraft) -> None:
    if draft.mask is not None:
        decision.mask = {"size": draft.mask.get("size"), "counts": draft.mask.get("counts")}
        decision.bbox = list(_box_of_mask(decision.mask, photo))
    elif draft.bbox is not None:
        decision.bbox = list(_checked_box(draft.bbox, photo))


def _box_of_mask(mask: dict[str, Any], photo: Photo) -> masks.Box:
    try:
        box = masks.rle_box(mask)
    except MaskError as error:
        raise InvalidError(error.message) from None
    if list(mask["size"]) != [photo.height, photo.width]:
        raise InvalidError(
            f"The mask must be {photo.height} × {photo.width} (height × width), the size of the "
            f"photo; it is {' × '.join(map(str, mask['size']))}."
        )
    if not box[2]:
        raise InvalidError("The mask marks no pixel. Leave it out where the place is unknown.")
    return box


def _checked_box(box: tuple[int, ...], photo: Photo) -> tuple[int, ...]:
    x, y, width, height = box if len(box) == 4 else (-1, -1, -1, -1)
    right, bottom = x + width, y + height
    inside = right <= (photo.width or 0) and bottom <= (photo.height or 0)
    if min(x, y) < 0 or min(width, height) < 1 or not inside:
        raise InvalidError(
            f"A box is [x, y, width, height] within {photo.width} × {photo.height} pixels.",
            bbox=list(box),
        )
    return box


def decision_undo(*, actor: User, review: Review, decision_id: UUID) -> Decision:
    """Take one decision of this case back; what stood before it stands again.

    A decision that a correction made goes with the whole correction: the label maps must not
    say otherwise.
    """
    require_in_team(actor, Action.REVIEW, review.case.team_id)
    decision = (
        Decision.objects.filter(pk=decision_id, review__case=review.case)
        .select_related("correction__photo", "decided_by", "line")
        .first()
    )
    if decision is None:
        raise NotFoundError("There is no such decision on this case.")
    with transaction.atomic():
        lease_hold(actor=actor, review=review)
        if decision.correction is not None:
            correction_revert(actor=actor, review=review, correction=decision.correction)
            decision.refresh_from_db(fields=["undone_at"])
            return decision
        return _undo_one(actor, review, decision)


def _undo_one(actor: User, review: Review, decision: Decision) -> Decision:
    decision.undone_at = timezone.now()
    standing = Decision.objects.filter(pk=decision.pk, undone_at__isnull=True)
    if not standing.update(undone_at=decision.undone_at):
        raise ConflictError("This decision was undone already.", code="undone_already")
    event_record(
        actor=actor,
        action="decision undone",
        subject=decision,
        team_id=review.case.team_id,
        case_id=review.case_id,
        before=decision_facts(decision),
    )
    return decision
