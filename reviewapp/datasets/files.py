"""An export's zip as an answer, streamed from the store."""

from django.http import FileResponse

from reviewapp.datasets.models import Export
from reviewapp.foundation.files import file_response


def export_response(export: Export) -> FileResponse:
    return file_response(
        export.file,
        content_type="application/zip",
        download_as=f"labels-{export.number}.zip",
        immutable=False,
    )
