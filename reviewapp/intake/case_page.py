"""What the page of one case shows, and what its visitor may do there."""

from dataclasses import dataclass

from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import may_in_team
from reviewapp.intake.forms import CaseForm
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.selectors import photos_shown
from reviewapp.intake.services import may_be_withdrawn
from reviewapp.intake.states import (
    CASE_MOVES,
    OPEN_FOR_PHOTOS,
    STILL_TO_CHECK,
    CaseState,
    PhotoState,
)

RUNNING = frozenset({CaseState.SUBMITTED, CaseState.ASSESSING})
WITH_REPORT = frozenset(
    {
        CaseState.AUTO_ACCEPTED,
        CaseState.NEEDS_REVIEW,
        CaseState.IN_REVIEW,
        CaseState.REVIEWED,
        CaseState.WAITING_FOR_PHOTOS,
        CaseState.WAITING_FOR_INSPECTION,
        CaseState.CLOSED,
    }
)


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    photo: Photo
    withdrawable: bool


def case_page(user: User, case: Case, form: CaseForm | None = None) -> dict[str, object]:
    photos = list(photos_shown(case))
    state = CaseState(case.state)
    may_upload = may_in_team(user, Action.PHOTO_UPLOAD, case.team_id)
    capturing = may_upload and state in OPEN_FOR_PHOTOS
    counted = [photo for photo in photos if photo.state != PhotoState.REFUSED]
    return {
        "case": case,
        "photos": [ShownPhoto(p, capturing and may_be_withdrawn(case, p)) for p in photos],
        "counted": len(counted),
        "checked": sum(photo.state not in STILL_TO_CHECK for photo in counted),
        "ready": [photo for photo in photos if photo.state == PhotoState.READY],
        "capturing": capturing,
        "running": state in RUNNING,
        "with_report": state in WITH_REPORT and case.submitted_at is not None,
        "may_withdraw": capturing and CaseState.WITHDRAWN in CASE_MOVES[state],
        "may_close": CaseState.CLOSED in CASE_MOVES[state]
        and may_in_team(user, Action.CASE_CLOSE, case.team_id),
        "form": form or CaseForm(instance=case),
    }
