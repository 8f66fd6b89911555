from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reviewapp.accounts.permissions import Action
from reviewapp.accounts.requests import user_of
from reviewapp.accounts.selectors import require_somewhere, teams_where
from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState


def queue_page(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    require_somewhere(user, Action.QUEUE_SEE)
    cases = Case.objects.filter(
        team__in=teams_where(user, Action.QUEUE_SEE), state=CaseState.NEEDS_REVIEW
    )
    return render(request, "review/queue.html", {"cases": cases})
