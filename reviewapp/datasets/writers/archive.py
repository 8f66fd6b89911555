"""A zip written as a stream: what it needs in memory does not grow with its entries.

`zipfile` keeps every entry in memory until the end (0.38 kB each, three a photo); here the
central directory and the listing wait in unnamed temporary files, which vanish with the
process even when it is killed. Equal content gives equal bytes: the time stamps are fixed.
"""

import hashlib
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from reviewapp.datasets.writers.spool import Spool

_STORED, _DEFLATED = 0, 8
_LIMIT = 0xFFFFFFFF
_NO_TIME, _FIRST_DAY = 0, (1 << 5) | 1  # 1980-01-01, the first day that a zip can name
_REGULAR_FILE = 0o100644 << 16
_MADE_BY_UNIX = 3 << 8
_ZIP64 = 45


@dataclass(frozen=True, slots=True)
class _Entry:
    path: bytes
    method: int
    offset: int
    crc: int
    packed: int
    size: int


class Archive:
    """Adds files one after the other; `listing` holds path, size and SHA-256 of each."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._directory: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._count = 0
        self.listing = Spool()

    def add(self, path: str, content: bytes) -> None:
        """One file that is compressed already (a picture)."""
        crc, size = zlib.crc32(content), len(content)
        entry = _Entry(path.encode("ascii"), _STORED, self._out.tell(), crc, size, size)
        self._out.write(_local_header(entry))
        self._out.write(content)
        self._finish(entry, hashlib.sha256(content).hexdigest())

    def add_text(self, path: str, chunks: Iterable[bytes]) -> None:
        """One file of any length, deflated; its sizes are filled in once they are known."""
        offset, name = self._out.tell(), path.encode("ascii")
        self._out.write(_local_header(_Entry(name, _DEFLATED, offset, 0, 0, 0)))
        start = self._out.tell()
        crc, size, digest = self._deflate(chunks)
        end = self._out.tell()
        entry = _Entry(name, _DEFLATED, offset, crc, end - start, size)
        self._out.seek(offset)
        self._out.write(_local_header(entry))
        self._out.seek(end)
        self._finish(entry, digest)

    def finish(self) -> None:
        """Write the central directory; the archive is whole from here on."""
        start = self._out.tell()
        self._directory.seek(0)
        shutil.copyfileobj(self._directory, self._out)
        self._out.write(_end(self._count, start, self._out.tell() - start))

    def close(self) -> None:
        self._directory.close()
        self.listing.close()

    def _deflate(self, chunks: Iterable[bytes]) -> tuple[int, int, str]:
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        crc, size, digest = 0, 0, hashlib.sha256()
        for chunk in chunks:
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            digest.update(chunk)
            self._out.write(packer.compress(chunk))
        self._out.write(packer.flush())
        return crc, size, digest.hexdigest()

    def _finish(self, entry: _Entry, sha256: str) -> None:
        self._directory.write(_central_header(entry))
        self._count += 1
        self.listing.append({"path": entry.path.decode(), "size": entry.size, "sha256": sha256})


def _local_header(entry: _Entry) -> bytes:
    # A deflated file's header is written before its sizes are known: it always has room for
    # sizes beyond 4 GiB. A picture's sizes are known and small.
    large = entry.method == _DEFLATED
    extra = struct.pack("<HHQQ", 1, 16, entry.size, entry.packed) if large else b""
    sizes = (_LIMIT, _LIMIT) if large else (entry.packed, entry.size)
    fixed = struct.pack(
        "<4sHHHHHLLLHH",
        b"PK\x03\x04",
        _ZIP64 if large else 20,
        0,
        entry.method,
        _NO_TIME,
        _FIRST_DAY,
        entry.crc,
        *sizes,
        len(entry.path),
        len(extra),
    )
    return fixed + entry.path + extra


def _central_header(entry: _Entry) -> bytes:
    numbers = (entry.size, entry.packed, entry.offset)
    beyond = [number for number in numbers if number >= _LIMIT]
    extra = struct.pack(f"<HH{len(beyond)}Q", 1, 8 * len(beyond), *beyond) if beyond else b""
    size, packed, offset = (min(number, _LIMIT) for number in numbers)
    fixed = struct.pack(
        "<4sHHHHHHLLLHHHHHLL",
        b"PK\x01\x02",
        _MADE_BY_UNIX | _ZIP64,
        _ZIP64,
        0,
        entry.method,
        _NO_TIME,
        _FIRST_DAY,
        entry.crc,
        packed,
        size,
        len(entry.path),
        len(extra),
        0,
        0,
        0,
        _REGULAR_FILE,
        offset,
    )
    return fixed + entry.path + extra


def _end(count: int, start: int, size: int) -> bytes:
    """The end records; the 64-bit ones are always there, so that the layout is always the same."""
    record = struct.pack(
        "<4sQHHLLQQQQ", b"PK\x06\x06", 44, _ZIP64, _ZIP64, 0, 0, count, count, size, start
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + size, 1)
    short = min(count, 0xFFFF)
    last = struct.pack(
        "<4sHHHHLLH", b"PK\x05\x06", 0, 0, short, short, min(size, _LIMIT), min(start, _LIMIT), 0
    )
    return record + locator + last
