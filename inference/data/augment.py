"""Augmentation of a photo with its label maps.

Recipes: *paper*, the one of Ma et al. 2023 (PIPELINE 3); *zoom*, the same colours with a freer
view: strong zoom-in crops, since close-ups are where part models fail; *none*, the photo fitted
into the crop as at inference. All draw only from the generator given, so a run can be resumed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import albumentations as A
import cv2
import numpy as np
from numpy.typing import NDArray

from inference.errors import ConfigError
from inference.preprocessing import Pixels
from inference.taxonomy import IGNORE

Labels = NDArray[np.uint8]


@dataclass(frozen=True)
class Example:
    """A photo (H, W, 3) uint8 RGB and its label maps (H, W) uint8, one per head."""

    pixels: Pixels
    labels: tuple[Labels, ...]


Recipe = Callable[[Example, np.random.Generator], Example]


def recipe(
    name: str,
    crop: int,
    mirrored: Sequence[NDArray[np.uint8]],
    *,
    outside: int = IGNORE,
    zoom_chance: float = 0.5,
    colour_chance: float = 0.8,
) -> Recipe:
    """The recipe with this name, giving examples of `crop` × `crop`.

    `mirrored[i]` swaps left and right in label map i; `outside` is the label beyond the photo.
    The chances are those of *zoom*: to see a part of the photo only, to change its colours.
    """
    if name == "paper":
        return _Paper(crop, tuple(mirrored), outside)
    if name == "zoom":
        return _Zoom(crop, tuple(mirrored), outside, zoom_chance, colour_chance)
    if name == "none":
        return _Fit(crop, tuple(mirrored), outside)
    raise ConfigError(f"{name!r} is no augmentation; there are: {', '.join(RECIPES)}.")


RECIPES = ("paper", "zoom", "none")


def colours() -> A.Compose:
    """Noise, light, sharpness and colour of the paper's recipe."""
    return A.Compose(
        [
            A.GaussNoise(std_range=(2.55 / 255, 12.75 / 255), p=0.2),
            A.OneOf(
                [
                    A.CLAHE(clip_limit=4.0, tile_grid_size=(8, 8), p=1),
                    A.RandomBrightnessContrast(brightness_limit=0.2, contrast_limit=0, p=1),
                    A.RandomGamma(gamma_limit=(80, 120), p=1),
                ],
                p=0.9,
            ),
            A.OneOf(
                [
                    A.Sharpen(alpha=(0.2, 0.5), lightness=(0.5, 1.0), p=1),
                    A.Blur(blur_limit=(3, 7), p=1),
                    A.MotionBlur(blur_limit=(3, 7), p=1),
                ],
                p=0.9,
            ),
            A.OneOf(
                [
                    A.RandomBrightnessContrast(brightness_limit=0, contrast_limit=0.2, p=1),
                    A.HueSaturationValue(20, 30, 20, p=1),
                ],
                p=0.9,
            ),
        ]
    )


class PerThread(threading.local):
    """A pipeline of albumentations for each thread: it keeps the state of its own generator."""

    def __init__(self, make: Callable[[], A.Compose]) -> None:
        self._pipeline = make()

    def seeded(self, rng: np.random.Generator) -> A.Compose:
        """The thread's pipeline, drawing from now on as `rng` says."""
        self._pipeline.set_random_seed(int(rng.integers(2**31)))
        return self._pipeline


def _flip(example: Example, mirrored: Sequence[NDArray[np.uint8]]) -> Example:
    labels = tuple(
        table[label[:, ::-1]] for table, label in zip(mirrored, example.labels, strict=True)
    )
    return Example(np.ascontiguousarray(example.pixels[:, ::-1]), labels)


def _view(example: Example, corners: NDArray[np.float32], side: int, outside: int) -> Example:
    """What is seen through a quadrangle of the photo (corners clockwise from top left)."""
    square = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), square)
    pixels = cv2.warpPerspective(example.pixels, matrix, (side, side), flags=cv2.INTER_LINEAR)
    labels = tuple(
        np.asarray(
            cv2.warpPerspective(
                label, matrix, (side, side), flags=cv2.INTER_NEAREST, borderValue=outside
            ),
            np.uint8,
        )
        for label in example.labels
    )
    return Example(np.asarray(pixels, np.uint8), labels)


def _box(left: float, top: float, width: float, height: float) -> NDArray[np.float32]:
    right, bottom = left + width, top + height
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


@dataclass
class _Fit:
    crop: int
    mirrored: tuple[NDArray[np.uint8], ...]
    outside: int

    def __call__(self, example: Example, rng: np.random.Generator) -> Example:
        longest = max(example.pixels.shape[:2])
        return _view(example, _box(0, 0, longest, longest), self.crop, self.outside)


@dataclass
class _Zoom:
    crop: int
    mirrored: tuple[NDArray[np.uint8], ...]
    outside: int
    zoom_chance: float
    colour_chance: float

    def __post_init__(self) -> None:
        self._colours = PerThread(colours)

    def __call__(self, example: Example, rng: np.random.Generator) -> Example:
        seen = _view(example, self._corners(example.pixels.shape[:2], rng), self.crop, self.outside)
        if rng.random() < 0.5:
            seen = _flip(seen, self.mirrored)
        if rng.random() >= self.colour_chance:
            return seen
        return Example(self._colours.seeded(rng)(image=seen.pixels)["image"], seen.labels)

    def _corners(self, size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
        """A square view: mostly the photo's long side, often much less, its centre inside."""
        height, width = size
        zoomed = rng.random() < self.zoom_chance
        share = np.exp(rng.uniform(np.log(0.3), np.log(0.9))) if zoomed else rng.uniform(0.9, 1.15)
        stretch = float(np.exp(rng.uniform(-0.15, 0.15)))
        wide, high = max(size) * share * stretch, max(size) * share / stretch
        corners = _box(_offset(width, wide, rng), _offset(height, high, rng), wide, high)
        if rng.random() < 0.4:
            corners += rng.uniform(-0.08, 0.08, (4, 2)) * (wide, high)
        return corners.astype(np.float32)


def _offset(length: int, window: float, rng: np.random.Generator) -> float:
    """Where a window starts: inside the photo, or the photo inside the window."""
    low, high = sorted((0.0, length - window))
    return float(rng.uniform(low, high))


@dataclass
class _Paper:
    crop: int
    mirrored: tuple[NDArray[np.uint8], ...]
    outside: int

    def __post_init__(self) -> None:
        self._colours = PerThread(colours)
        self._geometry = PerThread(self._moves)

    def _moves(self) -> A.Compose:
        return A.Compose(
            [
                A.Affine(
                    translate_percent=(-0.1, 0.1),
                    scale=(0.5, 1.5),
                    fill=0,
                    fill_mask=self.outside,
                    p=1,
                ),
                A.PadIfNeeded(self.crop, self.crop, fill=0, fill_mask=self.outside),
                A.RandomCrop(self.crop, self.crop),
                A.Perspective(scale=(0.05, 0.1), fill=0, fill_mask=self.outside, p=0.6),
            ]
        )

    def __call__(self, example: Example, rng: np.random.Generator) -> Example:
        if rng.random() < 0.5:
            example = _flip(example, self.mirrored)
        moved = self._geometry.seeded(rng)(image=example.pixels, masks=list(example.labels))
        pixels = self._colours.seeded(rng)(image=moved["image"])["image"]
        return Example(pixels, tuple(moved["masks"]))
