"""Pages: input, one service or selector, output."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from reviewapp.accounts.permissions import Action
from reviewapp.accounts.requests import user_of
from reviewapp.accounts.selectors import may_in_team
from reviewapp.foundation.errors import ConflictError
from reviewapp.intake.selectors import case_for, photo_for
from reviewapp.review.forms import QueueFilterForm
from reviewapp.review.page import holds
from reviewapp.review.pictures import crop_response
from reviewapp.review.queue import queue_for, queue_rows, queue_summary, queue_tabs, queue_teams
from reviewapp.review.report import report_for
from reviewapp.review.selectors import review_for
from reviewapp.review.services import case_send_to_review, review_open, review_take_next

CASES_A_PAGE = 25


@require_GET
def queue_page(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    teams = queue_teams(user)
    form = QueueFilterForm(request.GET, teams=teams)
    wanted = form.wanted()
    pages = Paginator(queue_for(user, teams, wanted), CASES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "teams": teams,
        "wanted": wanted,
        "tabs": queue_tabs(wanted),
        "summary": queue_summary(user, teams),
        "page": page,
        "rows": queue_rows(list(page)),
    }
    return render(request, "review/queue.html", context)


@require_POST
def next_case(request: HttpRequest) -> HttpResponse:
    review = review_take_next(actor=user_of(request))
    if review is None:
        messages.info(request, "Nothing waits for a review at the moment.")
        return redirect("review:queue")
    return redirect("review:review", review.pk)


@require_POST
def take(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take, resume or reopen a case; somebody else's is said on the queue, not as an error."""
    user = user_of(request)
    try:
        review = review_open(actor=user, case=case_for(user, case_id))
    except ConflictError as error:
        messages.warning(request, error.message)
        return redirect("review:queue")
    return redirect("review:review", review.pk)


@require_POST
def send_to_review(request: HttpRequest, case_id: UUID) -> HttpResponse:
    user = user_of(request)
    case = case_send_to_review(actor=user, case=case_for(user, case_id))
    messages.success(request, f"Case {case.claim_number} waits for a review now.")
    return redirect("intake:case", case.pk)


@require_GET
def review_page(request: HttpRequest, review_id: UUID) -> HttpResponse:
    user = user_of(request)
    review = review_for(user, review_id)
    return render(request, "review/review.html", {"review": review, "held": holds(user, review)})


@require_GET
def report_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    user = user_of(request)
    report = report_for(user, case_id)
    team = report.case.team_id
    context = {
        "report": report,
        "may_reopen": may_in_team(user, Action.CASE_REOPEN, team),
        "may_send": may_in_team(user, Action.SEND_TO_REVIEW, team),
    }
    return render(request, "review/report.html", context)


@require_GET
def crop(
    request: HttpRequest, photo_id: UUID, x: int, y: int, width: int, height: int
) -> HttpResponse:
    return crop_response(photo_for(user_of(request), photo_id), (x, y, width, height))
