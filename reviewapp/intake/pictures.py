"""From the bytes that came: the display photo, the thumbnail, and EXIF time and place.

Pure: no database, no storage. The whole picture is decoded here, so a file that passes is whole.
"""

import io
import logging
import math
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from PIL import ExifTags, Image, ImageCms, JpegImagePlugin

from reviewapp.foundation.errors import InvalidError
from reviewapp.intake.validation import BROKEN_PICTURE, PhotoFormat

logger = logging.getLogger(__name__)

DISPLAY_QUALITY = 88
THUMBNAIL_QUALITY = 80
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_UPRIGHT = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """When and where the camera says the photo was taken."""

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """Two JPEGs, upright, sRGB, without EXIF; width and height are the display photo's."""

    display: bytes
    thumbnail: bytes
    width: int
    height: int
    evidence: Evidence


def pictures_of(content: bytes, *, kind: PhotoFormat, name: str) -> Pictures:
    """Decode fully and derive; `InvalidError` where the bytes are no whole picture."""
    try:
        return _derive(Image.open(io.BytesIO(content), formats=[kind.value]))
    except BROKEN_PICTURE as error:
        logger.info("photo refused: %s: %s", type(error).__name__, error)
        raise InvalidError(
            f"{name} cannot be read to its end; the file is damaged or cut off. Send it again.",
            code="photo_broken",
        ) from error


def _derive(image: Image.Image) -> Pictures:
    exif = _exif_of(image)
    box = _fitting(image.size, settings.DISPLAY_LONG_SIDE)
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        # It decodes at a half, a quarter or an eighth for almost nothing, but only where the
        # box has the photo's own aspect.
        image.draft(None, box)
    profile = image.info.get("icc_profile")
    plain = _without_alpha(_roughly_shrunk(image))
    small = plain.resize(box, Image.Resampling.BICUBIC, reducing_gap=3.0)
    display = _upright(_in_srgb(small, profile), exif)
    frame = _fitting(display.size, settings.THUMBNAIL_LONG_SIDE)
    thumbnail = display.resize(frame, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return Pictures(
        display=_jpeg(display, DISPLAY_QUALITY),
        thumbnail=_jpeg(thumbnail, THUMBNAIL_QUALITY),
        width=display.width,
        height=display.height,
        evidence=_evidence(exif),
    )


def _fitting(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    scale = min(1.0, long_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _roughly_shrunk(image: Image.Image) -> Image.Image:
    """Far too large pictures by a whole factor first: later steps make several copies."""
    factor = max(image.size) // (2 * settings.DISPLAY_LONG_SIDE)
    if factor < 2 or image.mode not in ("RGB", "RGBA", "L", "CMYK"):
        return image
    return image.reduce(factor)


def _without_alpha(image: Image.Image) -> Image.Image:
    """The same picture as RGB, L or CMYK; what is transparent becomes white."""
    if image.mode in ("RGB", "L", "CMYK"):
        image.load()
        return image
    if image.mode.startswith("I"):
        # 16 bits of grey: the upper eight are what a screen shows.
        return image.convert("I").point(lambda level: level / 256).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(paper, seen).convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile:
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image.convert("RGB")
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
        # The pixels are whole; without a usable profile they are taken as sRGB, as browsers do.
        logger.info("colour profile not used: %s", error)
        return image.convert("RGB")
    assert converted is not None  # noqa: S101 (only None when converting in place)
    return converted


def _upright(image: Image.Image, exif: Image.Exif) -> Image.Image:
    for turn in _UPRIGHT.get(exif.get(ExifTags.Base.Orientation, 1), ()):
        image = image.transpose(turn)
    return image


def _jpeg(image: Image.Image, quality: int) -> bytes:
    # Comments and the like of the original would otherwise travel along.
    image.info = {}
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _exif_of(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except BROKEN_PICTURE as error:
        logger.info("EXIF not used: %s", error)
        return Image.Exif()


def _evidence(exif: Image.Exif) -> Evidence:
    try:
        camera = exif.get_ifd(ExifTags.IFD.Exif)
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except BROKEN_PICTURE as error:
        logger.info("EXIF time and place not used: %s", error)
        return Evidence()
    written = camera.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    offset = camera.get(ExifTags.Base.OffsetTimeOriginal) or ""
    latitude = _degrees(place, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, 90)
    longitude = _degrees(place, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, 180)
    if latitude is None or longitude is None:
        return Evidence(_moment(written, offset))
    return Evidence(_moment(written, offset), latitude, longitude)


def _moment(written: object, offset: object) -> datetime | None:
    """EXIF's `2026:11:28 10:15:00`; without an offset the camera's clock is taken as UTC."""
    text, zone = str(written).strip("\0 "), str(offset).strip("\0 ")
    for assumed in (zone, "+00:00"):
        try:
            return datetime.strptime(text + assumed, "%Y:%m:%d %H:%M:%S%z")
        except ValueError:
            continue
    return None


def _degrees(place: dict[int, object], value: int, reference: int, limit: int) -> float | None:
    parts = place.get(value)
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    angle = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(angle) or not 0 <= angle <= limit:
        return None
    return -angle if str(place.get(reference, "")).strip("\0 ").upper() in ("S", "W") else angle
