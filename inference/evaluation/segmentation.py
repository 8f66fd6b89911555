"""Parts and damage measured on a folder of labelled photos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inference.data.records import LabelledPhoto
from inference.errors import LabelError
from inference.evaluation.counts import PhotoCounts, confusion, total
from inference.evaluation.counts_file import StoredCounts
from inference.evaluation.judging import Judge
from inference.evaluation.metrics import (
    iou_by_class,
    mean_iou,
    miou_interval,
    number_of_classes_right,
)
from inference.postprocessing import DEFAULT_MINIMUM_AREA_SHARE
from inference.predictor import Predictor
from inference.taxonomy import PARTS, LayerName
from inference.taxonomy.mapping import SetMapping


@dataclass(frozen=True)
class SegmentationFigures:
    """The counts of every judged photo and how they are judged."""

    judge: Judge
    photos: list[PhotoCounts]
    model_version: str

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
        shown = list(self.judge.classes)
        result: dict[str, Any] = {
            "photos": len(self.photos),
            "model_version": self.model_version,
            "taxonomy": self.judge.merge.name,
            "miou": _rounded(mean_iou(iou)),
            "miou_without_background": _rounded(mean_iou(iou, background=False)),
            "iou": {names[index]: _rounded(value) for index, value in iou.items()},
            "confusion": {
                "classes": [names[index] for index in shown],
                "pixels": counts[np.ix_(shown, shown)].tolist(),
            },
        }
        if self.judge.mapping.layer is PARTS:
            right = number_of_classes_right(self.photos, DEFAULT_MINIMUM_AREA_SHARE)
            result["number_of_parts"] = {name: round(share, 4) for name, share in right.items()}
        if intervals:
            result["miou_interval"] = miou_interval(self.photos, self.judge.classes).to_json()
        return result


def judge_of(mapping: SetMapping, layer: LayerName, taxonomy: str) -> Judge:
    """How this layer of the set is judged; `LabelError` where the set does not label it."""
    if layer not in mapping.layers:
        raise LabelError(f"The set {mapping.name!r} has no {layer} labels to evaluate on.")
    of_layer = mapping.layers[layer]
    return Judge(of_layer, of_layer.layer.merge(taxonomy))


def evaluate_layer(
    predictor: Predictor,
    photos: Sequence[LabelledPhoto],
    mapping: SetMapping,
    layer: LayerName,
    taxonomy: str,
    clusters: dict[str, str] | None = None,
) -> SegmentationFigures:
    """Predict and count every photo that is labelled in `layer`.

    `clusters` maps a photo's key to the case it belongs to, for intervals.
    """
    judge = judge_of(mapping, layer, taxonomy)
    judged = [photo for photo in photos if layer in photo.layers]
    if not judged:
        raise LabelError(f"No photo of {mapping.name!r} is labelled in {layer}.")
    counts = list(_counted(predictor, judged, judge, layer, clusters or {}))
    return SegmentationFigures(judge, counts, predictor.version.version)


def _counted(
    predictor: Predictor,
    photos: Sequence[LabelledPhoto],
    judge: Judge,
    layer: LayerName,
    clusters: dict[str, str],
) -> Iterator[PhotoCounts]:
    named = [(photo.path.name, photo.path) for photo in photos]
    outputs = predictor.segment(named, (layer,))
    for photo, (decoded, heads) in zip(photos, outputs, strict=True):
        if decoded.original_size != photo.size:
            raise LabelError(
                f"{photo.path} is {decoded.original_size} (height, width); its labels say "
                f"{photo.size}."
            )
        truth = judge.truth(photo)
        predicted = judge.predicted(heads[layer], photo.size)
        counts = confusion(truth, predicted, len(judge.names))
        yield PhotoCounts(photo.path.name, clusters.get(photo.key, photo.key), counts)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
