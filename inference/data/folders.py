"""Folders of photos: one folder a class."""

from __future__ import annotations

from pathlib import Path

from inference.data.records import ClassedPhoto
from inference.errors import LabelError
from inference.preprocessing import SUFFIXES


def read_class_folder(data: Path, folder: str, label: str) -> list[ClassedPhoto]:
    """The photos in `data/folder`, by name, all of class `label`.

    The first part of `folder` is the set (`presence/vehicle`, `damage-claims/images`).
    Raises `LabelError` where the folder is missing or has no photo.
    """
    path = data / folder
    if not path.is_dir():
        raise LabelError(f"{path} is no folder of photos of the class {label!r}.")
    photos = [
        ClassedPhoto(file, Path(folder).parts[0], label, folder)
        for file in sorted(path.iterdir())
        if file.suffix.lower() in SUFFIXES
    ]
    if not photos:
        raise LabelError(f"{path} has no photo ({', '.join(sorted(SUFFIXES))}).")
    return photos
