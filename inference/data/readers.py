"""Which reader fits a folder of labelled photos."""

from __future__ import annotations

from pathlib import Path

from inference.data import coco, indexed_png, via
from inference.data.records import LabelledPhoto
from inference.errors import LabelError
from inference.taxonomy.mapping import SetMapping


def read_labelled(folder: Path, mapping: SetMapping) -> list[LabelledPhoto]:
    """The photos of a folder in any of the formats: COCO, VIA JSON, indexed PNG.

    Raises `LabelError` where the folder has none of their files.
    """
    if (folder / coco.ANNOTATIONS).is_file():
        return coco.read_coco(folder, mapping)
    places = (folder, *(folder / name for name in via.SPLIT_FOLDERS))
    if any((place / via.ANNOTATIONS).is_file() for place in places):
        return via.read_via(folder, mapping)
    if any((folder / layer).is_dir() for layer in mapping.layers):
        return indexed_png.read_indexed_png(folder, mapping)
    raise LabelError(
        f"{folder} is no folder of labelled photos: it has neither {coco.ANNOTATIONS} (COCO), nor "
        f"{via.ANNOTATIONS} (VIA), nor folders of label maps ({', '.join(mapping.layers)})."
    )
