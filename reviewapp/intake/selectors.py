"""Cases and photos as one may see them; what one may not see is not found."""

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from reviewapp.accounts.models import Team
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import Visitor, teams_where
from reviewapp.audit.models import Event
from reviewapp.foundation.errors import NotFoundError
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.states import CASE_MOVED, NOT_COUNTED, STILL_TO_CHECK, CaseState, PhotoState


def cases_visible(user: Visitor) -> QuerySet[Case]:
    return Case.objects.filter(team__in=teams_where(user, Action.CASE_SEE)).select_related("team")


def case_for(user: Visitor, case_id: UUID) -> Case:
    case = cases_visible(user).filter(pk=case_id).first()
    if case is None:
        raise NotFoundError("There is no such case, or you may not see it.")
    return case


def photo_for(user: Visitor, photo_id: UUID) -> Photo:
    photos = Photo.objects.select_related("case").filter(case__in=cases_visible(user))
    photo = photos.filter(pk=photo_id).first()
    if photo is None:
        raise NotFoundError("There is no such photo, or you may not see it.")
    return photo


def reason_for_state(case: Case) -> str:
    """What whoever moved the case here gave as the reason; empty where nothing was said."""
    moves = Event.objects.filter(case_id=case.pk, action=CASE_MOVED)
    latest = moves.order_by("-created_at", "-id").first()
    return str(latest.after.get("reason", "")) if latest else ""


def photos_all(case: Case) -> QuerySet[Photo]:
    """Every photo that ever came, withdrawn and refused ones included."""
    return Photo.objects.filter(case=case).order_by("number")


def photos_of(case: Case) -> QuerySet[Photo]:
    """The photos that count: fully decoded, neither refused nor withdrawn."""
    return photos_all(case).filter(state=PhotoState.READY)


def photos_shown(case: Case) -> QuerySet[Photo]:
    """What the case page shows: everything but what was withdrawn."""
    return photos_all(case).exclude(state=PhotoState.WITHDRAWN)


def photos_counted(case: Case) -> QuerySet[Photo]:
    """Photos that count or may still turn out to."""
    return photos_all(case).exclude(state__in=NOT_COUNTED)


def photos_waiting() -> QuerySet[Photo]:
    """Photos that no worker has taken up yet, the oldest first."""
    return Photo.objects.filter(state=PhotoState.RECEIVED).order_by("created_at")


def teams_for_new_cases(user: Visitor) -> QuerySet[Team]:
    return teams_where(user, Action.CASE_OPEN)


def cases_listed(user: Visitor) -> QuerySet[Case]:
    """Visible cases with what a list shows of each: a photo and how many there are."""
    ready = Photo.objects.filter(case=OuterRef("pk"), state=PhotoState.READY).order_by("number")
    return (
        cases_visible(user)
        .annotate(
            cover=Subquery(ready.values("pk")[:1]),
            photo_count=Count("photos", filter=~Q(photos__state__in=NOT_COUNTED)),
        )
        .order_by("-created_at", "-id")
    )


def _submitted_and_checked() -> QuerySet[Case]:
    waiting = Photo.objects.filter(case=OuterRef("pk"), state__in=STILL_TO_CHECK)
    return Case.objects.filter(~Exists(waiting), state=CaseState.SUBMITTED)


def _with_ready_photo() -> Exists:
    return Exists(Photo.objects.filter(case=OuterRef("pk"), state=PhotoState.READY))


def cases_ready_to_assess() -> QuerySet[Case]:
    """Submitted cases with no photo left to check and at least one that counts."""
    return _submitted_and_checked().filter(_with_ready_photo()).order_by("submitted_at")


def cases_without_photos() -> QuerySet[Case]:
    """Submitted cases of whose photos none could be read."""
    return _submitted_and_checked().filter(~_with_ready_photo())
