"""Enters every model version found in the weights folder; the first start gets an active one."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inference.models.card import CARD_FILE
from reviewapp.foundation.errors import AppError
from reviewapp.modelversions.models import ModelVersion
from reviewapp.modelversions.services import modelversion_activate, modelversion_register


class Command(BaseCommand):
    help = "Register the model versions in REVIEW_WEIGHTS_DIR; activate the newest if none is."

    def handle(self, **_options: object) -> None:
        folders = sorted(path.parent for path in settings.WEIGHTS_DIR.glob(f"*/{CARD_FILE}"))
        registered = [version for folder in folders if (version := self._register(folder))]
        if registered and not ModelVersion.objects.filter(active=True).exists():
            newest = modelversion_activate(version=registered[-1])
            self.stdout.write(f"{newest.name} is active now.")
        if len(registered) < len(folders):
            raise CommandError("Not every model version could be registered; see above.")
        if not registered:
            raise CommandError(f"There is no model version in {settings.WEIGHTS_DIR}.")

    def _register(self, folder: Path) -> ModelVersion | None:
        try:
            version = modelversion_register(folder=folder)
        except AppError as error:
            self.stderr.write(f"{folder.name}: {error.message}")
            return None
        self.stdout.write(f"{version.name} is registered.")
        return version
