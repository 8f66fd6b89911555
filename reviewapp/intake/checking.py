"""The worker's side: claim photos that came, decode them outside any transaction, settle them."""

import io
import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from reviewapp.audit.services import event_record
from reviewapp.foundation import claims
from reviewapp.foundation.claims import Claim
from reviewapp.foundation.errors import ConflictError, InvalidError
from reviewapp.foundation.files import file_put, file_read
from reviewapp.foundation.jobs import Job, start_on_commit
from reviewapp.foundation.logs import case_id, log_context
from reviewapp.intake.models import Photo
from reviewapp.intake.pictures import Pictures, pictures_of
from reviewapp.intake.selectors import (
    cases_ready_to_assess,
    cases_without_photos,
    photos_waiting,
)
from reviewapp.intake.services import case_move
from reviewapp.intake.states import CaseState, PhotoState
from reviewapp.intake.validation import PhotoFormat

logger = logging.getLogger(__name__)


def photos_claim(*, limit: int = 1) -> Claim:
    """One at a time by default, so that several workers share a large case."""
    return claims.claim(
        photos_waiting(),
        waiting=PhotoState.RECEIVED,
        running=PhotoState.CHECKING,
        limit=limit,
        lease=timedelta(seconds=settings.LEASE_SECONDS),
    )


def photo_check(*, photo_id: UUID, token: UUID) -> None:
    """Decode one claimed photo and say whether it counts; a lost claim is a clean end."""
    photo = Photo.objects.filter(pk=photo_id, claim_token=token).first()
    if photo is None:
        return
    with log_context(case_id, str(photo.case_id)):
        content = file_read(photo.original)
        try:
            pictures = pictures_of(content, kind=PhotoFormat(photo.format), name=photo.file_name)
        except InvalidError as error:
            photo_refuse(photo=photo, token=token, reason=error.message)
        else:
            photo_accept(photo=photo, token=token, pictures=pictures)


def photo_accept(*, photo: Photo, token: UUID, pictures: Pictures) -> bool:
    display = file_put(io.BytesIO(pictures.display), suffix=".jpg")
    thumbnail = file_put(io.BytesIO(pictures.thumbnail), suffix=".jpg")
    evidence = pictures.evidence
    return _settle(
        photo,
        token,
        PhotoState.READY,
        display=display.key,
        thumbnail=thumbnail.key,
        width=pictures.width,
        height=pictures.height,
        taken_at=evidence.taken_at,
        latitude=evidence.latitude,
        longitude=evidence.longitude,
    )


def photo_refuse(*, photo: Photo, token: UUID, reason: str) -> bool:
    return _settle(photo, token, PhotoState.REFUSED, refusal=reason)


@transaction.atomic
def _settle(photo: Photo, token: UUID, state: PhotoState, **fields: object) -> bool:
    """Fill the row in, if this worker still holds it."""
    held = Photo.objects.filter(pk=photo.pk, claim_token=token, state=PhotoState.CHECKING)
    if not held.update(state=state, claim_token=None, lease_until=None, **fields):
        return False
    event_record(
        actor=None,
        action=f"photo {state.value}",
        subject=photo,
        team_id=photo.case.team_id,
        after={"refusal": fields.get("refusal", "")},
    )
    return True


def cases_settle() -> None:
    """Submitted cases with nothing left to check: on to assessment, or ended with the reason."""
    for case in cases_without_photos():
        try:
            case_move(
                case=case,
                to=CaseState.ASSESSMENT_FAILED,
                reason="None of the photos could be read.",
            )
        except ConflictError:
            logger.info("case %s was moved on by another worker", case.pk)
    if cases_ready_to_assess().exists():
        start_on_commit(Job.ASSESS_PHOTOS)


def photos_free_expired() -> None:
    """Claims of dead workers go back in the queue, or end as refused after the last attempt."""
    _, given_up = claims.free_expired(
        Photo.objects.all(),
        running=PhotoState.CHECKING,
        waiting=PhotoState.RECEIVED,
        failed=PhotoState.REFUSED,
        max_attempts=settings.MAX_ATTEMPTS,
    )
    for photo in Photo.objects.filter(pk__in=given_up):
        photo.refusal = (
            f"{photo.file_name} could not be checked after {settings.MAX_ATTEMPTS} attempts. "
            "Send it again, or another photo."
        )
        photo.save(update_fields=["refusal"])
        event_record(
            actor=None,
            action="photo refused",
            subject=photo,
            team_id=photo.case.team_id,
            after={"refusal": photo.failure_reason},
        )
    if photos_waiting().exists():
        start_on_commit(Job.DERIVE_PHOTOS)
