"""New revisions of a photo's label maps, and the decisions that follow from them."""

from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from django.db import IntegrityError, transaction
from django.utils import timezone

from inference import masks
from inference.errors import MaskError
from inference.postprocessing import RegionRules
from inference.taxonomy import BACKGROUND, DAMAGE, IGNORE, PARTS, Layer
from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import require_in_team
from reviewapp.assessment.models import Assessment
from reviewapp.audit.services import event_record
from reviewapp.foundation.errors import ConflictError, InvalidError, NotFoundError
from reviewapp.intake.models import Photo
from reviewapp.intake.states import PhotoState
from reviewapp.review.derivation import region_said
from reviewapp.review.labels import LabelMaps
from reviewapp.review.models import Correction, Decision, Review
from reviewapp.review.regions import Comparison, Region, compare, distinct, regions_of
from reviewapp.review.selectors import (
    MapKeys,
    label_map_store,
    label_maps_read,
    maps_at,
    maps_now,
    standing_of,
)
from reviewapp.review.services.leases import lease_hold
from reviewapp.review.standing import StandingPart
from reviewapp.review.states import RejectReason, Standing, Verdict
from reviewapp.review.words import Words

# The largest PNG of a label map that a browser can make of 1,600 × 1,600 pixels of noise.
LABEL_MAP_MAX_BYTES = 4 * 1024 * 1024
_PNG_HEADER = b"\x89PNG\r\n\x1a\n"
_EIGHT_BIT_GREY = b"\x08\x00"
ERASED = "Erased from the photo's label maps."


@dataclass(frozen=True, slots=True)
class CorrectionDone:
    """The new revision, and how many damaged regions it left alone, changed and so on."""

    correction: Correction
    unchanged: int
    changed: int
    vanished: int
    added: int


def correction_save(
    *,
    actor: User,
    review: Review,
    photo: Photo,
    base_revision: int,
    parts_map: bytes,
    damage_map: bytes,
) -> CorrectionDone:
    """Save label maps that a person drew on `base_revision`, and decide what follows from them.

    A region that stays as it was keeps its decision, a changed one is *corrected*, a vanished
    one rejected, a new one is missed damage.
    """
    require_in_team(actor, Action.REVIEW, review.case.team_id)
    if photo.case_id != review.case_id or photo.state != PhotoState.READY:
        raise NotFoundError("This photo is not of the case under review.")
    lease_hold(actor=actor, review=review)
    base = _require_newest(photo, base_revision)
    # Reading, comparing and storing pictures is slow: all of it is outside the transaction.
    before = label_maps_read(photo, base)
    drawn = _drawn(photo, parts_map, damage_map, before)
    compared = _compared(review, photo, before, drawn)
    correction = Correction(
        photo=photo,
        review=review,
        revision=base_revision + 1,
        base_revision=base_revision,
        parts_map=label_map_store(drawn.parts),
        damage_map=label_map_store(drawn.damage),
        created_by=actor,
    )
    decisions = _consequences(correction, compared)
    with transaction.atomic():
        lease_hold(actor=actor, review=review)
        _insert(correction)
        Decision.objects.bulk_create(decisions)
        _record(actor, "correction saved", correction)
    return _done(correction, compared)


def _drawn(photo: Photo, parts_map: bytes, damage_map: bytes, before: LabelMaps) -> LabelMaps:
    drawn = LabelMaps(
        _read(parts_map, PARTS, photo, "parts_map"), _read(damage_map, DAMAGE, photo, "damage_map")
    )
    if np.array_equal(before.parts, drawn.parts) and np.array_equal(before.damage, drawn.damage):
        raise InvalidError("Nothing differs from the label maps as they are.", code="no_change")
    return drawn


def _require_newest(photo: Photo, base_revision: int) -> MapKeys:
    newest = maps_now(photo)
    if newest.revision != base_revision:
        raise _stale(photo, base_revision)
    return newest


