"""Pages: input, one service or selector, output."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviewapp.accounts.permissions import Action
from reviewapp.accounts.requests import user_of
from reviewapp.accounts.selectors import require_somewhere
from reviewapp.intake.case_page import case_page
from reviewapp.intake.files import display_response, original_response, thumbnail_response
from reviewapp.intake.forms import CaseFilterForm, CaseForm, NewCaseForm
from reviewapp.intake.selectors import case_for, cases_listed, photo_for, teams_for_new_cases
from reviewapp.intake.services import (
    Outcome,
    case_close,
    case_open,
    case_submit,
    case_update,
    case_withdraw,
    photo_withdraw,
    photos_add,
)

CASES_A_PAGE = 25


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    require_somewhere(user, Action.CASE_SEE)
    filters = CaseFilterForm(request.GET)
    page = Paginator(filters.narrow(cases_listed(user)), CASES_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "intake/cases.html", {"filters": filters, "page": page})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    require_somewhere(user, Action.CASE_OPEN)
    form = NewCaseForm(request.POST or None, teams=teams_for_new_cases(user))
    if request.method == "POST" and form.is_valid():
        opened = case_open(
            actor=user, team=form.chosen_team, claim_number=form.claim_number, **form.facts()
        )
        return redirect("intake:case", opened.pk)
    return render(request, "intake/new.html", {"form": form})


@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    user = user_of(request)
    return render(request, "intake/case.html", case_page(user, case_for(user, case_id)))


@require_POST
def facts(request: HttpRequest, case_id: UUID) -> HttpResponse:
    user = user_of(request)
    shown = case_for(user, case_id)
    form = CaseForm(request.POST, instance=case_for(user, case_id))
    if not form.is_valid():
        return render(request, "intake/case.html", case_page(user, shown, form), status=400)
    case_update(actor=user, case=shown, claim_number=form.claim_number, **form.facts())
    messages.success(request, "The facts are saved.")
    return redirect("intake:case", case_id)


@require_POST
def photos(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The way without JavaScript; the page's script sends each photo to the API by itself."""
    user = user_of(request)
    uploads = request.FILES.getlist("photos")
    for receipt in photos_add(actor=user, case=case_for(user, case_id), uploads=uploads):
        if receipt.message:
            refused = receipt.outcome is Outcome.REFUSED
            messages.add_message(
                request, messages.ERROR if refused else messages.INFO, receipt.message
            )
    return redirect("intake:case", case_id)


@require_POST
def submit(request: HttpRequest, case_id: UUID) -> HttpResponse:
    user = user_of(request)
    case_submit(actor=user, case=case_for(user, case_id))
    return redirect("intake:case", case_id)


@require_POST
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    user = user_of(request)
    case_withdraw(actor=user, case=case_for(user, case_id))
    return redirect("intake:case", case_id)


@require_POST
def close(request: HttpRequest, case_id: UUID) -> HttpResponse:
    user = user_of(request)
    case_close(actor=user, case=case_for(user, case_id))
    return redirect("intake:case", case_id)


@require_POST
def withdraw_photo(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    user = user_of(request)
    photo = photo_withdraw(actor=user, photo=photo_for(user, photo_id))
    return redirect("intake:case", photo.case_id)


@require_GET
def display(request: HttpRequest, photo_id: UUID) -> FileResponse:
    return display_response(photo_for(user_of(request), photo_id))


@require_GET
def thumbnail(request: HttpRequest, photo_id: UUID) -> FileResponse:
    return thumbnail_response(photo_for(user_of(request), photo_id))


@require_GET
def original(request: HttpRequest, photo_id: UUID) -> FileResponse:
    return original_response(photo_for(user_of(request), photo_id))
