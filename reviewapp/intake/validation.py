"""Is this file a photo we take? Signature, size and header only; a worker decodes it later.

Knows no database. Every refusal names the file, what is wrong with it and the cure.
"""

import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import IO

from django.conf import settings
from PIL import Image
from pillow_heif import register_heif_opener

from reviewapp.foundation.errors import InvalidError
from reviewapp.foundation.templatetags.words import file_size

register_heif_opener(thumbnails=False)

SMALLEST_SIDE = 32
_SNIFFED = 512


class PhotoFormat(StrEnum):
    """Named as Pillow names them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIF = "HEIF"


SUFFIXES: dict[PhotoFormat, tuple[str, ...]] = {
    PhotoFormat.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    PhotoFormat.PNG: (".png",),
    PhotoFormat.WEBP: (".webp",),
    PhotoFormat.HEIF: (".heic", ".heif", ".hif"),
}
CONTENT_TYPES: dict[PhotoFormat, str] = {
    PhotoFormat.JPEG: "image/jpeg",
    PhotoFormat.PNG: "image/png",
    PhotoFormat.WEBP: "image/webp",
    PhotoFormat.HEIF: "image/heic",
}
_WORDS = {
    PhotoFormat.JPEG: "a JPEG photo",
    PhotoFormat.PNG: "a PNG picture",
    PhotoFormat.WEBP: "a WebP picture",
    PhotoFormat.HEIF: "a HEIC photo",
}
_TAKEN = "Send photos as JPEG, PNG, WebP or HEIC."
_KNOWN_SUFFIXES = {suffix for suffixes in SUFFIXES.values() for suffix in suffixes} | {
    ".gif", ".bmp", ".tif", ".tiff", ".avif", ".svg", ".htm", ".html", ".xml", ".txt", ".zip",
    ".pdf", ".mp4", ".mov", ".exe",
}  # fmt: skip

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "a GIF"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"PK\x03\x04", "a zip archive"),
    (b"%PDF", "a PDF document"),
    (b"MZ", "a program"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML or SVG document"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
_SEQUENCE_BRANDS = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avis"}

# What Pillow and libheif raise on bytes that are no whole picture.
BROKEN_PICTURE = (
    OSError, SyntaxError, ValueError, EOFError, MemoryError, TypeError, LookupError,
    ArithmeticError, struct.error, zlib.error, Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PhotoHeader:
    """What the first bytes say; width and height before any EXIF rotation."""

    format: PhotoFormat
    width: int
    height: int

    @property
    def suffix(self) -> str:
        return SUFFIXES[self.format][0]


def check_photo(stream: IO[bytes], *, name: str, size: int) -> PhotoHeader:
    """The header of a photo we take, or `InvalidError` with the reason. Rewinds the stream."""
    _check_size(name, size)
    stream.seek(0)
    head = stream.read(_SNIFFED)
    kind = _kind_of(name, head)
    _check_label(name, kind)
    width, height = _webp_size(name, head) if kind is PhotoFormat.WEBP else (1, 1)
    _check_pixels(name, width, height)
    header = _read_header(stream, name, kind)
    _check_pixels(name, header.width, header.height)
    if min(header.width, header.height) < SMALLEST_SIDE:
        raise _refusal(
            "photo_too_small",
            f"{name} is only {header.width} × {header.height} pixels, too small to see a vehicle.",
        )
    return header


def _refusal(code: str, message: str) -> InvalidError:
    return InvalidError(message, code=code)


def _check_size(name: str, size: int) -> None:
    if size == 0:
        raise _refusal("photo_empty", f"{name} is empty. Take or choose the photo again.")
    if size > settings.PHOTO_MAX_BYTES:
        allowed = settings.PHOTO_MAX_BYTES // (1024 * 1024)
        raise _refusal(
            "photo_too_large",
            f"{name} has {file_size(size)}; at most {allowed} MB are allowed. "
            "Send it in a smaller size.",
        )


def _check_pixels(name: str, width: int, height: int) -> None:
    if width * height > settings.PHOTO_MAX_PIXELS:
        allowed = settings.PHOTO_MAX_PIXELS // 1_000_000
        raise _refusal(
            "photo_too_many_pixels",
            f"{name} claims {width:,} × {height:,} pixels; at most {allowed} megapixels "
            "are allowed. Send it in a smaller size.",
        )


def _kind_of(name: str, head: bytes) -> PhotoFormat:
    if head.startswith(b"\xff\xd8\xff"):
        return PhotoFormat.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PhotoFormat.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return PhotoFormat.WEBP
    if head[4:8] == b"ftyp":
        return _kind_of_container(name, head)
    raise _refusal("photo_not_a_picture", f"{name} holds {_foreign(head)}, not a photo. {_TAKEN}")


def _kind_of_container(name: str, head: bytes) -> PhotoFormat:
    box_size = int.from_bytes(head[:4], "big")
    brands = {head[at : at + 4] for at in range(8, min(box_size, len(head)) - 3, 4)}
    if head[8:12] in _SEQUENCE_BRANDS:
        raise _animated(name)
    if brands & _HEIC_BRANDS and b"avif" not in brands:
        return PhotoFormat.HEIF
    what = "an AVIF picture" if b"avif" in brands else "a film"
    raise _refusal("photo_not_a_picture", f"{name} holds {what}, not a photo. {_TAKEN}")


def _foreign(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, words in _FOREIGN:
        if head.startswith(magic) or text.startswith(magic.lower()):
            return words
    return "no picture that we know"


def _check_label(name: str, kind: PhotoFormat) -> None:
    suffix = PurePath(name).suffix.lower()
    if suffix in _KNOWN_SUFFIXES and suffix not in SUFFIXES[kind]:
        raise _refusal(
            "photo_mislabelled",
            f"{name} is named {suffix} but holds {_WORDS[kind]}. "
            f"Send the original, or rename it to end in {SUFFIXES[kind][0]}.",
        )


def _webp_size(name: str, head: bytes) -> tuple[int, int]:
    # Pillow allocates the whole canvas when it opens a WebP, so its size is read here first.
    chunk = head[12:16]
    if len(head) < 30:
        raise _broken(name)
    if chunk == b"VP8X":
        return _uint24(head, 24) + 1, _uint24(head, 27) + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise _broken(name)


def _uint24(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")


def _read_header(stream: IO[bytes], name: str, kind: PhotoFormat) -> PhotoHeader:
    stream.seek(0)
    try:
        image = Image.open(stream, formats=[kind.value])
        width, height = image.size
        several = holds_several_pictures(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refusal(
            "photo_too_many_pixels",
            f"{name} claims far too many pixels. Send it in a smaller size.",
        ) from None
    except BROKEN_PICTURE:
        raise _broken(name) from None
    finally:
        stream.seek(0)
    if several:
        raise _animated(name)
    return PhotoHeader(kind, width, height)


def holds_several_pictures(image: Image.Image) -> bool:
    """Animated, a burst or a stereo pair; a JPEG with a gain map or preview beside it is one."""
    if image.format == "MPO":
        entries = getattr(image, "mpinfo", {}).get(0xB002, [])
        return any(entry["Attribute"]["MPType"].startswith("Multi-Frame") for entry in entries)
    return int(getattr(image, "n_frames", 1)) > 1


def _broken(name: str) -> InvalidError:
    return _refusal(
        "photo_broken", f"{name} cannot be read; the file is damaged or cut off. Send it again."
    )


def _animated(name: str) -> InvalidError:
    return _refusal(
        "photo_animated", f"{name} holds several pictures or a film. Send one still photo."
    )
