"""Writes of people: cases are opened, filled with photos, submitted, moved on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypedDict, Unpack, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from reviewapp.accounts.models import Team, User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import require_in_team
from reviewapp.audit.services import event_record
from reviewapp.foundation.errors import AppError, ConflictError, InvalidError
from reviewapp.foundation.files import StoredFile, file_put, sha256_of
from reviewapp.foundation.jobs import Job, start_on_commit
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.selectors import photos_counted
from reviewapp.intake.states import (
    CASE_MOVED,
    CASE_MOVES,
    OPEN_FOR_PHOTOS,
    CaseState,
    PhotoState,
)
from reviewapp.intake.validation import PhotoHeader, check_photo


class CaseFacts(TypedDict, total=False):
    """What may be said about a case; all of it optional."""

    date_of_loss: date | None
    description: str
    make: str
    model: str
    year: int | None
    body_type: str
    doors_per_side: int | None
    plate: str
    vin: str
    value: Decimal | None
    synthetic: bool


class Outcome(StrEnum):
    """What became of one file that came."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    file_name: str
    outcome: Outcome
    photo: Photo | None = None
    error: AppError | None = None

    @property
    def message(self) -> str:
        if self.error is not None:
            return self.error.message
        if self.outcome is Outcome.DUPLICATE and self.photo is not None:
            return f"{self.file_name} is the same as photo {self.photo.number}."
        return ""


@transaction.atomic
def case_open(*, actor: User, team: Team, claim_number: str, **facts: Unpack[CaseFacts]) -> Case:
    require_in_team(actor, Action.CASE_OPEN, team.pk)
    case = Case(team=team, created_by=actor, claim_number=claim_number.strip(), **facts)
    _check(case)
    case.save()
    event_record(
        actor=actor,
        action="case opened",
        subject=case,
        after={"claim_number": case.claim_number},
    )
    return case


@transaction.atomic
def case_update(
    *, actor: User, case: Case, claim_number: str | None = None, **facts: Unpack[CaseFacts]
) -> Case:
    require_in_team(actor, Action.CASE_OPEN, case.team_id)
    case = _lock_open(case)
    wanted: dict[str, Any] = dict(facts)
    if claim_number is not None:
        wanted["claim_number"] = claim_number.strip()
    changed = {name: value for name, value in wanted.items() if getattr(case, name) != value}
    before = {name: getattr(case, name) for name in changed}
    for name, value in changed.items():
        setattr(case, name, value)
    if changed:
        _check(case)
        case.save(update_fields=list(changed))
        event_record(
            actor=actor,
            action="case updated",
            subject=case,
            before=before,
            after=changed,
        )
    return case


def _check(case: Case) -> None:
    try:
        case.clean_fields(exclude={"team", "created_by"})
    except ValidationError as error:
        raise InvalidError(
            "Some values are not allowed; details name each.",
            **cast("dict[str, Any]", error.message_dict),
        ) from None


