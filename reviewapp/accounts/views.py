from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from reviewapp.accounts.permissions import Action
from reviewapp.accounts.requests import user_of
from reviewapp.accounts.selectors import actions_of, teams_listed

# The first page of whoever may do this; the first that fits wins.
_HOMES = (
    (Action.QUEUE_SEE, "review:queue"),
    (Action.CASE_SEE, "intake:cases"),
    (Action.EXPORT, "datasets:exports"),
    (Action.TEAMS_MANAGE, "accounts:teams"),
)


def home(request: HttpRequest) -> HttpResponse:
    """To the page where this person's work is."""
    allowed = actions_of(user_of(request))
    for action, page in _HOMES:
        if action in allowed:
            return redirect(page)
    return render(request, "accounts/no_role.html")


class SignInView(LoginView):
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True


class SignOutView(LogoutView):
    http_method_names = ["post", "options"]


def teams(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/teams.html", {"teams": teams_listed(user_of(request))})
