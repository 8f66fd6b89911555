"""The figures of a layer as one HTML page without any other file, worst photos shown."""

import base64
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import cv2

from inference.evaluation.boundary import SHARES_OF_DIAGONAL
from inference.evaluation.hard_kinds import FEW_PHOTOS
from inference.evaluation.pictures import confusion_picture, reliability_picture
from inference.evaluation.worst import WorstPhoto

_OUTLINE = f"{SHARES_OF_DIAGONAL[-1]:g}"
_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 24px; max-width: 1200px; color: #222 }
table { border-collapse: collapse; margin: 12px 0 } td, th { padding: 2px 8px; text-align: right }
th { border-bottom: 1px solid #999 } tr:nth-child(even) { background: #f4f4f4 }
th:first-child, td:first-child { text-align: left } .wide { overflow-x: auto }
.bar { background: #4a7ebb; height: 10px } figure { margin: 0 0 20px } img { max-width: 100% }
svg { font: 11px system-ui, sans-serif }
"""


def html_report(title: str, figures: dict[str, Any], worst: Sequence[WorstPhoto]) -> str:
    """The page; `figures` as `evaluate` prints them."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>",
        _facts(figures),
        _by_class(figures),
        _confusion(figures["confusion"]),
        _wrong_pixels(figures.get("wrong_pixels")),
        _by_number_of_parts(figures["by_number_of_parts"]),
        _calibration(figures.get("calibration")),
        _kinds(figures.get("kinds")),
        _robustness(figures.get("robustness")),
        "<h2>Worst photos</h2><p>Photo, labels, prediction. Its largest mistakes, in percent of "
        "the photo's judged pixels.</p>",
        *(_figure(photo) for photo in worst),
    ]
    return "\n".join(parts) + "</html>\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Cells are escaped; numbers are rounded, None is a dash."""
    titles = "".join(f"<th scope=col>{escape(name)}" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(_text(value))}" for value in row) for row in rows)
    return f"<div class=wide><table><tr>{titles}{body}</table></div>"


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _facts(figures: dict[str, Any]) -> str:
    rows = [
        (name, str(value))
        for name, value in figures.items()
        if not isinstance(value, dict | list) or name == "miou_interval"
    ]
    rows += [
        (f"number of parts {name}", f"{share:.1%}")
        for name, share in figures.get("number_of_parts", {}).items()
    ]
    return _table(("figure", "value"), rows)


def _by_class(figures: dict[str, Any]) -> str:
    prevalence = figures["prevalence"]
    outlines = figures.get("boundary_iou", {}).get(_OUTLINE, {}).get("iou", {})
    rows = [
        f"<tr><td>{escape(name)}<td>{'not in the labels' if value is None else f'{value:.3f}'}"
        f'<td><div class=bar style="width:{round(200 * (value or 0.0))}px"></div>'
        f"<td>{_text(outlines.get(name))}<td>{prevalence['share_of_pixels'][name]:.2%}"
        for name, value in figures["iou"].items()
    ]
    return (
        "<h2>IoU by class</h2><table><tr><th scope=col>class<th scope=col>IoU<th>"
        f"<th scope=col>outline IoU<th scope=col>labelled pixels{''.join(rows)}</table>"
        f"<p>Outline IoU: only pixels within {float(_OUTLINE):.1%} of the photo's diagonal of an "
        "outline (Cheng et al. 2021). Rank correlation of IoU with the share of labelled pixels: "
        f"{_text(prevalence['rank_correlation_with_iou'])}.</p>"
    )


def _confusion(confusion: dict[str, Any]) -> str:
    names, pixels = confusion["classes"], confusion["pixels"]
    table = _table(
        ("labelled \\ predicted", *names),
        [(name, *row) for name, row in zip(names, pixels, strict=True)],
    )
    return (
        "<h2>Confusion</h2><p>Row: labelled. Column: predicted. Number and colour: percent of the "
        "row's pixels; point at a cell for the pixels.</p>"
        f"<div class=wide>{confusion_picture(names, pixels)}</div>"
        f"<details><summary>Pixels as a table</summary>{table}</details>"
    )


def _wrong_pixels(wrong: dict[str, Any] | None) -> str:
    if wrong is None:
        return ""
    rows = [(name.replace("_", " "), value) for name, value in wrong.items()]
    return (
        "<h2>Wrong pixels</h2><p>Adjacent, similar and with background are shares of all wrong "
        "pixels; “of parts”: of those between two parts. A mistake may be both.</p>"
        + _table(("kind", "value"), rows)
    )


def _by_number_of_parts(groups: Sequence[dict[str, Any]]) -> str:
    rows = [
        (
            _range(group["parts"]),
            group["photos"],
            group["miou"],
            group["miou_without_background"],
        )
        for group in groups
    ]
    return (
        "<h2>By number of parts seen</h2><p>Few parts: a close-up. Each mIoU is over the classes "
        "labelled in those photos.</p>"
        + _table(("parts seen", "photos", "mIoU", "without background"), rows)
    )


def _range(parts: dict[str, int | None]) -> str:
    least, most = parts["least"], parts["most"]
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


def _calibration(calibration: dict[str, Any] | None) -> str:
    if calibration is None:
        return ""
    rows = [
        (
            f"{item['from']:.2f} to {item['to']:.2f}",
            item["pixels"],
            item["confidence"],
            item["right"],
        )
        for item in calibration["bins"]
    ]
    without = calibration["expected_calibration_error_without_background"]
    return (
        "<h2>Calibration of pixels</h2><p>Expected calibration error "
        f"{_text(calibration['expected_calibration_error'])}; pixels not labelled background "
        f"{_text(without)}.</p>{reliability_picture(calibration['bins'])}"
        "<details><summary>As a table</summary>"
        + _table(("probability", "pixels", "mean probability", "share right"), rows)
        + "</details>"
    )


def _kinds(kinds: Sequence[dict[str, Any]] | None) -> str:
    if kinds is None:
        return ""
    head = ("kind", "photos", "mIoU", "without background", "outline IoU", "calibration error")
    rows = [
        (
            kind["kind"] + ("" if kind["sure"] else " (list unsure)"),
            f"{kind['photos']}{' (few)' if kind['few_photos'] else ''}",
            kind.get("miou"),
            kind.get("miou_without_background"),
            kind.get("boundary_iou", {}).get(_OUTLINE, {}).get("mean"),
            kind.get("calibration", {}).get("expected_calibration_error"),
        )
        for kind in kinds
        if kind["photos"]
    ]
    without = ", ".join(kind["kind"] for kind in kinds if not kind["photos"])
    return (
        f"<h2>Kinds of hard photo</h2><p>Few: below {FEW_PHOTOS} photos, one of which may decide. "
        "Each mIoU is over the classes labelled in those photos.</p>"
        + _table(head, rows)
        + (f"<p>No photo here is of: {escape(without)}.</p>" if without else "")
    )


def _robustness(rows: Sequence[dict[str, Any]] | None) -> str:
    if rows is None:
        return ""
    head = ("corruption", "strength", "mIoU", "clean mIoU", "loss", "95 % interval", "unit")
    cells = [
        (
            row["corruption"],
            f"{row['strength']:g}",
            row["miou"],
            row["clean_miou"],
            row["loss"],
            " to ".join(f"{end:.3f}" for end in row.get("loss_interval", ())),
            row["unit"],
        )
        for row in rows
    ]
    return "<h2>Robustness</h2>" + _table(head, cells)


def _figure(photo: WorstPhoto) -> str:
    _, data = cv2.imencode(".jpg", cv2.cvtColor(photo.picture, cv2.COLOR_RGB2BGR))
    encoded = base64.b64encode(data.tobytes()).decode()
    said = "; ".join((f"{photo.file}: mIoU {photo.miou:.2f}", *photo.mistakes))
    caption = escape(said)
    return (
        f'<figure><img alt="{caption}" src="data:image/jpeg;base64,{encoded}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )
