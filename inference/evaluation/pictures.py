"""Pictures of figures as inline SVG, which scale, print, and say their numbers when pointed at."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

_CELL = 26
_LETTER = 6.6
_DARK = (33, 79, 138)
# Shares below this are coloured but not written: 40 × 40 numbers cannot be read.
_LEAST_WRITTEN = 0.01
_PLOT = 240
_MARGIN = 46


def confusion_picture(
    classes: Sequence[str], pixels: Sequence[Sequence[int]], unit: str = "pixels"
) -> str:
    """Rows: labelled; columns: predicted. Colour and number: percent of the row; the count and
    both names are shown when a cell is pointed at. Classes without a label have no row share."""
    table = np.asarray(pixels, np.int64)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    left = max(len(name) for name in classes) * _LETTER + 10
    top = left * 0.75 + 10
    side = _CELL * len(classes)
    cells = [
        _cell((left, top), (row, column), (classes[row], classes[column]),
              (int(table[row, column]), float(shares[row, column])), unit)
        for row, column in np.argwhere(table > 0).tolist()
    ]  # fmt: skip
    names = [
        f'<text x="{left - 6:.0f}" y="{top + _CELL * (index + 0.65):.0f}" text-anchor="end">'
        f"{escape(name)}</text>"
        f'<text transform="translate({left + _CELL * (index + 0.65):.0f},{top - 6:.0f}) '
        f'rotate(-45)">{escape(name)}</text>'
        for index, name in enumerate(classes)
    ]
    lines = "".join(_grid_line(left, top, side, index) for index in range(len(classes) + 1))
    width = left + side + left * 0.75 + 10
    return (
        f'<svg class=confusion role=img width="{width:.0f}" height="{top + side + 6:.0f}" '
        f'viewBox="0 0 {width:.0f} {top + side + 6:.0f}" '
        'aria-label="Confusion matrix; the same numbers are in the table below">'
        f"<g stroke='#ddd'>{lines}</g>{''.join(names)}{''.join(cells)}</svg>"
    )


def _cell(
    origin: tuple[float, float],
    place: tuple[int, int],
    names: tuple[str, str],
    value: tuple[int, float],
    unit: str,
) -> str:
    (row, column), (count, share) = place, value
    x, y = origin[0] + _CELL * column, origin[1] + _CELL * row
    # By the square root, so that mistakes of a few percent can be seen beside right ones.
    tone = share**0.5
    red, green, blue = (round(255 + (dark - 255) * tone) for dark in _DARK)
    ink = "#fff" if tone > 0.6 else "#222"
    written = (
        f'<text x="{x + _CELL / 2:.0f}" y="{y + _CELL * 0.65:.0f}" text-anchor="middle" '
        f'fill="{ink}">{share * 100:.0f}</text>'
        if share >= _LEAST_WRITTEN
        else ""
    )
    said = "right" if row == column else f"taken for {escape(names[1])}"
    return (
        f"<g><title>{escape(names[0])} {said}: {count:,} {unit}, {share:.1%} of the row</title>"
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{_CELL}" height="{_CELL}" '
        f'fill="rgb({red},{green},{blue})"/>{written}</g>'
    )


def _grid_line(left: float, top: float, side: int, index: int) -> str:
    x, y = left + _CELL * index, top + _CELL * index
    return (
        f'<line x1="{x:.0f}" y1="{top:.0f}" x2="{x:.0f}" y2="{top + side:.0f}"/>'
        f'<line x1="{left:.0f}" y1="{y:.0f}" x2="{left + side:.0f}" y2="{y:.0f}"/>'
    )


def reliability_picture(bins: Sequence[dict[str, Any]]) -> str:
    """Share of pixels that are right (bars) against the probability said; on the line both are
    the same. `bins` as the calibration figures have them."""
    every = max(1, sum(item["pixels"] for item in bins))
    bars = "".join(
        f"<g><title>said {item['confidence']:.2f}, right {item['right']:.2f}: "
        f"{item['pixels']:,} pixels, {item['pixels'] / every:.1%}</title>"
        f'<rect x="{_x(item["from"]):.1f}" y="{_y(item["right"]):.1f}" '
        f'width="{_PLOT * (item["to"] - item["from"]) - 1:.1f}" '
        f'height="{_PLOT * item["right"]:.1f}" fill="rgb{_DARK}"/></g>'
        for item in bins
        if item["pixels"]
    )
    ticks = "".join(
        f'<text x="{_x(value):.0f}" y="{_y(0) + 16}" text-anchor="middle">{value:g}</text>'
        f'<text x="{_MARGIN - 6}" y="{_y(value) + 4:.0f}" text-anchor="end">{value:g}</text>'
        for value in (0, 0.5, 1)
    )
    side = _PLOT + _MARGIN + 24
    return (
        f'<svg role=img width="{side}" height="{side}" viewBox="0 0 {side} {side}" '
        'aria-label="Share of right pixels against the probability said">'
        f'<rect x="{_x(0)}" y="{_y(1)}" width="{_PLOT}" height="{_PLOT}" fill="none" '
        f'stroke="#999"/>{bars}<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" '
        f'stroke="#b3123b" stroke-width="2" stroke-dasharray="6 4"/>{ticks}'
        f'<text x="{_x(0.5)}" y="{_y(0) + 34}" text-anchor="middle">probability said</text>'
        f'<text transform="translate(12,{_y(0.5)}) rotate(-90)" text-anchor="middle">'
        "share right</text></svg>"
    )


def _x(value: float) -> float:
    return _MARGIN + _PLOT * value


def _y(value: float) -> float:
    return 10 + _PLOT * (1 - value)
