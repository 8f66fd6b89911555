"""Is the right part named for damage whose part is known? (issue 3 §4, *part-naming*)

Of the pixels inside a damage polygon the most frequent predicted part that is not background
counts; side and front / rear are free where the label is silent; no part pixel is wrong.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inference.data.records import LabelledPhoto, Region
from inference.errors import LabelError
from inference.masks import LabelMap
from inference.predictor import Predictor
from inference.taxonomy import BACKGROUND, PARTS
from inference.taxonomy.mapping import LayerMapping, SetMapping

TAXONOMY = "original"


@dataclass(frozen=True)
class NamedPolygon:
    """One polygon: its foreign name, what was said, whether that is right."""

    file: str
    name: str
    said: str
    right: bool


def evaluate_part_naming(
    predictor: Predictor, photos: Sequence[LabelledPhoto], mapping: SetMapping
) -> dict[str, Any]:
    """The object that `evaluate part-naming` prints."""
    if "parts" not in mapping.layers:
        raise LabelError(f"The set {mapping.name!r} names no parts.")
    polygons = list(_named_polygons(predictor, photos, mapping.layers["parts"]))
    if not polygons:
        raise LabelError(f"No polygon of {mapping.name!r} has a known part.")
    by_name: dict[str, list[bool]] = defaultdict(list)
    for polygon in polygons:
        by_name[polygon.name].append(polygon.right)
    return {
        "photos": len({polygon.file for polygon in polygons}),
        "polygons": len(polygons),
        "model_version": predictor.version.version,
        "taxonomy": TAXONOMY,
        "accuracy": round(sum(item.right for item in polygons) / len(polygons), 4),
        "accuracy_by_name": {
            name: round(sum(right) / len(right), 4) for name, right in sorted(by_name.items())
        },
        "said": _said(polygons),
    }


def _said(polygons: Sequence[NamedPolygon]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for polygon in polygons:
        table[polygon.name][polygon.said] += 1
    return {name: dict(sorted(said.items())) for name, said in sorted(table.items())}


def _named_polygons(
    predictor: Predictor, photos: Sequence[LabelledPhoto], mapping: LayerMapping
) -> Iterator[NamedPolygon]:
    merge = PARTS.merge(TAXONOMY)
    chosen = [photo for photo in photos if _known(photo, mapping)]
    outputs = predictor.segment([(photo.path.name, photo.path) for photo in chosen], ("parts",))
    for photo, (_, heads) in zip(chosen, outputs, strict=True):
        predicted = heads["parts"].decode(merge, photo.size).merged
        for region in _known(photo, mapping):
            allowed = {int(merge.prediction_table[i]) for i in mapping.named(region.name).judge}
            said = _majority(predicted, region, photo.size)
            name = merge.classes[said - 1] if said else PARTS.background
            right = said != BACKGROUND and said in allowed
            yield NamedPolygon(photo.path.name, region.name, name, right)


def _known(photo: LabelledPhoto, mapping: LayerMapping) -> list[Region]:
    return [
        region
        for region in photo.regions
        if region.name in mapping.names and mapping.named(region.name).judge
    ]


def _majority(predicted: LabelMap, region: Region, size: tuple[int, int]) -> int:
    inside = np.zeros(size, np.uint8)
    region.paint(inside, 1, size)
    counts = np.bincount(predicted[inside > 0], minlength=256)
    counts[BACKGROUND] = 0
    return int(counts.argmax()) if counts.any() else BACKGROUND
