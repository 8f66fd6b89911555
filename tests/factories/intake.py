"""Cases and photos in a state, without going through uploads."""

import io

from reviewapp.accounts.models import Team
from reviewapp.foundation.files import file_put
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.states import CaseState, PhotoState
from tests.factories.pictures import picture_bytes


def make_case(
    team: Team, *, state: CaseState = CaseState.DRAFT, claim_number: str = "CL-1"
) -> Case:
    return Case.objects.create(team=team, claim_number=claim_number, state=state)


def make_photo(case: Case, *, number: int = 1, width: int = 96, height: int = 64) -> Photo:
    """A ready photo with its derived pictures (display, thumbnail)."""
    content = picture_bytes(width, height, seed=hash((str(case.pk), number)) % 2**32)
    stored = file_put(io.BytesIO(content), suffix=".jpg")
    return Photo.objects.create(
        case=case,
        number=number,
        state=PhotoState.READY,
        file_name=f"photo-{number}.jpg",
        sha256=stored.sha256,
        size_bytes=stored.size,
        format="JPEG",
        original=stored.key,
        display=stored.key,
        thumbnail=stored.key,
        width=width,
        height=height,
    )
