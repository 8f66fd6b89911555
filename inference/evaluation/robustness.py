"""How much mIoU a layer loses on photos made worse, against the same photos as they are.

Clean and corrupted photos go the same way (decoded fully, encoded without loss), and the same
pixels are judged in both: those under an occlusion in neither.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from inference.data.records import LabelledPhoto
from inference.evaluation.corruptions import CORRUPTIONS, Corruption, lossless
from inference.evaluation.counts import PhotoCounts, confusion, total
from inference.evaluation.judging import Judge
from inference.evaluation.metrics import iou_by_class, mean_iou, miou_difference
from inference.masks import LabelMap
from inference.predictor import Predictor
from inference.preprocessing import Pixels, decode_photo
from inference.taxonomy import IGNORE, LayerName

# So many photos are held in full resolution at a time.
AT_A_TIME = 8

Pairs = dict[Corruption, tuple[list[PhotoCounts], list[PhotoCounts]]]
"""Counts of every photo, clean and corrupted, on the same pixels"""


def robustness(
    predictor: Predictor,
    photos: Sequence[LabelledPhoto],
    judge: Judge,
    layer: LayerName,
    clusters: dict[str, str] | None = None,
    corruptions: Sequence[Corruption] = CORRUPTIONS,
) -> list[dict[str, Any]]:
    """Per corruption its `miou`, the `clean_miou`, and the `loss` between them.

    With `clusters` (photo's key → case) a 95 % bootstrap interval of the loss too.
    """
    pairs: Pairs = {corruption: ([], []) for corruption in corruptions}
    for start in range(0, len(photos), AT_A_TIME):
        _count(predictor, photos[start : start + AT_A_TIME], judge, layer, clusters or {}, pairs)
    return [
        _figures(corruption, *of_photos, judge, intervals=clusters is not None)
        for corruption, of_photos in pairs.items()
    ]


def _count(
    predictor: Predictor,
    photos: Sequence[LabelledPhoto],
    judge: Judge,
    layer: LayerName,
    clusters: dict[str, str],
    pairs: Pairs,
) -> None:
    """Add the counts of these photos to `pairs`."""
    pixels = [decode_photo(photo.path.name, photo.path).pixels for photo in photos]
    truths = [judge.truth(photo) for photo in photos]
    clean = list(_predicted(predictor, photos, pixels, judge, layer))
    classes = len(judge.names)
    for corruption, (without, with_it) in pairs.items():
        worse = [
            corruption.apply(photo.path.name, item)
            for photo, item in zip(photos, pixels, strict=True)
        ]
        said = _predicted(predictor, photos, worse, judge, layer)
        for photo, truth, before, after in zip(photos, truths, clean, said, strict=True):
            name, cluster = photo.path.name, clusters.get(photo.key, photo.key)
            judged = np.where(corruption.covered(name, photo.size), np.uint8(IGNORE), truth)
            without.append(PhotoCounts(name, cluster, confusion(judged, before, classes)))
            with_it.append(PhotoCounts(name, cluster, confusion(judged, after, classes)))


def _predicted(
    predictor: Predictor,
    photos: Sequence[LabelledPhoto],
    pixels: Sequence[Pixels],
    judge: Judge,
    layer: LayerName,
) -> Iterator[LabelMap]:
    sources = [
        (photo.path.name, lossless(item)) for photo, item in zip(photos, pixels, strict=True)
    ]
    outputs = predictor.segment(sources, (layer,))
    for photo, (_, heads) in zip(photos, outputs, strict=True):
        yield judge.predicted(heads[layer], photo.size)


def _figures(
    corruption: Corruption,
    clean: Sequence[PhotoCounts],
    corrupted: Sequence[PhotoCounts],
    judge: Judge,
    *,
    intervals: bool,
) -> dict[str, Any]:
    before, after = (
        mean_iou(iou_by_class(total(counts, len(judge.names)), judge.classes))
        for counts in (clean, corrupted)
    )
    result = loss_row(corruption, "miou", before, after)
    if intervals:
        result["loss_interval"] = miou_difference(clean, corrupted, judge.classes).to_json()
    return result


def loss_row(
    corruption: Corruption, figure: str, before: float | None, after: float | None
) -> dict[str, Any]:
    """What is printed of one corruption; null where there is nothing to measure on."""
    return {
        "corruption": corruption.name,
        "strength": corruption.strength,
        "unit": corruption.unit,
        figure: None if after is None else round(after, 4),
        f"clean_{figure}": None if before is None else round(before, 4),
        "loss": round(before - after, 4) if before is not None and after is not None else None,
    }
