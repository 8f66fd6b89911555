"""Files by content hash: what is stored never changes, and equal bytes are stored once.

A key is `ab/abcdef….suffix` under the SHA-256 of the bytes. Nothing of a user's file name gets
into a key.
"""

import hashlib
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse

from reviewapp.foundation.errors import UnavailableError

logger = logging.getLogger(__name__)

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    key: str
    sha256: str
    size: int


class DiskStorage(FileSystemStorage):
    """Local disk, written beside and renamed, so that no reader ever sees half a file."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in content.chunks(_CHUNK):
                    out.write(chunk)
                # A name is never written twice: a power cut must not leave it without its bytes.
                out.flush()
                os.fsync(out.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        # A name is a content hash: whatever stands there already holds the same bytes.
        return name


def sha256_of(stream: IO[bytes]) -> tuple[str, int]:
    """Hash and size of a stream read in chunks; the stream is rewound."""
    stream.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    stream.seek(0)
    return digest.hexdigest(), size


def file_put(stream: IO[bytes], *, suffix: str) -> StoredFile:
    """Store a stream under its content hash; a file that is there already is not written again."""
    digest, size = sha256_of(stream)
    key = f"{digest[:2]}/{digest}{suffix}"
    if not default_storage.exists(key):
        default_storage.save(key, File(stream))
    return StoredFile(key, digest, size)


def file_open(key: str) -> IO[bytes]:
    """Open a stored file for reading; `UnavailableError` where the store has lost it."""
    return cast("IO[bytes]", _open(key))


def _open(key: str) -> "File[bytes]":
    try:
        return default_storage.open(key, "rb")
    except FileNotFoundError:
        logger.exception("stored file is gone: %s", key)
        raise UnavailableError(
            "The file is missing from the store. An operator must restore it from a backup."
        ) from None


def file_read(key: str) -> bytes:
    with file_open(key) as stream:
        return stream.read()


def file_response(
    key: str, *, content_type: str, download_as: str | None = None, immutable: bool = True
) -> FileResponse:
    """Serve a stored file with a fixed type, never the uploader's, and never sniffed."""
    stored = _open(key)
    response = FileResponse(
        stored,
        content_type=content_type,
        as_attachment=download_as is not None,
        filename=download_as or "",
    )
    # A streamed file cannot be sought in, so the response did not find out its size.
    response.setdefault("Content-Length", str(stored.size))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    response["Cache-Control"] = "private, max-age=31536000, immutable" if immutable else "no-store"
    return response