def _lock_open(case: Case) -> Case:
    """The case as it stands now, held until the end of the transaction, if photos may change."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if locked.state not in OPEN_FOR_PHOTOS:
        raise ConflictError(
            f"The case is {locked.get_state_display()}; photos and facts can no longer change.",
            code="case_not_open",
            state=locked.state,
        )
    return locked


def photos_add(
    *, actor: User, case: Case, uploads: Iterable["UploadedFile[bytes]"]
) -> list[Receipt]:
    """Take several files; a bad one is refused with its reason and the others go on."""
    require_in_team(actor, Action.PHOTO_UPLOAD, case.team_id)
    return [_receive(actor, case, upload) for upload in uploads]


def _receive(actor: User, case: Case, upload: "UploadedFile[bytes]") -> Receipt:
    name = upload.name or "photo"
    try:
        photo, created = _add(actor, case, upload, name)
    except InvalidError as error:
        return Receipt(name, Outcome.REFUSED, error=error)
    return Receipt(name, Outcome.ADDED if created else Outcome.DUPLICATE, photo)


def photo_add(*, actor: User, case: Case, upload: "UploadedFile[bytes]") -> Photo:
    """Take one file; the same bytes again give the photo that is there already."""
    require_in_team(actor, Action.PHOTO_UPLOAD, case.team_id)
    return _add(actor, case, upload, upload.name or "photo")[0]


def _add(actor: User, case: Case, upload: "UploadedFile[bytes]", name: str) -> tuple[Photo, bool]:
    header = check_photo(upload, name=name, size=upload.size or 0)
    digest, _ = sha256_of(upload)
    known = photos_counted(case).filter(sha256=digest).first()
    if known is not None:
        return known, False
    # Slow work outside the transaction. Where the row is not made after all, the file stays
    # behind under its hash, named by nothing.
    stored = file_put(upload, suffix=header.suffix)
    try:
        return _photo_create(actor, case, name, header, stored), True
    except IntegrityError:
        return photos_counted(case).get(sha256=digest), False


@transaction.atomic
def _photo_create(
    actor: User, case: Case, name: str, header: PhotoHeader, stored: StoredFile
) -> Photo:
    case = _lock_open(case)
    if photos_counted(case).count() >= settings.PHOTOS_PER_CASE:
        raise InvalidError(
            f"{name} was not taken: a case holds at most {settings.PHOTOS_PER_CASE} photos. "
            "Withdraw one first.",
            code="too_many_photos",
        )
    last = case.photos.aggregate(last=Max("number"))["last"] or 0
    photo = Photo.objects.create(
        case=case,
        number=last + 1,
        created_by=actor,
        file_name=name,
        sha256=stored.sha256,
        size_bytes=stored.size,
        format=header.format.value,
        original=stored.key,
    )
    event_record(
        actor=actor,
        action="photo added",
        subject=photo,
        team_id=case.team_id,
        after={"case": str(case.pk), "number": photo.number, "sha256": photo.sha256},
    )
    start_on_commit(Job.DERIVE_PHOTOS)
    return photo


@transaction.atomic
def photo_withdraw(*, actor: User, photo: Photo) -> Photo:
    """Take a photo out before submission; what was once submitted stays part of the case."""
    require_in_team(actor, Action.PHOTO_UPLOAD, photo.case.team_id)
    case = _lock_open(photo.case)
    if not may_be_withdrawn(case, photo):
        raise ConflictError(
            f"Photo {photo.number} was submitted already and stays with the case.",
            code="photo_submitted",
        )
    taken = Photo.objects.filter(pk=photo.pk).exclude(state=PhotoState.WITHDRAWN)
    if taken.update(state=PhotoState.WITHDRAWN, claim_token=None, lease_until=None):
        event_record(actor=actor, action="photo withdrawn", subject=photo, team_id=case.team_id)
    photo.refresh_from_db()
    return photo


def may_be_withdrawn(case: Case, photo: Photo) -> bool:
    """Before submission, and again where nothing of the submitted photos could be assessed."""
    if case.state in (CaseState.DRAFT, CaseState.ASSESSMENT_FAILED):
        return True
    new = case.submitted_at is None or photo.created_at > case.submitted_at
    return case.state in OPEN_FOR_PHOTOS and new


@transaction.atomic
def case_submit(*, actor: User, case: Case) -> Case:
    """Hand the case over for assessment; photos still being checked follow by themselves."""
    require_in_team(actor, Action.CASE_SUBMIT, case.team_id)
    case = _lock_open(case)
    _check_photos_for_submission(case)
    case = case_move(case=case, to=CaseState.SUBMITTED, actor=actor)
    case.submitted_at = timezone.now()
    case.save(update_fields=["submitted_at"])
    start_on_commit(Job.ASSESS_PHOTOS)
    return case


def _check_photos_for_submission(case: Case) -> None:
    photos = photos_counted(case)
    if case.state == CaseState.WAITING_FOR_PHOTOS and case.submitted_at is not None:
        photos = photos.filter(created_at__gt=case.submitted_at)
    if photos.exists():
        return
    if case.photos.filter(state=PhotoState.REFUSED).exists():
        message = "None of the photos could be used. Add at least one good photo, then submit."
    else:
        message = "Add at least one photo, then submit."
    raise InvalidError(message, code="no_photos")


def case_withdraw(*, actor: User, case: Case) -> Case:
    require_in_team(actor, Action.CASE_WITHDRAW, case.team_id)
    return case_move(case=case, to=CaseState.WITHDRAWN, actor=actor)


def case_close(*, actor: User, case: Case) -> Case:
    require_in_team(actor, Action.CASE_CLOSE, case.team_id)
    return case_move(case=case, to=CaseState.CLOSED, actor=actor)


@transaction.atomic
def case_move(*, case: Case, to: CaseState, actor: User | None = None, reason: str = "") -> Case:
    """One step of the state machine; `ConflictError` where it leads nowhere or came too late."""
    before, now = CaseState(case.state), timezone.now()
    if to not in CASE_MOVES[before]:
        raise ConflictError(
            f"The case is {before.label}; it cannot become {to.label} from there.",
            code="move_not_allowed",
            state=before.value,
        )
    if not Case.objects.filter(pk=case.pk, state=before).update(state=to, state_since=now):
        raise ConflictError(
            "Somebody else moved this case on at the same moment. Look at it again.",
            code="state_changed",
        )
    case.state, case.state_since = to, now
    event_record(
        actor=actor,
        action=CASE_MOVED,
        subject=case,
        before={"state": before.value},
        after={"state": to.value, "reason": reason},
    )
    return case
