"""Label maps as 8-bit PNG, one folder a layer: what the site exports.

`photos/NAME.…` (or `images/`), `parts/NAME.png`, `damage/NAME.png`; a value is a class id of the
taxonomy, 255 *ignore*. A photo without a label map in a layer is not labelled in it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inference.data.records import LabelledPhoto, Region, require_unique
from inference.errors import LabelError, MaskError
from inference.masks import LabelMap, decode_label_map, encode_rle
from inference.preprocessing import SUFFIXES
from inference.taxonomy import BACKGROUND, IGNORE, LayerName
from inference.taxonomy.mapping import LayerMapping, SetMapping

PHOTO_FOLDERS = ("photos", "images")
IGNORED_NAMES = {"parts": "ignore part", "damage": "ignore damage"}


def read_indexed_png(folder: Path, mapping: SetMapping) -> list[LabelledPhoto]:
    """All photos of `folder` that have a label map, regions by area descending.

    Raises `LabelError` for a broken label map, an id that the taxonomy lacks, or another size
    than the photo's other layer.
    """
    photos = [_photo(path, folder, mapping) for path in _photo_files(folder)]
    labelled = [photo for photo in photos if photo is not None]
    if not labelled:
        raise LabelError(
            f"{folder} has no photo with a label map in {' or '.join(mapping.layers)}."
        )
    return require_unique(labelled)


def _photo_files(folder: Path) -> list[Path]:
    for name in PHOTO_FOLDERS:
        if (folder / name).is_dir():
            return sorted(
                path for path in (folder / name).rglob("*") if path.suffix.lower() in SUFFIXES
            )
    raise LabelError(f"{folder} has no folder {' or '.join(PHOTO_FOLDERS)}.")


def _photo(path: Path, folder: Path, mapping: SetMapping) -> LabelledPhoto | None:
    maps: dict[LayerName, LabelMap] = {}
    for layer in mapping.layers:
        file = folder / layer / f"{path.stem}.png"
        if file.is_file():
            maps[layer] = _label_map(file)
    if not maps:
        return None
    shapes = {label_map.shape for label_map in maps.values()}
    if len(shapes) > 1:
        raise LabelError(f"{path.name}: its label maps differ in size: {sorted(shapes)}.")
    height, width = shapes.pop()
    regions = [
        region
        for layer, label_map in maps.items()
        for region in _regions(path, label_map, mapping.layers[layer])
    ]
    return LabelledPhoto(
        path=path,
        set_name=mapping.name,
        height=height,
        width=width,
        regions=tuple(sorted(regions, key=lambda region: -region.area)),
        layers=frozenset(maps),
    )


def _label_map(file: Path) -> LabelMap:
    try:
        return decode_label_map(file.read_bytes())
    except (OSError, MaskError) as error:
        raise LabelError(f"{file} cannot be read: {error}") from error


def _regions(path: Path, label_map: LabelMap, mapping: LayerMapping) -> list[Region]:
    of = mapping.layer
    regions = []
    for class_id in np.unique(label_map).tolist():
        if class_id == BACKGROUND:
            continue
        if class_id != IGNORE and class_id not in of.by_id:
            raise LabelError(f"{path.name}: {class_id} is no class id of the layer {of.name!r}.")
        name = IGNORED_NAMES[of.name] if class_id == IGNORE else of.by_id[class_id].label
        mapping.named(name)
        regions.append(Region(name, rle=encode_rle(label_map == class_id)))
    return regions
