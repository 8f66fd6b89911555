"""The photos that a training kept back, as its model version lists them."""

import json
from collections.abc import Sequence

from inference.data.records import LabelledPhoto
from inference.errors import LabelError
from inference.models import ModelVersionFiles

SPLITS_FILE = "splits.json"


def held_back(
    version: ModelVersionFiles, photos: Sequence[LabelledPhoto], set_name: str
) -> list[LabelledPhoto]:
    """The photos of this set that validated the model version and that it never learnt from.

    Raises `LabelError` where the model version does not say which they are.
    """
    path = version.folder / SPLITS_FILE
    try:
        names = set(json.loads(path.read_text(encoding="utf-8"))["validation"][set_name])
    except (OSError, ValueError, KeyError) as error:
        raise LabelError(
            f"{path} does not list the validation photos of {set_name!r}: {error!r}."
        ) from error
    chosen = [photo for photo in photos if photo.path.name in names]
    if not chosen:
        raise LabelError(f"None of the validation photos of {set_name!r} is in this folder.")
    return chosen
