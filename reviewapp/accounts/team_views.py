"""Teams, their members, their machines and their audit trail."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reviewapp.accounts.forms import MachineForm, MemberForm, RoleForm, TeamForm, TrailForm
from reviewapp.accounts.links import link_offer, link_offer_if_new, link_taken
from reviewapp.accounts.models import Role, Team
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.requests import user_of
from reviewapp.accounts.selectors import (
    managed_team_for,
    may_in_team,
    may_on_site,
    member_for,
    members_of,
    team_for,
    teams_listed,
    token_for,
    tokens_of,
)
from reviewapp.accounts.services import (
    machine_create,
    member_add,
    member_change_role,
    member_remove,
    team_create,
    token_revoke,
)
from reviewapp.audit.selectors import events_of_team
from reviewapp.foundation.errors import ConflictError, InvalidError

EVENTS_A_PAGE = 50
# Whom the next page offers to take back.
_REMOVED = "member-removed"


@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    listed = teams_listed(user)
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            team = team_create(actor=user, **form.cleaned_data)
        except (ConflictError, InvalidError) as error:
            form.add_error(None, error.message)
        else:
            link_offer_if_new(request, members_of(team)[0].user)
            return redirect("accounts:team", team.pk)
    may_create = may_on_site(user, Action.TEAMS_MANAGE)
    context = {"teams": listed, "form": form, "may_create": may_create}
    return render(request, "accounts/teams.html", context, status=_status(form))


@require_safe
def team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    return _team_page(request, team_for(user_of(request), team_id))


@require_POST
def member_new(request: HttpRequest, team_id: UUID) -> HttpResponse:
    user = user_of(request)
    team = team_for(user, team_id)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            member = member_add(actor=user, team=team, **form.cleaned_data)
        except (ConflictError, InvalidError) as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"{member.user.display_name} is now {member.role}.")
            link_offer_if_new(request, member.user)
            return redirect("accounts:team", team.pk)
    return _team_page(request, team, member_form=form)


@require_POST
def member_role(request: HttpRequest, team_id: UUID, membership_id: UUID) -> HttpResponse:
    user = user_of(request)
    member = member_for(managed_team_for(user, team_id), membership_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise InvalidError("This role does not exist. Choose one from the list.")
    member = member_change_role(actor=user, membership=member, role=form.cleaned_data["role"])
    messages.success(request, f"{member.user.display_name} is now {member.role}.")
    return redirect("accounts:team", team_id)


@require_POST
def member_out(request: HttpRequest, team_id: UUID, membership_id: UUID) -> HttpResponse:
    user = user_of(request)
    member = member_for(managed_team_for(user, team_id), membership_id)
    member_remove(actor=user, membership=member)
    request.session[_REMOVED] = {"username": member.user.username, "role": member.role}
    return redirect("accounts:team", team_id)


@require_POST
def member_link(request: HttpRequest, team_id: UUID, membership_id: UUID) -> HttpResponse:
    """A new set-password link, for whoever lost theirs or forgot the password."""
    team = team_for(user_of(request), team_id)
    link_offer(request, member_for(team, membership_id).user)
    return redirect("accounts:team", team.pk)


@require_POST
def machine_new(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Answers the page itself: the token's text is shown now and never again."""
    user = user_of(request)
    team = managed_team_for(user, team_id)
    form = MachineForm(request.POST)
    if not form.is_valid():
        return _team_page(request, team, machine_form=form)
    token, text = machine_create(actor=user, team=team, **form.cleaned_data)
    context = {"team": team, "token": token, "text": text}
    return render(request, "accounts/token.html", context, status=HTTPStatus.CREATED)


@require_POST
def machine_revoke(request: HttpRequest, team_id: UUID, token_id: UUID) -> HttpResponse:
    user = user_of(request)
    team = managed_team_for(user, team_id)
    token = token_revoke(actor=user, team=team, token=token_for(team, token_id))
    messages.success(request, f"The token of “{token.label}” no longer works.")
    return redirect("accounts:team", team.pk)


@require_safe
def trail(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Who did what, newest first; of one case with `?case=`."""
    team = managed_team_for(user_of(request), team_id, Action.AUDIT_SEE)
    form = TrailForm(request.GET)
    if not form.is_valid():
        raise InvalidError("This is no case. Open the audit trail from the page of a case.")
    case_id = form.cleaned_data["case"]
    events = Paginator(events_of_team(team.pk, case_id=case_id), EVENTS_A_PAGE)
    page = events.get_page(request.GET.get("page"))
    return render(request, "accounts/trail.html", {"team": team, "case": case_id, "page": page})


def _team_page(request: HttpRequest, team: Team, **forms: Form) -> HttpResponse:
    user = user_of(request)
    manages = may_in_team(user, Action.TEAM_MANAGE, team.pk)
    context = {
        "team": team,
        "members": members_of(team),
        "tokens": tokens_of(team) if manages else [],
        "roles": Role.choices if manages else [(Role.MANAGER, Role.MANAGER.label)],
        "manages": manages,
        "member_form": MemberForm(),
        "machine_form": MachineForm(),
        "link": link_taken(request, team),
        "removed": request.session.pop(_REMOVED, None),
    }
    return render(request, "accounts/team.html", context | forms, status=_status(*forms.values()))


def _status(*forms: Form) -> HTTPStatus:
    wrong = any(form.errors for form in forms)
    return HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK
