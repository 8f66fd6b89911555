from uuid import UUID

from django.db.models import QuerySet

from reviewapp.audit.models import Event


def events_of_team(team_id: UUID, *, case_id: UUID | None = None) -> QuerySet[Event]:
    """What happened in a team, newest first; of one of its cases where one is named."""
    events = Event.objects.filter(team_id=team_id).select_related("actor")
    return events if case_id is None else events.filter(case_id=case_id)
