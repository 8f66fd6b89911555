"""The photos that a training kept back: the same split by case that `train` makes."""

from pathlib import Path

from inference.data.coco import ANNOTATIONS, read_coco
from inference.data.records import LabelledPhoto
from inference.data.splits import Groups, group_photos, split_of
from inference.errors import LabelError
from inference.taxonomy.mapping import FOLDER, load_mapping

VALIDATION_FRACTION = 0.15


def labelled_photos(data: Path) -> list[LabelledPhoto]:
    """All photos of all sets in `data` that a mapping of ours describes.

    All of them decide together who belongs to whom, so that a split by one set is the split
    that training made over all.
    """
    names = sorted(table.stem for table in FOLDER.glob("*.toml"))
    photos = [
        photo
        for name in names
        if (data / name / ANNOTATIONS).is_file()
        for photo in read_coco(data / name, load_mapping(name))
    ]
    if not photos:
        raise LabelError(f"{data} holds none of the sets {', '.join(names)}.")
    return photos


def held_back(
    photos: list[LabelledPhoto], data: Path, set_name: str, fraction: float = VALIDATION_FRACTION
) -> tuple[list[LabelledPhoto], Groups]:
    """The set's validation photos, and which photos belong together."""
    groups = group_photos(photos, data)
    chosen = [
        photo
        for photo in photos
        if photo.set_name == set_name
        and split_of(groups.leader(photo.key), fraction) == "validation"
    ]
    if not chosen:
        raise LabelError(f"No photo of {set_name!r} in {data} is held back.")
    return chosen, groups
