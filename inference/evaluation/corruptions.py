"""Bad photos made from good ones: blur, noise, darkness, JPEG, occlusion.

In the manner of Hendrycks & Dietterich 2019 (*Benchmarking neural network robustness*), with
strengths as shares of the photo, so that they mean the same at every size. What is drawn at
random depends only on the corruption and the photo's name.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from inference.masks import Mask
from inference.preprocessing import Pixels

_DISPLAY_GAMMA = 2.2
_GREY = 128
_QUICKLY = (cv2.IMWRITE_PNG_COMPRESSION, 1)


def _blur(pixels: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    sigma = strength * max(pixels.shape[:2])
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.uint8)


def _noise(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    noisy = pixels + rng.normal(0.0, strength, pixels.shape).astype(np.float32)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def _darkness(pixels: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    factor = 2.0 ** (-strength / _DISPLAY_GAMMA)
    table = np.rint(np.arange(256) * factor).astype(np.uint8)
    dark: Pixels = table[pixels]
    return dark


def _jpeg(pixels: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(strength)]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), quality)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def _occlusion(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    covered = pixels.copy()
    covered[_rectangle(pixels.shape[:2], strength, rng)] = _GREY
    return covered


def _rectangle(
    size: tuple[int, ...], share: float, rng: np.random.Generator
) -> tuple[slice, slice]:
    """A place for a rectangle of the photo's own shape that covers `share` of it."""
    sides = [max(1, round(side * share**0.5)) for side in size]
    starts = [
        int(rng.integers(0, side - length + 1)) for side, length in zip(size, sides, strict=True)
    ]
    rows, columns = (
        slice(start, start + length) for start, length in zip(starts, sides, strict=True)
    )
    return rows, columns


_WAYS: Mapping[str, Callable[[Pixels, float, np.random.Generator], Pixels]] = MappingProxyType(
    {
        "blur": _blur,
        "noise": _noise,
        "darkness": _darkness,
        "jpeg": _jpeg,
        "occlusion": _occlusion,
    }
)
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "blur": "sigma of a Gaussian, share of the photo's long side",
        "noise": "sigma of Gaussian noise on each of 255 levels and channels",
        "darkness": "stops less light (halvings), at gamma 2.2",
        "jpeg": "JPEG quality",
        "occlusion": "share of the photo under one grey rectangle",
    }
)


@dataclass(frozen=True)
class Corruption:
    """One way of `UNITS` with a strength in its unit."""

    name: str
    strength: float

    @property
    def unit(self) -> str:
        return UNITS[self.name]

    def apply(self, file: str, pixels: Pixels) -> Pixels:
        """The photo (H, W, 3) uint8 made worse, at the same size."""
        return _WAYS[self.name](pixels, self.strength, self._rng(file))

    def covered(self, file: str, size: tuple[int, int]) -> Mask:
        """(H, W) bool: the pixels that show nothing of the photo any more."""
        mask = np.zeros(size, np.bool_)
        if self.name == "occlusion":
            mask[_rectangle(size, self.strength, self._rng(file))] = True
        return mask

    def _rng(self, file: str) -> np.random.Generator:
        named = hashlib.sha256(f"{self.name} {self.strength} {file}".encode()).digest()
        return np.random.default_rng(int.from_bytes(named[:8], "big"))


def lossless(pixels: Pixels) -> bytes:
    """Pixels (H, W, 3) as a file that the predictor decodes to the same pixels."""
    _, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), _QUICKLY)
    return data.tobytes()


CORRUPTIONS = tuple(
    Corruption(name, strength)
    for name, strengths in (
        ("blur", (0.0025, 0.005, 0.01)),
        ("noise", (10, 20, 40)),
        ("darkness", (1, 2, 3)),
        ("jpeg", (40, 20, 10)),
        ("occlusion", (0.1, 0.2, 0.4)),
    )
    for strength in strengths
)
"""Three strengths of each, mild first."""
