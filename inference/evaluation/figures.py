"""What `evaluate parts` and `evaluate damage` print, from the counts of any choice of photos."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from inference.evaluation.conditions import by_number_of_parts, prevalence
from inference.evaluation.counts import Counts, PhotoCounts, total
from inference.evaluation.counts_file import StoredCounts
from inference.evaluation.judging import Judge
from inference.evaluation.measures import ClassNames, Measure
from inference.evaluation.metrics import (
    iou_by_class,
    mean_iou,
    miou_interval,
    number_of_classes_right,
)
from inference.evaluation.wrong_pixels import wrong_pixels
from inference.postprocessing import DEFAULT_MINIMUM_AREA_SHARE
from inference.taxonomy import PARTS


@dataclass(frozen=True)
class SegmentationFigures:
    """The counts of every judged photo and how they are judged."""

    judge: Judge
    photos: list[PhotoCounts]
    model_version: str
    measures: tuple[Measure, ...] = ()

    def of(self, files: Collection[str]) -> "SegmentationFigures":
        """Only the photos with these file names."""
        return replace(self, photos=[photo for photo in self.photos if photo.file in files])

    def stored(self, set_name: str) -> StoredCounts:
        """The counts as `--counts` keeps them."""
        return StoredCounts(
            set_name=set_name,
            layer=self.judge.mapping.layer.name,
            taxonomy=self.judge.merge.name,
            model_version=self.model_version,
            names=self.judge.names,
            classes=self.judge.classes,
            photos=tuple(self.photos),
        )

    def to_json(self, *, intervals: bool = False) -> dict[str, Any]:
        """The object that `evaluate` prints; IoU of a class without a labelled pixel is null."""
        names = self.judge.names
        counts = total(self.photos, len(names))
        iou = iou_by_class(counts, self.judge.classes)
        result: dict[str, Any] = {
            "photos": len(self.photos),
            "model_version": self.model_version,
            "taxonomy": self.judge.merge.name,
            "miou": _rounded(mean_iou(iou)),
            "miou_without_background": _rounded(mean_iou(iou, background=False)),
            "iou": {names[index]: _rounded(value) for index, value in iou.items()},
            "confusion": self._confusion(counts),
        }
        if self.judge.mapping.layer is PARTS:
            right = number_of_classes_right(self.photos, DEFAULT_MINIMUM_AREA_SHARE)
            result["number_of_parts"] = {name: round(share, 4) for name, share in right.items()}
            result["wrong_pixels"] = wrong_pixels(counts, self.judge.merge)
        if intervals:
            result["miou_interval"] = miou_interval(self.photos, self.judge.classes).to_json()
        result["by_number_of_parts"] = by_number_of_parts(self.photos, names, self.judge.classes)
        result["prevalence"] = prevalence(counts, iou, names)
        return result | self._measured()

    def _confusion(self, counts: Counts) -> dict[str, Any]:
        shown = list(self.judge.classes)
        pixels = counts[np.ix_(shown, shown)]
        shares = pixels / np.maximum(pixels.sum(axis=1, keepdims=True), 1)
        return {
            "classes": [self.judge.names[index] for index in shown],
            "pixels": pixels.tolist(),
            "row_shares": np.round(shares, 4).tolist(),
        }

    def _measured(self) -> dict[str, Any]:
        names = ClassNames(self.judge.names, self.judge.classes)
        return {
            measure.key: measure.figures(
                np.sum([photo.tables[measure.key] for photo in self.photos], axis=0), names
            )
            for measure in self.measures
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
