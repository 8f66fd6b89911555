"""Pictures for people: colour-coded overlays with names, side by side, colour splash.

All take display pixels (H, W, 3) uint8 RGB and label maps (H, W) uint8 of finest ids, and give
RGB pixels.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference import masks
from inference.masks import Colour, LabelMap
from inference.taxonomy import BACKGROUND, DAMAGE, IGNORE, PARTS, Layer

Pixels = NDArray[np.uint8]

PARTS_OPACITY = 0.45
DAMAGE_OPACITY = 0.6
SPLASH_OPACITY = 0.5
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_GAP = 8


def colours(layer: Layer) -> list[Colour]:
    """The colour (r, g, b) of every class id, 0 (background) black."""
    table: list[Colour] = [(0, 0, 0)] * (max(layer.by_id) + 1)
    for item in layer.classes:
        table[item.id] = _rgb(item.colour)
    return table


def overlay(pixels: Pixels, label_map: LabelMap, layer: Layer, opacity: float) -> Pixels:
    """The photo with every class of the layer tinted in its colour, outlined and named."""
    labelled = (label_map != BACKGROUND) & (label_map != IGNORE)
    tinted = _blend(pixels, _painted(label_map, layer), labelled, opacity)
    for class_id, box in masks.boxes(label_map).items():
        if class_id in layer.by_id:
            item = layer.by_id[class_id]
            _outline(tinted, label_map == class_id, _rgb(item.colour))
            _name(tinted, item.label, label_map == class_id, box)
    return tinted


def parts_overlay(pixels: Pixels, parts_map: LabelMap) -> Pixels:
    """The parts of the vehicle over the photo."""
    return overlay(pixels, parts_map, PARTS, PARTS_OPACITY)


def damage_overlay(pixels: Pixels, damage_map: LabelMap) -> Pixels:
    """The damage over the photo."""
    return overlay(pixels, damage_map, DAMAGE, DAMAGE_OPACITY)


def side_by_side(*pictures: Pixels) -> Pixels:
    """Pictures of one height next to each other, with a white gap."""
    gap = np.full((pictures[0].shape[0], _GAP, 3), 255, np.uint8)
    row: list[Pixels] = [pictures[0]]
    for picture in pictures[1:]:
        row += [gap, picture]
    return np.concatenate(row, axis=1)


def colour_splash(pixels: Pixels, damage_map: LabelMap) -> tuple[Pixels, list[str]]:
    """Damage in blue on the contrast-evened photo, and the lines of text that go with it.

    CLAHE (clip 3, 6 × 6 tiles) on luma, damage blended 50 % blue (PIPELINE 12).
    """
    luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb)
    luma[..., 0] = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(6, 6)).apply(luma[..., 0])
    evened = np.asarray(cv2.cvtColor(luma, cv2.COLOR_YCrCb2RGB), np.uint8)
    damaged = (damage_map != BACKGROUND) & (damage_map != IGNORE)
    blue = np.zeros_like(pixels)
    blue[..., 2] = 255
    height, width = damage_map.shape
    share = 100.0 * np.count_nonzero(damaged) / damaged.size
    lines = [f"photo size: {width} x {height}", f"damage area: {share:.2f} %"]
    splash = _blend(evened, blue, damaged, SPLASH_OPACITY)
    for number, line in enumerate(lines, start=1):
        _write(splash, line, (8, int(22 * number * _text_scale(splash) * 2)))
    return splash, lines


def _painted(label_map: LabelMap, layer: Layer) -> Pixels:
    table = np.zeros((256, 3), np.uint8)
    known = np.array(colours(layer), np.uint8)
    table[: len(known)] = known
    painted: Pixels = table[label_map]
    return painted


def _blend(pixels: Pixels, paint: Pixels, where: masks.Mask, opacity: float) -> Pixels:
    mixed = cv2.addWeighted(pixels, 1.0 - opacity, paint, opacity, 0.0)
    result = np.ascontiguousarray(pixels).copy()
    cv2.copyTo(mixed, where.view(np.uint8), result)
    return result


def _outline(pixels: Pixels, mask: masks.Mask, colour: Colour) -> None:
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(pixels, found, -1, colour, 1, cv2.LINE_AA)


def _name(pixels: Pixels, text: str, mask: masks.Mask, box: masks.Box) -> None:
    """Write the name where the class is thickest, so that it lies on it whatever its shape."""
    x, y, width, height = box
    padded = np.pad(mask[y : y + height, x : x + width].astype(np.uint8), 1)
    _, depth, _, (column, row) = cv2.minMaxLoc(cv2.distanceTransform(padded, cv2.DIST_L2, 3))
    if depth < 3:
        return
    (text_width, text_height), _ = cv2.getTextSize(text, _FONT, _text_scale(pixels), 1)
    left = min(max(2, x + column - text_width // 2), max(2, pixels.shape[1] - text_width - 2))
    _write(pixels, text, (left, y + row + text_height // 2))


def _write(pixels: Pixels, text: str, at: tuple[int, int]) -> None:
    """White with a dark edge. Not by a thicker black below: bold letters are wider."""
    for right, down, colour in ((1, 1, (0, 0, 0)), (-1, 1, (0, 0, 0)), (0, 0, (255, 255, 255))):
        place = (at[0] + right, at[1] + down)
        cv2.putText(pixels, text, place, _FONT, _text_scale(pixels), colour, 1, cv2.LINE_AA)


def _text_scale(pixels: Pixels) -> float:
    return float(max(0.35, min(1.0, max(pixels.shape[:2]) / 1600)))


def _rgb(colour: str) -> Colour:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
