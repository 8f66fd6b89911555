"""The figures of `evaluate` as lines of text, without what only a table or picture can show."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any


def in_words(figures: dict[str, Any]) -> str:
    """One line a figure, in the order of the JSON; matrices and lists of files are left out."""
    lines: list[str] = []
    for name, value in figures.items():
        if name in _WAYS:
            lines += _WAYS[name](value)
        elif not isinstance(value, dict | list):
            lines.append(f"{name}: {value}")
    return "\n".join(lines)


def _iou(iou: dict[str, float | None]) -> Iterator[str]:
    for label, value in iou.items():
        yield f"  IoU {label}: {value}"


def _interval(ends: list[float]) -> Iterator[str]:
    yield f"95 % interval of the mIoU: {ends[0]} to {ends[1]}"


def _number_of_parts(shares: dict[str, float]) -> Iterator[str]:
    said = ", ".join(f"{name.replace('_', ' ')} {share:.1%}" for name, share in shares.items())
    yield f"number of parts right: {said}"


def _wrong_pixels(wrong: dict[str, Any]) -> Iterator[str]:
    yield "wrong pixels:"
    for name, value in wrong.items():
        yield f"  {name.replace('_', ' ')}: {value}"


def _by_number_of_parts(groups: list[dict[str, Any]]) -> Iterator[str]:
    for group in groups:
        least, most = group["parts"]["least"], group["parts"]["most"]
        said = f"{least} or more" if most is None else f"{least} to {most}"
        yield f"{said} parts seen: mIoU {group['miou']} ({group['photos']} photos)"


def _prevalence(prevalence: dict[str, Any]) -> Iterator[str]:
    yield f"rank correlation of IoU and prevalence: {prevalence['rank_correlation_with_iou']}"


def _boundary(by_share: dict[str, dict[str, Any]]) -> Iterator[str]:
    for share, found in by_share.items():
        yield f"boundary IoU within {float(share):.1%} of the diagonal: {found['mean']}"


def _calibration(calibration: dict[str, Any]) -> Iterator[str]:
    for name in ("expected_calibration_error", "expected_calibration_error_without_background"):
        yield f"{name.replace('_', ' ')}: {calibration[name]}"


def _kinds(kinds: list[dict[str, Any]]) -> Iterator[str]:
    for kind in kinds:
        few = ", too few to judge by" if kind["few_photos"] else ""
        yield f"{kind['kind']}: mIoU {kind.get('miou')} ({kind['photos']} photos{few})"


def _robustness(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"{row['corruption']} {row['strength']:g} ({row['unit']}): loss {row['loss']}"


def _report(report: dict[str, Any]) -> Iterator[str]:
    yield f"{'':12} precision  recall      f1  support"
    rows = report["classes"] | {"macro": report["macro"], "weighted": report["weighted"]}
    for name, row in rows.items():
        yield (
            f"{name:12} {row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:7.3f} "
            f"{row['support']:8}"
        )


_WAYS: Mapping[str, Callable[[Any], Iterator[str]]] = MappingProxyType(
    {
        "iou": _iou,
        "miou_interval": _interval,
        "number_of_parts": _number_of_parts,
        "wrong_pixels": _wrong_pixels,
        "by_number_of_parts": _by_number_of_parts,
        "prevalence": _prevalence,
        "boundary_iou": _boundary,
        "calibration": _calibration,
        "kinds": _kinds,
        "robustness": _robustness,
        "report": _report,
    }
)
