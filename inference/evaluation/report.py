"""The figures of a layer as one HTML page without any other file, worst photos shown."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.data.records import LabelledPhoto
from inference.evaluation.figures import SegmentationFigures
from inference.evaluation.metrics import iou_by_class, mean_iou
from inference.masks import LabelMap
from inference.predictor import Predictor
from inference.preprocessing import fitted_size, resize
from inference.taxonomy import BACKGROUND, IGNORE, LayerName, Merge

WORST = 12
THUMB_SIDE = 360
OPACITY = 0.55
_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 24px; max-width: 1200px; color: #222 }
table { border-collapse: collapse; margin: 12px 0 } td, th { padding: 2px 8px; text-align: right }
th:first-child, td:first-child { text-align: left } .wide { overflow-x: auto }
.bar { background: #4a7ebb; height: 10px } figure { margin: 0 0 20px } img { max-width: 100% }
"""


@dataclass(frozen=True)
class WorstPhoto:
    """A photo with its mIoU and a picture: photo | labels | prediction."""

    file: str
    miou: float
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
    chosen = [by_file[file] for file, _ in ranked]
    outputs = predictor.segment([(photo.path.name, photo.path) for photo in chosen], (layer,))
    worst = []
    for (file, miou), photo, (decoded, heads) in zip(ranked, chosen, outputs, strict=True):
        size = fitted_size(photo.size, THUMB_SIDE)
        pixels = resize(decoded.pixels, size)
        truth = _shrunk(figures.judge.truth(photo), size)
        predicted = _shrunk(figures.judge.predicted(heads[layer], photo.size), size)
        merge = figures.judge.merge
        row = [pixels, *(_tinted(pixels, one, figures, merge) for one in (truth, predicted))]
        worst.append(WorstPhoto(file, miou, np.concatenate(row, axis=1)))
    return worst


def _photo_mious(figures: SegmentationFigures) -> Iterator[tuple[str, float]]:
    for photo in figures.photos:
        miou = mean_iou(iou_by_class(photo.counts, figures.judge.classes))
        if miou is not None:
            yield photo.file, miou


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


def html_report(title: str, figures: dict[str, Any], worst: Sequence[WorstPhoto]) -> str:
    """The page; `figures` as `evaluate` prints them."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>",
        _facts(figures),
        _iou_table(figures["iou"]),
        _confusion_table(figures["confusion"]),
        "<h2>Worst photos</h2><p>Photo, labels, prediction.</p>",
        *(_figure(photo) for photo in worst),
    ]
    return "\n".join(parts) + "</html>\n"


def _facts(figures: dict[str, Any]) -> str:
    rows = [
        f"<tr><td>{escape(name)}<td>{escape(str(value))}"
        for name, value in figures.items()
        if not isinstance(value, dict)
    ]
    return f"<table>{''.join(rows)}</table>"


def _iou_table(iou: dict[str, float | None]) -> str:
    rows = [
        f"<tr><td>{escape(name)}<td>{'not in the labels' if value is None else f'{value:.3f}'}"
        f'<td><div class=bar style="width:{round(200 * (value or 0.0))}px"></div>'
        for name, value in iou.items()
    ]
    return f"<h2>IoU by class</h2><table>{''.join(rows)}</table>"


def _confusion_table(confusion: dict[str, Any]) -> str:
    names, pixels = confusion["classes"], np.asarray(confusion["pixels"], float)
    shares = pixels / np.maximum(pixels.sum(axis=1, keepdims=True), 1.0)
    head = "".join(f"<th>{escape(name)}" for name in names)
    rows = [
        f"<tr><td>{escape(name)}"
        + "".join(
            f'<td style="background:rgba(74,126,187,{share:.2f})">{share:.0%}' for share in row
        )
        for name, row in zip(names, shares, strict=True)
    ]
    return (
        "<h2>Confusion</h2><p>Row: labelled. Column: predicted. Share of the row's pixels.</p>"
        f"<div class=wide><table><tr><th>{head}{''.join(rows)}</table></div>"
    )


def _figure(photo: WorstPhoto) -> str:
    _, data = cv2.imencode(".jpg", cv2.cvtColor(photo.picture, cv2.COLOR_RGB2BGR))
    encoded = base64.b64encode(data.tobytes()).decode()
    caption = f"{escape(photo.file)}: mIoU {photo.miou:.2f}"
    return (
        f'<figure><img alt="{caption}" src="data:image/jpeg;base64,{encoded}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )
