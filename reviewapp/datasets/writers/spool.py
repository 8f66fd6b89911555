"""Rows that wait on disk until their file is written: JSON, one a line."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO

_CHUNK = 256 * 1024


def compact(value: object) -> bytes:
    """JSON without blanks; keys in the order given, so equal values give equal bytes."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


class Spool:
    """Appends JSON objects to an unnamed temporary file and gives them back as an array."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._separator = b"\n"

    def append(self, row: Mapping[str, object]) -> None:
        self._file.write(self._separator + compact(row))
        self._separator = b",\n"

    def array(self) -> Iterator[bytes]:
        """The JSON array of all rows so far, in pieces."""
        yield b"["
        self._file.seek(0)
        while chunk := self._file.read(_CHUNK):
            yield chunk
        yield b"\n]"

    def close(self) -> None:
        self._file.close()
