from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from reviewapp.audit.models import Event
from reviewapp.foundation.logs import request_id

_CASE = "intake.case"


def event_record(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    subject: models.Model,
    team_id: UUID | None = None,
    case_id: UUID | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Event:
    """Write one event; the machine's own acts have no actor.

    Team and case are read from the subject where it names them itself.
    """
    return Event.objects.create(
        actor_id=actor.pk if actor is not None else None,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        team_id=team_id or getattr(subject, "team_id", None),
        case_id=case_id or _case_of(subject),
        before=before or {},
        after=after or {},
        request_id=request_id.get(),
    )


def _case_of(subject: models.Model) -> UUID | None:
    named: UUID | None = getattr(subject, "case_id", None)
    return subject.pk if subject._meta.label_lower == _CASE else named
