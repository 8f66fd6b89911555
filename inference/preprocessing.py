"""From the bytes of a photo to what a network takes, and back: one object knows both ways.

A photo is decoded once, upright (EXIF orientation applied once) and in sRGB. JPEGs are decoded
at a reduced scale where the networks need fewer pixels than the camera gave. All coordinates
and label maps of a photo live at *display size*: at most 1,600 pixels on the long side.
"""

import io
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from inference.errors import UnreadablePhotoError

Size = tuple[int, int]
"""height, width"""
Pixels = NDArray[np.uint8]
"""(H, W, 3) uint8 RGB"""

DISPLAY_LONG_SIDE = 1600
MAX_PIXELS = 60_000_000
SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".webp", ".heic", ".heif", ".mpo"})
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# What Pillow raises for broken, cut and hostile files.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
_ORIENTATION_TAG = 0x0112
_SWAPS_SIDES = {5, 6, 7, 8}

pillow_heif.register_heif_opener()


def fitted_size(size: Size, long_side: int, *, enlarge: bool = False) -> Size:
    """`size` scaled so that its long side is `long_side`, aspect kept; at least 1 pixel.

    Smaller ones stay as they are unless `enlarge`.
    """
    longest = max(size)
    if longest <= long_side and not enlarge:
        return size
    height, width = (max(1, round(side * long_side / longest)) for side in size)
    return height, width


@dataclass(frozen=True)
class DecodedPhoto:
    """A photo as upright sRGB pixels, perhaps reduced, and its size when displayed."""

    file: str
    pixels: Pixels
    original_size: Size

    @cached_property
    def display_size(self) -> Size:
        """(height, width) of its label maps."""
        return fitted_size(self.original_size, DISPLAY_LONG_SIDE)

    def display_pixels(self) -> Pixels:
        """The display photo itself (H, W, 3); decode without `long_side` first."""
        return resize(self.pixels, self.display_size)


def decode_photo(file: str, source: bytes | Path, *, long_side: int | None = None) -> DecodedPhoto:
    """Decode fully; with `long_side`, a JPEG only to at least that many pixels on its long side.

    Raises `UnreadablePhotoError` for what is no JPEG, PNG, WebP or HEIC, for broken or cut
    files, animations and more than `MAX_PIXELS`.
    """
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise UnreadablePhotoError(f"{file} cannot be read: {error.strerror}.") from error
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return _decoded(file, image, long_side)
    except UnreadablePhotoError:
        raise
    except UnidentifiedImageError as error:
        raise UnreadablePhotoError(
            f"{file} is no picture that is known here; send a JPEG, PNG, WebP or HEIC."
        ) from error
    except _BROKEN as error:
        raise UnreadablePhotoError(
            f"{file} is no picture that can be read ({error}); send a JPEG, PNG, WebP or HEIC."
        ) from error


def _decoded(file: str, image: Image.Image, long_side: int | None) -> DecodedPhoto:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise UnreadablePhotoError(
            f"{file} has {width * height} pixels; at most {MAX_PIXELS} can be read."
        )
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        raise UnreadablePhotoError(f"{file} is an animation; send a single picture.")
    orientation = image.getexif().get(_ORIENTATION_TAG, 1)
    if long_side is not None and image.format in ("JPEG", "MPO"):
        wanted = fitted_size((height, width), long_side)
        image.draft("RGB", (wanted[1], wanted[0]))
    pixels = np.asarray(upright_srgb(image))
    original = (width, height) if orientation in _SWAPS_SIDES else (height, width)
    return DecodedPhoto(file, pixels, original)


def upright_srgb(image: Image.Image) -> Image.Image:
    """The picture as people should see it: orientation applied, colours in sRGB, no alpha.

    Transparent pixels show white.
    """
    upright = ImageOps.exif_transpose(image)
    profile = image.info.get("icc_profile")
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    if upright.mode.startswith("I;16"):
        upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))
    if profile and upright.mode in ("RGB", "L", "CMYK"):
        return _to_srgb(upright, profile)
    return upright.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image.convert("RGB")
        converted = ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        # A broken or ill-fitting profile is common and harmless: the colours are then a little
        # off, which is better than refusing the photo.
        return image.convert("RGB")
    return image.convert("RGB") if converted is None else converted


def resize(pixels: Pixels, size: Size) -> Pixels:
    """RGB pixels at `size`: averaged when they shrink, interpolated when they grow."""
    if pixels.shape[:2] == size:
        return pixels
    shrinks = size[0] * size[1] < pixels.shape[0] * pixels.shape[1]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (size[1], size[0]), interpolation=way), np.uint8)


@dataclass(frozen=True)
class Fit:
    """How a photo of `display` size lies in a network's input, and the way back.

    The photo is scaled to `inner` and stands in the top left corner of `outer`, whose sides are
    multiples of the network's stride; the rest is 0. All sizes are (height, width).
    """

    display: Size
    inner: Size
    outer: Size

    @classmethod
    def to_long_side(cls, display: Size, long_side: int, multiple: int) -> "Fit":
        """Aspect kept, padded right and bottom to `multiple`."""
        inner = fitted_size(display, long_side, enlarge=True)
        height, width = (-(-side // multiple) * multiple for side in inner)
        return cls(display, inner, (height, width))

    @classmethod
    def stretched(cls, display: Size, size: Size) -> "Fit":
        """Aspect given up, as classifiers take it."""
        return cls(display, size, size)

    def network_input(self, pixels: Pixels) -> Pixels:
        """Pixels of any scale of this photo (H, W, 3) → (*outer, 3) uint8."""
        scaled = resize(pixels, self.inner)
        if self.inner == self.outer:
            return np.ascontiguousarray(scaled)
        padded = np.zeros((*self.outer, 3), np.uint8)
        padded[: self.inner[0], : self.inner[1]] = scaled
        return padded

    def crop_back(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        """(C, h, w) at the network's output scale → only what covers the photo.

        A network whose output is smaller than its input by a whole factor is cropped alike.
        """
        height = round(self.inner[0] * probabilities.shape[1] / self.outer[0])
        width = round(self.inner[1] * probabilities.shape[2] / self.outer[1])
        return probabilities[:, :height, :width]

    def mask_to_network(self, label_map: NDArray[np.uint8], padding: int) -> NDArray[np.uint8]:
        """A label map at display size → (*outer) by nearest neighbour, `padding` outside."""
        inner = cv2.resize(
            label_map, (self.inner[1], self.inner[0]), interpolation=cv2.INTER_NEAREST_EXACT
        )
        padded = np.full(self.outer, padding, np.uint8)
        padded[: self.inner[0], : self.inner[1]] = inner
        return padded

    def mask_to_display(self, label_map: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A label map of the network's input size → display size by nearest neighbour."""
        inner = np.ascontiguousarray(label_map[: self.inner[0], : self.inner[1]])
        width_height = (self.display[1], self.display[0])
        back = cv2.resize(inner, width_height, interpolation=cv2.INTER_NEAREST_EXACT)
        return np.asarray(back, np.uint8)

    def points_to_network(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, 2) x, y in display pixels → in network pixels (pixel edges, not centres)."""
        return points * self._scale

    def points_to_display(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """The inverse of `points_to_network`."""
        return points / self._scale

    @cached_property
    def _scale(self) -> NDArray[np.float64]:
        return np.array([self.inner[1] / self.display[1], self.inner[0] / self.display[0]])
