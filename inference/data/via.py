"""VIA JSON, the format of the classic Mask R-CNN car-damage tutorials.

A folder holds `via_region_data.json` beside its photos, or has such folders `train` and `val`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.data.records import LabelledPhoto, Region, require_photo, require_unique
from inference.errors import LabelError
from inference.preprocessing import decode_photo
from inference.taxonomy.mapping import SetMapping

ANNOTATIONS = "via_region_data.json"
SPLIT_FOLDERS = ("train", "val")
# Tutorials with a single class leave the attributes of their regions empty.
UNNAMED = "car_damage"
_CIRCLE_POINTS = 64

Points = NDArray[np.float32]


def _polygon(shape: Mapping[str, Any]) -> Points:
    points = np.array([shape["all_points_x"], shape["all_points_y"]], np.float32)
    return np.ascontiguousarray(points.transpose())


def _rectangle(shape: Mapping[str, Any]) -> Points:
    left, top = shape["x"], shape["y"]
    right, bottom = left + shape["width"], top + shape["height"]
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _ellipse(shape: Mapping[str, Any]) -> Points:
    radius_x = shape.get("rx", shape.get("r"))
    radius_y = shape.get("ry", shape.get("r"))
    turn = np.linspace(0, 2 * np.pi, _CIRCLE_POINTS, endpoint=False)
    around = np.stack([np.cos(turn) * radius_x, np.sin(turn) * radius_y], axis=1)
    angle = float(shape.get("theta", 0.0))
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    centre = np.array([shape["cx"], shape["cy"]])
    return np.asarray(around @ rotation + centre, np.float32)


SHAPES: Mapping[str, Callable[[Mapping[str, Any]], Points]] = MappingProxyType(
    {
        "polygon": _polygon,
        "polyline": _polygon,
        "rect": _rectangle,
        "circle": _ellipse,
        "ellipse": _ellipse,
    }
)


def read_via(folder: Path, mapping: SetMapping) -> list[LabelledPhoto]:
    """All photos of a VIA folder; each region has its first attribute's value as its name.

    Raises `LabelError` for broken files, missing photos and shapes that enclose no area,
    `TaxonomyError` for a name that the mapping does not know.
    """
    folders = [folder / name for name in SPLIT_FOLDERS if (folder / name / ANNOTATIONS).is_file()]
    photos = [photo for part in folders or [folder] for photo in _read_folder(part, mapping)]
    mapping.refuse_unknown(sorted({region.name for photo in photos for region in photo.regions}))
    return require_unique(photos)


def _read_folder(folder: Path, mapping: SetMapping) -> list[LabelledPhoto]:
    path = folder / ANNOTATIONS
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        rows = data.get("_via_img_metadata", data).values()
        return [_photo(row, folder, mapping) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabelError(f"{path} is no VIA file as expected: {error!r}") from error


def _photo(row: Mapping[str, Any], folder: Path, mapping: SetMapping) -> LabelledPhoto:
    path = require_photo(folder / row["filename"])
    # VIA files do not say how large a photo is.
    height, width = decode_photo(path.name, path).original_size
    rows = row["regions"]
    regions = [_region(item) for item in (rows.values() if isinstance(rows, dict) else rows)]
    return LabelledPhoto(
        path=path,
        set_name=mapping.name,
        height=height,
        width=width,
        regions=tuple(sorted(regions, key=lambda region: -region.area)),
        layers=frozenset(mapping.layers),
    )


def _region(row: Mapping[str, Any]) -> Region:
    shape = row["shape_attributes"]
    if shape["name"] not in SHAPES:
        raise LabelError(f"A VIA region is a {shape['name']!r}; there are: {', '.join(SHAPES)}.")
    points = SHAPES[shape["name"]](shape)
    if len(points) < 3 or cv2.contourArea(points) <= 0:
        raise LabelError(f"A VIA region encloses no area: {dict(shape)}.")
    names = [str(value) for value in row.get("region_attributes", {}).values() if value]
    return Region(names[0] if names else UNNAMED, polygons=(points,))
