"""In, out, home, and the choice of a password."""

from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reviewapp.accounts.forms import SignInForm
from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.requests import user_of
from reviewapp.accounts.selectors import actions_of
from reviewapp.accounts.services import password_set_record, sign_in_record, sign_out_record
from reviewapp.accounts.throttling import SignInAttempt, client_address, sign_in_attempt
from reviewapp.foundation.errors import TooManyError

# The first page of whoever may do this; the first that fits wins.
_HOMES = (
    (Action.QUEUE_SEE, "review:queue"),
    (Action.CASE_SEE, "intake:cases"),
    (Action.EXPORT, "datasets:exports"),
    (Action.TEAMS_MANAGE, "accounts:teams"),
)
_FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the page where this person's work is."""
    allowed = actions_of(user_of(request))
    for action, page in _HOMES:
        if action in allowed:
            return redirect(page)
    return render(request, "accounts/no_role.html")


@method_decorator(require_http_methods(_FORM_METHODS), name="dispatch")
class SignInView(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    attempt: SignInAttempt

    def post(self, request: HttpRequest, *args: str, **kwargs: object) -> HttpResponse:
        name = request.POST.get("username", "")
        try:
            self.attempt = sign_in_attempt(name=name, address=client_address(request))
        except TooManyError as error:
            return self._refuse(error)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        self.attempt.succeeded()
        response = super().form_valid(form)
        sign_in_record(user=user_of(self.request))
        return response

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        # Django takes `?next=/sign-in/` of somebody who is in for a loop and answers 500.
        url = super().get_redirect_url()
        return "" if url.partition("?")[0] == self.request.path else url

    def _refuse(self, error: TooManyError) -> HttpResponse:
        context = self.get_context_data(form=SignInForm(self.request), refused=error.message)
        response = self.render_to_response(context, status=error.status)
        response["Retry-After"] = str(settings.SIGN_IN_WINDOW_SECONDS)
        return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sign_out_record(user=user_of(request))
    logout(request)
    return redirect("accounts:sign-in")


@method_decorator([require_http_methods(_FORM_METHODS), login_not_required], name="dispatch")
class SetPasswordView(PasswordResetConfirmView):
    """Behind a link that a manager gave: the person chooses a password and is in."""

    template_name = "accounts/set_password.html"
    success_url = reverse_lazy("home")
    post_reset_login = True

    def get_user(self, uidb64: str) -> User | None:
        found = super().get_user(uidb64)
        return None if found is None or found.is_machine or not found.is_active else found

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        response = super().form_valid(form)
        password_set_record(user=cast("User", self.user))
        return response

    def render_to_response(self, context: dict[str, Any], **kwargs: object) -> HttpResponse:
        status = HTTPStatus.OK if context["validlink"] else HTTPStatus.NOT_FOUND
        return super().render_to_response(context, status=status, **kwargs)
