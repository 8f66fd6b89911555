from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from reviewapp.accounts.permissions import Action
from reviewapp.accounts.requests import user_of
from reviewapp.accounts.selectors import may_on_site, require_somewhere
from reviewapp.modelversions.cards import card_of
from reviewapp.modelversions.comparison import comparison_of
from reviewapp.modelversions.selectors import model_version_for, model_versions_visible
from reviewapp.modelversions.services import modelversion_activate


@require_safe
def model_versions(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    require_somewhere(user, Action.MODELS_SEE)
    versions = [(version, card_of(version)) for version in model_versions_visible(user)]
    context = {
        "versions": versions,
        "comparison": comparison_of([(version.name, card) for version, card in versions]),
        "may_activate": may_on_site(user, Action.MODELS_MANAGE),
    }
    return render(request, "modelversions/list.html", context)


@require_POST
def activate(request: HttpRequest, version_id: UUID) -> HttpResponse:
    user = user_of(request)
    version = model_version_for(user, version_id)
    modelversion_activate(actor=user, version=version)
    messages.success(request, f"New assessments use {version.name} from now on.")
    return redirect("modelversions:list")
