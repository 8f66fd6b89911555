"""Photos and instances per class and split, in the shape of the paper's Tables I and II."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inference.data import coco, via
from inference.data.folders import read_class_folder
from inference.data.readers import read_labelled
from inference.data.records import ClassedPhoto, LabelledPhoto
from inference.data.splits import Split, split_photos
from inference.errors import LabelError, TaxonomyError
from inference.preprocessing import SUFFIXES
from inference.taxonomy.mapping import SetMapping, load_mapping

SPLITS: tuple[Split, ...] = ("train", "validation")


@dataclass
class SetDescription:
    """One set: photos per split, and per name of its labels the photos and instances."""

    name: str
    photos: Counter[Split] = field(default_factory=Counter)
    photos_of: dict[str, Counter[Split]] = field(default_factory=dict)
    instances_of: dict[str, Counter[Split]] = field(default_factory=dict)

    def add(self, names: Sequence[str], split: Split) -> None:
        """Count one photo whose regions have these names."""
        self.photos[split] += 1
        for name, instances in Counter(names).items():
            self.photos_of.setdefault(name, Counter())[split] += 1
            self.instances_of.setdefault(name, Counter())[split] += instances

    def to_json(self) -> dict[str, object]:
        """Fit for JSON: photos by split, and classes with photos and instances by split."""
        classes = {
            name: {
                "photos": {split: self.photos_of[name][split] for split in SPLITS},
                "instances": {split: self.instances_of[name][split] for split in SPLITS},
            }
            for name in sorted(self.photos_of)
        }
        return {
            "set": self.name,
            "photos": {split: self.photos[split] for split in SPLITS},
            "classes": classes,
        }


def describe(data: Path, fraction: float) -> list[SetDescription]:
    """Every set in the folder `data` (or `data` itself where it is one), split as trainings do.

    Raises `LabelError` where there is no set at all.
    """
    folders = [data] if _is_set(data) else sorted(path for path in data.iterdir() if path.is_dir())
    labelled = {path.name: _labelled(path) for path in folders if _is_labelled(path)}
    classed = {path.name: _classed(path) for path in folders if _class_folders(path)}
    if not labelled and not classed:
        raise LabelError(f"{data} holds no set of labelled photos and is none itself.")
    root = data.parent if _is_set(data) else data
    # All labelled sets are split together: a photo may be a copy of another set's.
    splits = split_photos(
        [photo for photos in labelled.values() for photo in photos], root, fraction
    )
    descriptions = [_describe_labelled(name, photos, splits) for name, photos in labelled.items()]
    for name, photos in classed.items():
        descriptions.append(_describe_classed(name, photos, split_photos(photos, root, fraction)))
    return descriptions


def _is_set(folder: Path) -> bool:
    return _is_labelled(folder) or bool(_class_folders(folder))


def _is_labelled(folder: Path) -> bool:
    places = (folder, *(folder / name for name in via.SPLIT_FOLDERS))
    return (folder / coco.ANNOTATIONS).is_file() or any(
        (place / via.ANNOTATIONS).is_file() for place in places
    )


def _class_folders(folder: Path) -> list[Path]:
    """The sub-folders of a folder of classes: at least two, with nothing but photos."""
    if not folder.is_dir() or _is_labelled(folder):
        return []
    inside = sorted(folder.iterdir())
    if len(inside) < 2 or not all(path.is_dir() for path in inside):
        return []
    files = [file for path in inside for file in path.iterdir()]
    photos = all(file.suffix.lower() in SUFFIXES for file in files)
    return inside if files and photos else []


def _labelled(folder: Path) -> list[LabelledPhoto]:
    return read_labelled(folder, _mapping(folder))


def _mapping(folder: Path) -> SetMapping:
    try:
        return load_mapping(folder.name)
    except TaxonomyError:
        is_coco = (folder / coco.ANNOTATIONS).is_file()
        return load_mapping("taxonomy" if is_coco else "via-car-damage")


def _classed(folder: Path) -> list[ClassedPhoto]:
    return [
        photo
        for path in _class_folders(folder)
        for photo in read_class_folder(folder.parent, f"{folder.name}/{path.name}", path.name)
    ]


def _describe_labelled(
    name: str, photos: Sequence[LabelledPhoto], splits: Mapping[str, Split]
) -> SetDescription:
    description = SetDescription(name)
    for photo in photos:
        description.add([region.name for region in photo.regions], splits[photo.key])
    return description


def _describe_classed(
    name: str, photos: Sequence[ClassedPhoto], splits: Mapping[str, Split]
) -> SetDescription:
    description = SetDescription(name)
    for photo in photos:
        description.add([photo.label], splits[photo.key])
    return description
