import json
from pathlib import Path

from django.conf import settings
from django.db import transaction

from inference.errors import WeightsError
from inference.models.card import CARD_FILE, load_model_version
from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import require_on_site
from reviewapp.audit.services import event_record
from reviewapp.foundation.errors import ConflictError, InvalidError
from reviewapp.modelversions.models import ModelVersion


def modelversion_register(*, folder: Path, actor: User | None = None) -> ModelVersion:
    """Enter a folder of weights; registering it again only brings its card up to date."""
    if actor is not None:
        require_on_site(actor, Action.MODELS_MANAGE)
    try:
        files = load_model_version(folder)
    except WeightsError as error:
        raise InvalidError(error.message, code=error.code) from error
    card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    with transaction.atomic():
        version, made = ModelVersion.objects.select_for_update().get_or_create(
            name=files.version,
            defaults={
                "folder": _stored_folder(folder),
                "weights_sha256": files.sha256,
                "taxonomy_version": files.taxonomy,
                "card": card,
            },
        )
        if made:
            event_record(actor=actor, action="model version registered", subject=version)
            return version
        return _renew_card(version, files.sha256, card, folder)


@transaction.atomic
def modelversion_activate(*, version: ModelVersion, actor: User | None = None) -> ModelVersion:
    """New assessments use it from now on; those that run keep theirs."""
    if actor is not None:
        require_on_site(actor, Action.MODELS_MANAGE)
    # In one order, so that two activations wait for one another.
    versions = list(ModelVersion.objects.select_for_update().order_by("pk"))
    before = next((item.name for item in versions if item.active), "")
    ModelVersion.objects.filter(active=True).update(active=False)
    ModelVersion.objects.filter(pk=version.pk).update(active=True)
    version.active = True
    event_record(
        actor=actor,
        action="model version activated",
        subject=version,
        before={"active": before},
        after={"active": version.name},
    )
    return version


def _renew_card(
    version: ModelVersion, sha256: str, card: dict[str, object], folder: Path
) -> ModelVersion:
    if version.weights_sha256 != sha256 or version.card["assessment"] != card["assessment"]:
        raise ConflictError(
            f"{version.name} is registered with other weights or thresholds, which assessments "
            "may name. Give the changed model version a name of its own.",
            code="model_version_changed",
        )
    version.card, version.folder = card, _stored_folder(folder)
    version.save(update_fields=["card", "folder"])
    return version


def _stored_folder(folder: Path) -> str:
    """Below the weights folder only the name: other machines keep theirs elsewhere."""
    resolved, root = folder.resolve(), settings.WEIGHTS_DIR.resolve()
    return resolved.name if resolved.parent == root else str(resolved)
