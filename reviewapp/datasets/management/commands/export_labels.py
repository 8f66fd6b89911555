import shutil
import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reviewapp.datasets.models import Export
from reviewapp.datasets.services import export_request, exports_sweep
from reviewapp.datasets.states import ExportState
from reviewapp.datasets.writing import exports_write_waiting
from reviewapp.foundation.files import file_open

POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = "Export the labels of all reviewed cases to a zip; runs here, no worker is needed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the zip")

    def handle(self, *, out: Path, **_: object) -> None:
        if not out.parent.is_dir():
            raise CommandError(f"The folder {out.parent} does not exist; make it first.")
        export = self._written()
        _copy(export.file, out)
        photos = f"{export.photos_written} photos of {export.counts['cases']} cases"
        self.stdout.write(
            f"Export {export.number}: {photos}, {export.size_bytes} bytes, {out}\n"
            f"SHA-256 {export.sha256}"
        )

    def _written(self) -> Export:
        """Written here, or by a worker that was faster."""
        export = export_request(actor=None)
        while export.is_under_way:
            exports_write_waiting()
            export.refresh_from_db()
            if export.is_under_way:
                time.sleep(POLL_SECONDS)
                exports_sweep()
        if export.state == ExportState.FAILED:
            raise CommandError(f"Export {export.number} failed: {export.failure_reason}")
        return export


def _copy(key: str, out: Path) -> None:
    """Written beside and renamed, so that nobody takes half a file for the whole."""
    beside = out.with_name(f".part-{out.name}")
    with file_open(key) as stored, beside.open("wb") as target:
        shutil.copyfileobj(stored, target)
    beside.replace(out)
