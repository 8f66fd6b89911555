"""A display photo as it leaves the house: its pixels, and nothing that was written beside them.

The picture is not encoded again: segments with text, EXIF, GPS, thumbnails or profiles are cut
out, and so is whatever a camera appended after the end of the picture.
"""

import re

from reviewapp.foundation.errors import InvalidError

_START, _END = b"\xff\xd8", 0xD9
_SCAN = 0xDA
_JFIF, _ADOBE, _LAST_APP, _COMMENT = 0xE0, 0xEE, 0xEF, 0xFE
# Within a scan 0xFF is followed by a stuffed 0 or a restart marker; anything else ends it.
_SCAN_ENDS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def bare_jpeg(content: bytes) -> bytes:
    """The same picture without metadata; `InvalidError` where this is no whole JPEG."""
    if content[:2] != _START:
        raise InvalidError("A display photo must be a JPEG; this file is none.")
    kept, position = [_START], 2
    while True:
        marker, end = _segment(content, position)
        if marker == _END:
            return b"".join((*kept, b"\xff\xd9"))
        if marker == _SCAN:
            end = _scan_end(content, end)
        if _belongs_to_the_picture(marker):
            kept.append(content[position:end])
        position = end


def _belongs_to_the_picture(marker: int) -> bool:
    # JFIF says how dense, Adobe in which colour space the pixels are; no other one is needed.
    written_beside = _JFIF < marker <= _LAST_APP and marker != _ADOBE
    return not written_beside and marker != _COMMENT


def _segment(content: bytes, position: int) -> tuple[int, int]:
    """Marker and end of the segment that starts here."""
    head = content[position : position + 4]
    if len(head) < 2 or head[0] != 0xFF:
        raise InvalidError("This JPEG is cut off or broken.")
    if head[1] == _END:
        return _END, position + 2
    length = int.from_bytes(head[2:4], "big")
    if length < 2 or position + 2 + length > len(content):
        raise InvalidError("This JPEG is cut off or broken.")
    return head[1], position + 2 + length


def _scan_end(content: bytes, position: int) -> int:
    found = _SCAN_ENDS.search(content, position)
    if found is None:
        raise InvalidError("This JPEG is cut off or broken.")
    return found.start()
