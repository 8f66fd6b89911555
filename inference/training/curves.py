"""Loss and figures by epoch, as CSV and as a picture."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from inference.errors import TrainingError

CSV_FILE = "curves.csv"
PICTURE_FILE = "curves.png"


def write_curves(folder: Path, history: Sequence[Mapping[str, float]]) -> None:
    """Write `curves.csv` (one row an epoch, empty where nothing was measured) and the picture."""
    names = list(dict.fromkeys(name for row in history for name in row))
    with (folder / CSV_FILE).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(history)
    _draw(history, names).savefig(folder / PICTURE_FILE, dpi=100)


def read_curves(folder: Path) -> list[dict[str, float]]:
    """The rows of `curves.csv`, without what was not measured."""
    try:
        with (folder / CSV_FILE).open(newline="", encoding="utf-8") as stream:
            return [
                {name: float(value) for name, value in row.items() if value}
                for row in csv.DictReader(stream)
            ]
    except (OSError, ValueError) as error:
        raise TrainingError(f"{folder / CSV_FILE} cannot be read: {error}") from error


def best_figures(folder: Path) -> dict[str, float]:
    """The row of `curves.csv` with the highest score."""
    judged = [row for row in read_curves(folder) if "score" in row]
    if not judged:
        raise TrainingError(f"{folder} has no validated epoch yet.")
    return max(judged, key=lambda row: row["score"])


def _draw(history: Sequence[Mapping[str, float]], names: Sequence[str]) -> Figure:
    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name in names:
        if name == "epoch":
            continue
        points = [(row["epoch"], row[name]) for row in history if name in row]
        axes = left if "loss" in name else right
        axes.plot(*zip(*points, strict=True), marker=".", label=name)
    for axes, title in ((left, "loss"), (right, "validation")):
        axes.set(title=title, xlabel="epoch")
        axes.grid(visible=True, alpha=0.3)
        if axes.get_lines():
            axes.legend(fontsize="x-small")
    return figure
