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
from pycocotools import mask as coco

from inference.errors import LabelError
from inference.masks import Mask, decode_rle, rle_area
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
            return float(rle_area(dict(self.rle)))
        return float(sum(cv2.contourArea(polygon) for polygon in self.polygons))

    def mask(self, size: Size) -> Mask:
        """The region's pixels on a photo of `size`; polygons as `pycocotools` fills them."""
        if self.rle is not None:
            return decode_rle(dict(self.rle))
        rles = coco.frPyObjects([polygon.ravel().tolist() for polygon in self.polygons], *size)
        return decode_rle(coco.merge(rles))

    def paint(self, target: NDArray[np.uint8], value: int, size: Size) -> None:
        """Set the region's pixels in `target` (h, w), a scaled copy of a photo of `size`."""
        mask = self.mask(size)
        if mask.shape != target.shape:
            width_height = (target.shape[1], target.shape[0])
            scaled = cv2.resize(
                mask.view(np.uint8), width_height, interpolation=cv2.INTER_NEAREST_EXACT
            )
            mask = scaled.astype(np.bool_)
        target[mask] = value


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


def require_unique(photos: list[LabelledPhoto]) -> list[LabelledPhoto]:
    """The photos, or `LabelError` where two of them have the same file name."""
    seen: set[str] = set()
    for photo in photos:
        if photo.key in seen:
            raise LabelError(
                f"{photo.path.name} comes twice in {photo.set_name}; rename one of them."
            )
        seen.add(photo.key)
    return photos
