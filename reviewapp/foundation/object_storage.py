"""Files in an S3-compatible store: `OSError` when it does not answer, as a disk would say it.

A file no larger than a photo may be is read in one piece and can be sought in; a larger one (an
export) streams through, so that nobody ever holds it whole.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from storages.backends.s3 import S3Storage

if TYPE_CHECKING:  # Django's own class takes no parameter; Buffer comes with Python 3.12
    from typing_extensions import Buffer

    _File = File[bytes]
else:
    _File = File

_CHUNK = 1024 * 1024
_GONE = "NoSuchKey"


class ObjectStorage(S3Storage):  # type: ignore[misc] # django-storages has no types
    """Private objects under content hashes, with time limits."""

    def get_default_settings(self) -> dict[str, Any]:
        defaults: dict[str, Any] = super().get_default_settings()
        return defaults | {
            "default_acl": None,
            # A name is a content hash: whatever stands there already holds the same bytes.
            "file_overwrite": True,
            "client_config": Config(
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=30,
                retries={"mode": "standard", "max_attempts": 3},
                # Stores other than Amazon's do not all know the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            # One part at a time: ten at once would take 80 MB for every file on its way.
            "transfer_config": TransferConfig(use_threads=False),
        }

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        if mode != "rb":
            raise ValueError(f"Stored files are opened for reading only, not {mode!r}.")
        with _said_as_os_error():
            client = self.connection.meta.client
            found = client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
        size, body = found["ContentLength"], found["Body"]
        if size > settings.PHOTO_MAX_BYTES:
            return _Streamed(io.BufferedReader(_Body(body), _CHUNK), name, size)
        with _said_as_os_error():
            return File(io.BytesIO(body.read()), name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        with _said_as_os_error():
            saved: str = super()._save(name, content)
        return saved

    def exists(self, name: str) -> bool:
        with _said_as_os_error():
            return bool(super().exists(name))


class _Readable(Protocol):
    def read(self, amount: int) -> bytes: ...
    def close(self) -> None: ...


class _Body(io.RawIOBase):
    """The body of an answer as a raw file: read once, from start to end."""

    def __init__(self, body: _Readable) -> None:
        super().__init__()
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        target = memoryview(buffer)
        with _said_as_os_error():
            chunk = self._body.read(len(target))
        target[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._body.close()
        super().close()


class _Streamed(_File):
    """A file that cannot be sought in, but whose size is known."""

    def __init__(self, stream: io.BufferedReader, name: str, size: int) -> None:
        super().__init__(stream, name)
        self.size = size


@contextmanager
def _said_as_os_error() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] == _GONE:
            raise FileNotFoundError(str(error)) from error
        raise OSError(f"The file store refused: {error}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(f"The file store did not answer: {error}") from error
