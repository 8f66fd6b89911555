"""How well outlines fit: boundary IoU (Cheng et al., *Boundary IoU*, CVPR 2021).

The IoU of a class counted only over the pixels of its label that lie within a distance d of its
label's outline and the pixels of its prediction within d of its prediction's outline; d is a
share of the photo's diagonal. Here, as the mIoU, over all pixels of all photos, and two choices
for label maps of whole photos: the photo's border is no outline (on close-ups most of the
outline would fit by itself), nor is the border of pixels that are left out.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.evaluation.measures import ClassNames, JudgedPhoto, Table
from inference.masks import LabelMap, Mask
from inference.taxonomy import BACKGROUND, IGNORE

# The paper's 2 % for photos of this size, and its 0.5 % for fine outlines (Cityscapes).
SHARES_OF_DIAGONAL = (0.005, 0.02)


@dataclass(frozen=True)
class BoundaryQuality:
    """Boundary IoU at each of `shares`. Table (shares, classes, 3): both, labelled, predicted."""

    shares: tuple[float, ...] = SHARES_OF_DIAGONAL
    key: str = "boundary_iou"

    def count(self, photo: JudgedPhoto, names: ClassNames) -> Table:
        kept = photo.truth != IGNORE
        to_label = distance_to_outline(photo.truth, kept)
        to_prediction = distance_to_outline(photo.predicted, kept)
        diagonal = float(np.hypot(*photo.truth.shape))
        classes = len(names.all)
        table = np.zeros((len(self.shares), classes, 3))
        for row, share in zip(table, self.shares, strict=True):
            distance = max(1.0, share * diagonal)
            labelled = kept & (to_label <= distance)
            predicted = kept & (to_prediction <= distance)
            both = labelled & predicted & (photo.truth == photo.predicted)
            row[:, 0] = np.bincount(photo.truth[both], minlength=classes)
            row[:, 1] = np.bincount(photo.truth[labelled], minlength=classes)
            row[:, 2] = np.bincount(photo.predicted[predicted], minlength=classes)
        return table

    def figures(self, table: Table, names: ClassNames) -> dict[str, Any]:
        return {
            f"{share:g}": _figures(row, names)
            for share, row in zip(self.shares, table, strict=True)
        }


def distance_to_outline(label_map: LabelMap, kept: Mask) -> NDArray[np.float32]:
    """(H, W) pixels from each pixel to the nearest one of another class, 1 beside it.

    An outline is where two neighbours (above, below, left, right) in `kept` differ; without
    any, every distance is infinite.
    """
    inside = np.ones(label_map.shape, np.uint8)
    for one, other in (
        (np.s_[1:, :], np.s_[:-1, :]),
        (np.s_[:, 1:], np.s_[:, :-1]),
    ):
        differ = (label_map[one] != label_map[other]) & kept[one] & kept[other]
        inside[one][differ] = 0
        inside[other][differ] = 0
    if inside.all():
        return np.full(label_map.shape, np.inf, np.float32)
    to_nearest = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(to_nearest, np.float32) + 1.0


def _figures(counted: Table, names: ClassNames) -> dict[str, Any]:
    """Mean and IoU by class; None for a class without labelled outline."""
    iou: dict[str, float | None] = {}
    for index in names.judged:
        both, labelled, predicted = counted[index]
        iou[names.all[index]] = both / (labelled + predicted - both) if labelled else None
    known = [value for value in iou.values() if value is not None]
    background = names.all[BACKGROUND]
    objects = [v for name, v in iou.items() if v is not None and name != background]
    return {
        "mean": _mean(known),
        "mean_without_background": _mean(objects),
        "iou": {name: None if v is None else round(float(v), 4) for name, v in iou.items()},
    }


def _mean(values: list[float]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None
