"""COCO files: polygons and RLE, several layers a photo.

Besides the standard keys an image may say which layers are `labelled` and the `source` photo
that it is a copy of (`set/images/file`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from inference.data.records import (
    IMAGES,
    LabelledPhoto,
    Region,
    require_photo,
)
from inference.errors import LabelError
from inference.taxonomy.mapping import SetMapping

ANNOTATIONS = "annotations.json"


def read_coco(folder: Path, mapping: SetMapping) -> list[LabelledPhoto]:
    """All photos of `folder` (`annotations.json`, `images/`), regions by area descending.

    Raises `LabelError` for a broken file or a missing photo, `TaxonomyError` for a category
    that the mapping does not know.
    """
    data = _read(folder / ANNOTATIONS)
    try:
        names = {row["id"]: row["name"] for row in data["categories"]}
        mapping.refuse_unknown([row["name"] for row in data["categories"]])
        regions = _regions(data["annotations"], names)
        return [_photo(row, regions.get(row["id"], []), folder, mapping) for row in data["images"]]
    except (KeyError, TypeError, ValueError) as error:
        raise LabelError(
            f"{folder / ANNOTATIONS} is no COCO file as expected: {error!r}"
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LabelError(f"{path} cannot be read: {error}") from error
    return data


def _regions(rows: list[dict[str, Any]], names: dict[int, str]) -> dict[int, list[Region]]:
    regions: dict[int, list[Region]] = defaultdict(list)
    for row in rows:
        regions[row["image_id"]].append(_region(row, names[row["category_id"]]))
    return regions


def _region(row: dict[str, Any], name: str) -> Region:
    shape = row["segmentation"]
    if isinstance(shape, dict):
        return Region(name, rle=shape)
    polygons = [np.asarray(points, np.float32).reshape(-1, 2) for points in shape]
    if any(len(polygon) < 3 for polygon in polygons):
        raise LabelError(f"Annotation {row['id']} has a polygon of fewer than three points.")
    return Region(name, polygons=tuple(polygons))


def _photo(
    row: dict[str, Any], regions: list[Region], folder: Path, mapping: SetMapping
) -> LabelledPhoto:
    source = row.get("source")
    return LabelledPhoto(
        path=require_photo(folder / IMAGES / row["file_name"]),
        set_name=mapping.name,
        height=row["height"],
        width=row["width"],
        regions=tuple(sorted(regions, key=lambda region: -region.area)),
        layers=frozenset(row.get("labelled", mapping.layers)),
        source=source.replace(f"/{IMAGES}/", "/") if source else None,
    )