def _stale(photo: Photo, base_revision: int) -> ConflictError:
    newest = photo.corrections.select_related("created_by").order_by("-revision").first()
    current = newest.revision if newest else 0
    return ConflictError(
        f"These label maps were drawn on revision {base_revision}, but the photo is at revision "
        f"{current}. Load it, look at both, and save on top of it.",
        code="stale_base",
        base_revision=base_revision,
        current_revision=current,
        created_by=newest.created_by.display_name if newest else None,
        created_at=newest.created_at.isoformat() if newest else None,
    )


def _read(png: bytes, layer: Layer, photo: Photo, field: str) -> masks.LabelMap:
    """A label map as it came in; `InvalidError` names what is wrong with it."""
    if len(png) > LABEL_MAP_MAX_BYTES:
        limit = LABEL_MAP_MAX_BYTES // 1024 // 1024
        raise InvalidError(f"A label map has at most {limit} MB.", field=field)
    if not png.startswith(_PNG_HEADER) or png[24:26] != _EIGHT_BIT_GREY:
        raise InvalidError("A label map is an 8-bit greyscale PNG.", field=field)
    try:
        label_map = masks.decode_label_map(png, shape=(photo.height or 0, photo.width or 0))
    except MaskError as error:
        raise InvalidError(error.message, field=field) from None
    unknown = set(masks.areas(label_map)) - set(layer.by_id) - {BACKGROUND, IGNORE}
    if unknown:
        raise InvalidError(
            f"The {layer.name} have no class {', '.join(map(str, sorted(unknown)))}; values are "
            f"0 to {len(layer.classes)} and 255 (ignore).",
            field=field,
            values=sorted(unknown),
        )
    return label_map


@dataclass(frozen=True, slots=True)
class _Compared:
    comparison: Comparison
    # How the damaged parts of the photo stood before, by the ids that regions name: their own,
    # and those of the earlier assessments that they live on from.
    stood: dict[str, StandingPart]


def _compared(review: Review, photo: Photo, before: LabelMaps, drawn: LabelMaps) -> _Compared:
    rules = _rules(review.assessment)
    standing = standing_of(review.case, review.assessment)
    on_photo = [part for part in standing.parts if part.photo.pk == photo.pk]
    drawn_as = {
        name: part for part in on_photo if part.region for name in part.region.damaged_parts
    }
    stood = drawn_as | {str(part.id): part for part in on_photo}
    newest = standing.corrections.get(photo.pk)
    if newest is not None:
        known = [Region.from_json(row) for row in newest.regions]
    else:
        models = [part.model for part in on_photo if part.model and part.region]
        known = [region_said(model) for model in models]
    old = _named(known, regions_of(before.parts, before.damage, rules))
    return _Compared(compare(old, regions_of(drawn.parts, drawn.damage, rules)), stood)


def _rules(assessment: Assessment) -> RegionRules:
    return RegionRules.from_json(
        {
            **assessment.model_version.card["assessment"],
            "parts_merge": assessment.parts_merge,
            "damage_merge": assessment.damage_merge,
        }
    )


def _named(known: list[Region], found: list[Region]) -> list[Region]:
    """The regions that the label maps hold, each standing for what it is known as."""
    compared = compare(known, found)
    changed = distinct(region for _, region in compared.changed)
    return [*compared.unchanged, *changed, *compared.added]


def _insert(correction: Correction) -> None:
    """The unique (photo, revision) lets only the first of two savers on one base through."""
    try:
        with transaction.atomic():
            correction.save(force_insert=True)
    except IntegrityError:
        raise _stale(correction.photo, correction.base_revision) from None


