"""What a finished run leaves behind: a small JSON file, and beside it what figures are made of.

The counts are kept per photo and class (`both`: right pixels, `true`, `said`), which is all that
IoU, intervals and differences need; full confusions stay in the run's folder.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from inference.errors import TrainingError
from inference.evaluation.counts import PhotoCounts


@dataclass(frozen=True)
class Figure:
    """mIoU with background of one judge, its 95 % interval, and the IoU of every class."""

    miou: float
    interval: tuple[float, float]
    photos: int
    iou: Mapping[str, float | None]


@dataclass(frozen=True)
class RunResult:
    """A finished run. `digest` names the configuration that it belongs to; `seconds` are those
    of its training steps, `milliseconds` those of one photo through the network."""

    run: str
    digest: str
    changes: Sequence[str]
    seed: int
    photos_seen: int
    seconds: float | None
    gflops: float
    milliseconds: float
    machine: str
    date: str
    commit: str
    code_version: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class CountedRun:
    """A result with the condensed counts of each judge's photos."""

    result: RunResult
    counts: Mapping[str, Sequence[PhotoCounts]] = field(default_factory=dict)


def condensed(photo: PhotoCounts, classes: Sequence[int]) -> PhotoCounts:
    """The same true, said and right pixels of `classes` (now 0 …); whatever was mistaken for
    what is gone: it stands in one last row and column."""
    index = list(classes)
    both = np.diag(photo.counts)[index]
    true, said = photo.counts.sum(axis=1)[index], photo.counts.sum(axis=0)[index]
    return _photo_counts(photo.file, photo.cluster, both, true, said)


def _photo_counts(
    file: str,
    cluster: str,
    both: np.ndarray[Any, np.dtype[np.int64]],
    true: np.ndarray[Any, np.dtype[np.int64]],
    said: np.ndarray[Any, np.dtype[np.int64]],
) -> PhotoCounts:
    counts = np.zeros((len(both) + 1, len(both) + 1), np.int64)
    np.fill_diagonal(counts[:-1, :-1], both)
    counts[:-1, -1], counts[-1, :-1] = true - both, said - both
    return PhotoCounts(file, cluster, counts)


def write_result(folder: Path, counted: CountedRun) -> None:
    """Write both files of a run into `folder`; the JSON comes last and says that all is there."""
    folder.mkdir(parents=True, exist_ok=True)
    name = counted.result.run
    beside = folder / f"{name}.new"
    with beside.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **_arrays(counted.counts))
    beside.replace(folder / f"{name}.npz")
    text = json.dumps(asdict(counted.result), indent=1, ensure_ascii=False) + "\n"
    beside.write_text(text, encoding="utf-8")
    beside.replace(folder / f"{name}.json")


def _arrays(counts: Mapping[str, Sequence[PhotoCounts]]) -> dict[str, Any]:
    arrays: dict[str, Any] = {}
    for judge, photos in counts.items():
        stacked = np.stack([photo.counts for photo in photos])
        both = np.diagonal(stacked[:, :-1, :-1], axis1=1, axis2=2)
        arrays |= {
            f"{judge}.files": np.array([photo.file for photo in photos]),
            f"{judge}.clusters": np.array([photo.cluster for photo in photos]),
            f"{judge}.both": both.astype(np.uint32),
            f"{judge}.true": (both + stacked[:, :-1, -1]).astype(np.uint32),
            f"{judge}.said": (both + stacked[:, -1, :-1]).astype(np.uint32),
        }
    return arrays


def read_result(folder: Path, run: str, digest: str) -> CountedRun | None:
    """The result of this very configuration, or None where there is none.

    Raises `TrainingError` where a file cannot be read.
    """
    path = folder / f"{run}.json"
    if not path.is_file():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["digest"] != digest:
            return None
        figures = {name: Figure(**row) for name, row in data.pop("figures").items()}
        result = RunResult(**data, figures=figures)
        with np.load(path.with_suffix(".npz"), allow_pickle=False) as arrays:
            counts = {judge: _photos(arrays, judge) for judge in figures}
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise TrainingError(
            f"{path} and its .npz cannot be read ({error!r}); delete them to run again."
        ) from error
    return CountedRun(result, counts)


def _photos(arrays: Mapping[str, Any], judge: str) -> list[PhotoCounts]:
    both, true, said = (
        arrays[f"{judge}.{key}"].astype(np.int64) for key in ("both", "true", "said")
    )
    files, clusters = arrays[f"{judge}.files"].tolist(), arrays[f"{judge}.clusters"].tolist()
    return [_photo_counts(*row) for row in zip(files, clusters, both, true, said, strict=True)]
