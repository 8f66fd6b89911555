"""The photos that a model does worst on, as pictures: photo, labels, prediction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.data.records import LabelledPhoto
from inference.evaluation.counts import Counts, PhotoCounts
from inference.evaluation.figures import SegmentationFigures
from inference.evaluation.metrics import iou_by_class, mean_iou
from inference.masks import LabelMap
from inference.predictor import Predictor
from inference.preprocessing import fitted_size, resize
from inference.taxonomy import BACKGROUND, IGNORE, LayerName, Merge

WORST = 12
THUMB_SIDE = 360
OPACITY = 0.55
MISTAKES = 3


@dataclass(frozen=True)
class WorstPhoto:
    """A photo with its mIoU, its largest mistakes in words, and photo | labels | prediction."""

    file: str
    miou: float
    mistakes: tuple[str, ...]
    picture: NDArray[np.uint8]


def worst_photos(
    predictor: Predictor,
    figures: SegmentationFigures,
    photos: Sequence[LabelledPhoto],
    layer: LayerName,
    number: int = WORST,
) -> list[WorstPhoto]:
    """The photos with the lowest mIoU, predicted again for their pictures."""
    by_file = {photo.path.name: photo for photo in photos}
    ranked = sorted(_photo_mious(figures), key=lambda item: item[1])[:number]
    chosen = [by_file[counted.file] for counted, _ in ranked]
    outputs = predictor.segment([(photo.path.name, photo.path) for photo in chosen], (layer,))
    worst = []
    for (counted, miou), photo, (decoded, heads) in zip(ranked, chosen, outputs, strict=True):
        size = fitted_size(photo.size, THUMB_SIDE)
        pixels = resize(decoded.pixels, size)
        truth = _shrunk(figures.judge.truth(photo), size)
        predicted = _shrunk(figures.judge.predicted(heads[layer], photo.size), size)
        merge = figures.judge.merge
        row = [pixels, *(_tinted(pixels, one, figures, merge) for one in (truth, predicted))]
        mistakes = largest_mistakes(counted.counts, figures.judge.names)
        worst.append(WorstPhoto(counted.file, miou, mistakes, np.concatenate(row, axis=1)))
    return worst


def largest_mistakes(counts: Counts, names: Sequence[str]) -> tuple[str, ...]:
    """The pairs of classes that most of the photo's pixels are confused between, most first."""
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    places = np.argsort(wrong, axis=None, kind="stable")[::-1][:MISTAKES]
    pairs = np.stack(np.unravel_index(places, wrong.shape), axis=1)
    return tuple(
        f"{names[true]} taken for {names[said]} ({wrong[true, said] / counts.sum():.0%})"
        for true, said in pairs.tolist()
        if wrong[true, said]
    )


def _photo_mious(figures: SegmentationFigures) -> Iterator[tuple[PhotoCounts, float]]:
    for photo in figures.photos:
        miou = mean_iou(iou_by_class(photo.counts, figures.judge.classes))
        if miou is not None:
            yield photo, miou


def _shrunk(label_map: LabelMap, size: tuple[int, int]) -> LabelMap:
    small = cv2.resize(label_map, (size[1], size[0]), interpolation=cv2.INTER_NEAREST_EXACT)
    return np.asarray(small, np.uint8)


def _tinted(
    pixels: NDArray[np.uint8], label_map: LabelMap, figures: SegmentationFigures, merge: Merge
) -> NDArray[np.uint8]:
    table = np.zeros((256, 3), np.uint8)
    for index, members in enumerate(merge.members, start=1):
        colour = figures.judge.mapping.layer.by_id[members[0]].colour
        table[index] = list(bytes.fromhex(colour.removeprefix("#")))
    mixed = cv2.addWeighted(pixels, 1 - OPACITY, table[label_map], OPACITY, 0.0)
    shown = (label_map != BACKGROUND) & (label_map != IGNORE)
    return np.where(shown[..., None], mixed, pixels).astype(np.uint8)