def _consequences(correction: Correction, compared: _Compared) -> list[Decision]:
    """The decisions that follow from a correction; sets the regions that it leaves behind."""
    comparison = compared.comparison
    decisions = [
        _of_part(correction, name, _changed(old, new, compared.stood.get(name)))
        for old, new in comparison.changed
        for name in old.damaged_parts
    ]
    decisions += [
        _erased(correction, name) for old in comparison.vanished for name in old.damaged_parts
    ]
    missed = [_missed(correction, region) for region in comparison.added]
    added = [
        replace(region, missed=(str(decision.pk),))
        for region, decision in zip(comparison.added, missed, strict=True)
    ]
    changed = distinct(new for _, new in comparison.changed)
    regions = (*comparison.unchanged, *changed, *added)
    correction.regions = [region.to_json() for region in regions]
    decisions += missed
    for decision in decisions:
        decision.decided_by = correction.created_by
    return decisions


def _changed(old: Region, new: Region, stood: StandingPart | None) -> Words:
    """What a changed region is now: what was drawn; if only its outline changed, what it was."""
    drawn_alike = old.words == new.words
    if drawn_alike and stood is not None and stood.state is Standing.CORRECTED:
        return stood.words
    return new.words


def _of_part(correction: Correction, name: str, words: Words) -> Decision:
    return Decision(
        review=correction.review,
        correction=correction,
        damaged_part_id=UUID(name),
        verdict=Verdict.CORRECT,
        part=words.part,
        side=words.side,
        damage=words.damage,
        damage_type=words.damage_type,
    )


def _erased(correction: Correction, name: str) -> Decision:
    return Decision(
        review=correction.review,
        correction=correction,
        damaged_part_id=UUID(name),
        verdict=Verdict.REJECT,
        reason=RejectReason.OTHER,
        reason_text=ERASED,
    )


def _missed(correction: Correction, region: Region) -> Decision:
    return Decision(
        review=correction.review,
        correction=correction,
        photo=correction.photo,
        verdict=Verdict.MISSED,
        part=region.words.part,
        side=region.words.side,
        damage=region.words.damage,
        damage_type=region.words.damage_type,
        bbox=list(region.bbox),
        mask=region.mask,
    )


def _done(correction: Correction, compared: _Compared) -> CorrectionDone:
    comparison = compared.comparison
    return CorrectionDone(
        correction=correction,
        unchanged=len(comparison.unchanged),
        changed=len(distinct(old for old, _ in comparison.changed)),
        vanished=len(comparison.vanished),
        added=len(comparison.added),
    )


def correction_revert(*, actor: User, review: Review, correction: Correction) -> Correction:
    """Take a photo's newest correction back: a new revision with the maps it was drawn on."""
    photo = correction.photo
    base = correction.base_revision
    _require_newest(photo, correction.revision)
    before = photo.corrections.filter(revision=base).first()
    keys = maps_at(photo, base)
    if not keys.parts_map:
        empty = label_map_store(label_maps_read(photo, keys).parts)
        keys = MapKeys(empty, empty, base)
    reverted = Correction(
        photo=photo,
        review=review,
        revision=correction.revision + 1,
        base_revision=correction.revision,
        parts_map=keys.parts_map,
        damage_map=keys.damage_map,
        regions=before.regions if before else _regions_said(review, photo),
        created_by=actor,
    )
    _insert(reverted)
    correction.decisions.filter(undone_at__isnull=True).update(undone_at=timezone.now())
    _record(actor, "correction undone", reverted)
    return reverted


def _regions_said(review: Review, photo: Photo) -> list[dict[str, object]]:
    record = standing_of(review.case, review.assessment).record
    return [
        region_said(part).to_json()
        for part in record.parts
        if part.photo_result.photo_id == photo.pk
    ]


def _record(actor: User, action: str, correction: Correction) -> None:
    event_record(
        actor=actor,
        action=action,
        subject=correction,
        team_id=correction.review.case.team_id,
        case_id=correction.review.case_id,
        before={"revision": correction.base_revision},
        after={"revision": correction.revision, "photo": str(correction.photo_id)},
    )
