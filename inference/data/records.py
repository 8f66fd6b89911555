"""One labelled photo, whatever file format it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.errors import LabelError
from inference.masks import decode_rle
from inference.taxonomy import LayerName

Size = tuple[int, int]
"""height, width"""

IMAGES = "images"
"""The folder of a labelled set's photos."""


@dataclass(frozen=True)
class Region:
    """A named area of a photo: closed polygons ((N, 2) x, y in pixels) or a COCO RLE."""

    name: str
    polygons: tuple[NDArray[np.float32], ...] = ()
    rle: Mapping[str, Any] | None = None

    @cached_property
    def area(self) -> float:
        """Roughly, in pixels: big regions are painted first, small ones over them."""
        if self.rle is not None:
            return float(decode_rle(dict(self.rle)).sum())
        return float(sum(cv2.contourArea(polygon) for polygon in self.polygons))

    def paint(self, target: NDArray[np.uint8], value: int, size: Size) -> None:
        """Set the region's pixels in `target` (h, w), a scaled copy of a photo of `size`."""
        height, width = target.shape
        if self.rle is not None:
            mask = decode_rle(dict(self.rle)).astype(np.uint8)
            scaled = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST_EXACT)
            target[scaled > 0] = value
            return
        scale = np.array([width / size[1], height / size[0]], np.float32)
        # COCO polygons run along pixel edges, OpenCV's through pixel centres.
        points = [np.round(polygon * scale - 0.5).astype(np.int32) for polygon in self.polygons]
        cv2.fillPoly(target, points, value)


@dataclass(frozen=True)
class LabelledPhoto:
    """A photo, its named regions, and the layers in which it is labelled.

    `source` is the photo of another set (`set/file`) that it is a copy of.
    """

    path: Path
    set_name: str
    height: int
    width: int
    regions: tuple[Region, ...]
    layers: frozenset[LayerName]
    source: str | None = None

    @property
    def key(self) -> str:
        """`set/file`, unique among all sets."""
        return f"{self.set_name}/{self.path.name}"

    @property
    def size(self) -> Size:
        return self.height, self.width


@dataclass(frozen=True)
class ClassedPhoto:
    """A photo in a folder (relative to the data folder) whose photos are all of one class."""

    path: Path
    set_name: str
    label: str
    folder: str

    @property
    def key(self) -> str:
        """`set/file` for a photo of a labelled set, else with its folder."""
        if self.path.parent.name == IMAGES:
            return f"{self.set_name}/{self.path.name}"
        return f"{self.folder}/{self.path.name}"


def require_photo(path: Path) -> Path:
    """The path, or `LabelError` where the photo that a label file names is missing."""
    if not path.is_file():
        raise LabelError(f"{path} is missing; the label file beside it names it.")
    return path
