"""What the page of one case shows, and what its visitor may do there."""

from dataclasses import dataclass

from django.conf import settings

from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import may_in_team
from reviewapp.intake.forms import CaseForm
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.selectors import photos_shown, reason_for_state
from reviewapp.intake.services import may_be_withdrawn
from reviewapp.intake.states import (
    CASE_MOVES,
    OPEN_FOR_PHOTOS,
    STILL_TO_CHECK,
    CaseState,
    PhotoState,
)
from reviewapp.intake.validation import SUFFIXES

_ACCEPTED_FILES = ",".join(
    ["image/*", *(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)]
)


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    photo: Photo
    withdrawable: bool


def case_page(user: User, case: Case, form: CaseForm | None = None) -> dict[str, object]:
    photos = list(photos_shown(case))
    state = CaseState(case.state)
    capturing = state in OPEN_FOR_PHOTOS and may_in_team(user, Action.PHOTO_UPLOAD, case.team_id)
    shown = [ShownPhoto(p, capturing and may_be_withdrawn(case, p)) for p in photos]
    counted = [photo for photo in photos if photo.state != PhotoState.REFUSED]
    return {
        "case": case,
        "photos": shown,
        # What was submitted before is no answer to a request for more.
        "submittable": any(
            item.withdrawable and item.photo.state != PhotoState.REFUSED for item in shown
        ),
        "counted": len(counted),
        "checked": sum(photo.state not in STILL_TO_CHECK for photo in counted),
        "capturing": capturing,
        "running": state in (CaseState.SUBMITTED, CaseState.ASSESSING),
        "reason": reason_for_state(case) if state in OPEN_FOR_PHOTOS else "",
        "may_withdraw": capturing and CaseState.WITHDRAWN in CASE_MOVES[state],
        "may_close": CaseState.CLOSED in CASE_MOVES[state]
        and may_in_team(user, Action.CASE_CLOSE, case.team_id),
        "form": form or CaseForm(instance=case),
        "accepted_files": _ACCEPTED_FILES,
        "most_photos": settings.PHOTOS_PER_CASE,
        "most_megabytes": settings.PHOTO_MAX_BYTES // (1024 * 1024),
    }
