"""The counts of every photo of an evaluation in one file, so that figures, intervals and
comparisons of two models can be made again without predicting again.

`evaluate … --counts FILE.npz` writes it; `read_counts` reads it. The arrays of the file:

| array | dtype, shape | what |
|---|---|---|
| `format` | int64 () | 1 |
| `set_name`, `layer`, `taxonomy`, `model_version` | str () | what was evaluated |
| `names` | str (classes,) | names of all merged classes, background first |
| `classes` | int64 (judged,) | indices into `names` that the set names: mIoU averages these |
| `files`, `clusters` | str (photos,) | file name; what the photo is resampled together with |
| `counts` | int64 (photos, classes, classes) | pixels by true and predicted class |
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference.errors import LabelError
from inference.evaluation.counts import PhotoCounts

FORMAT = 1


@dataclass(frozen=True)
class StoredCounts:
    """The counts of one evaluation and what they are counts of."""

    set_name: str
    layer: str
    taxonomy: str
    model_version: str
    names: tuple[str, ...]
    classes: tuple[int, ...]
    photos: tuple[PhotoCounts, ...]


def write_counts(path: Path, stored: StoredCounts) -> None:
    """Write the file whole: beside its place first, then renamed."""
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as file:
        np.savez_compressed(
            file,
            format=np.int64(FORMAT),
            set_name=np.str_(stored.set_name),
            layer=np.str_(stored.layer),
            taxonomy=np.str_(stored.taxonomy),
            model_version=np.str_(stored.model_version),
            names=np.array(stored.names, np.str_),
            classes=np.array(stored.classes, np.int64),
            files=np.array([photo.file for photo in stored.photos], np.str_),
            clusters=np.array([photo.cluster for photo in stored.photos], np.str_),
            counts=np.stack([photo.counts for photo in stored.photos]),
        )
    beside.replace(path)


def read_counts(path: Path) -> StoredCounts:
    """What `write_counts` wrote; `LabelError` for anything else."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            if int(data["format"]) != FORMAT:
                raise LabelError(
                    f"{path} has format {int(data['format'])}; this code reads {FORMAT}. Write it "
                    "again with `evaluate … --counts`."
                )
            rows = zip(data["files"], data["clusters"], data["counts"], strict=True)
            return StoredCounts(
                set_name=str(data["set_name"]),
                layer=str(data["layer"]),
                taxonomy=str(data["taxonomy"]),
                model_version=str(data["model_version"]),
                names=tuple(str(name) for name in data["names"]),
                classes=tuple(int(index) for index in data["classes"]),
                photos=tuple(PhotoCounts(str(f), str(c), counts) for f, c, counts in rows),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise LabelError(
            f"{path} is no file of counts: {error!r}. Write one with `evaluate … --counts`."
        ) from error
