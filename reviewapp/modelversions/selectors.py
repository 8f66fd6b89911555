from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import may_somewhere
from reviewapp.foundation.errors import NotFoundError, UnavailableError
from reviewapp.modelversions.models import ModelVersion


def active_model_version() -> ModelVersion:
    """The one that new assessments use."""
    active = ModelVersion.objects.filter(active=True).first()
    if active is None:
        raise UnavailableError(
            "No model version is active. Run `python manage.py register_models`, or let an "
            "operator activate one on the page Models.",
            code="no_model_version",
        )
    return active


def model_versions_visible(user: User) -> QuerySet[ModelVersion]:
    if not may_somewhere(user, Action.MODELS_SEE):
        return ModelVersion.objects.none()
    return ModelVersion.objects.order_by("-active", "-created_at")


def model_version_for(user: User, version_id: UUID) -> ModelVersion:
    found = model_versions_visible(user).filter(pk=version_id).first()
    if found is None:
        raise NotFoundError("There is no such model version.")
    return found


def folder_of(version: ModelVersion) -> Path:
    """Where this machine keeps the weights."""
    return settings.WEIGHTS_DIR / version.folder
