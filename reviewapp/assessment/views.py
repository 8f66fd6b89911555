from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewapp.accounts.permissions import Action
from reviewapp.accounts.requests import user_of
from reviewapp.accounts.selectors import may_in_team
from reviewapp.assessment.selectors import failed_photo_results_of, progress_of
from reviewapp.intake.selectors import case_for
from reviewapp.intake.states import CaseState

_WAITING_FOR_MODELS = frozenset({CaseState.SUBMITTED, CaseState.ASSESSING})


@require_safe
def progress(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A piece of the case page that fetches itself again until the models are done."""
    user = user_of(request)
    case = case_for(user, case_id)
    context = {
        "case": case,
        "progress": progress_of(case),
        "running": case.state in _WAITING_FOR_MODELS,
        "failed": failed_photo_results_of(case),
        "may_review": may_in_team(user, Action.QUEUE_SEE, case.team_id),
    }
    return render(request, "assessment/progress.html", context)
