"""Vehicle presence and damaged-or-whole measured on folders of classes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import LabelError
from inference.evaluation.corruptions import CORRUPTIONS, Corruption, lossless
from inference.evaluation.metrics import BinaryFigures
from inference.evaluation.robustness import AT_A_TIME, loss_row
from inference.predictor import Predictor
from inference.preprocessing import SUFFIXES, Pixels, decode_photo
from inference.probability import expected_calibration_error

FOLDERS = {"presence": ("no_vehicle", "vehicle"), "whole": ("whole", "damaged")}


def evaluate_classifier(predictor: Predictor, module: str, folder: Path) -> dict[str, Any]:
    """The object that `evaluate presence` and `evaluate whole` print.

    `folder` holds a folder of photos per class; precision and recall are those of the second
    class (vehicle, damaged).
    """
    photos, truth = _photos_and_truth(module, folder)
    named = [(path.name, path) for path in photos]
    probabilities = [probability for _, probability in predictor.classify(named, module)]
    threshold = predictor.threshold(module)
    said = [probability >= threshold for probability in probabilities]
    figures = BinaryFigures.of(truth, said)
    return {
        "photos": len(truth),
        "model_version": predictor.version.version,
        "taxonomy": module,
        "threshold": threshold,
        "accuracy": round(figures.accuracy, 4),
        "precision": _rounded(figures.precision),
        "recall": _rounded(figures.recall),
        "report": classification_report(figures.confusion, FOLDERS[module]),
        "confusion": {"classes": list(FOLDERS[module]), "photos": figures.confusion},
        "calibration_error": round(_calibration_error(probabilities, truth, said), 4),
        "wrong": [
            path.name
            for path, true, answer in zip(photos, truth, said, strict=True)
            if true != answer
        ],
    }


def classification_report(
    confusion: Sequence[Sequence[int]], classes: Sequence[str]
) -> dict[str, Any]:
    """Precision, recall, F1 and support (photos) per class, their mean (*macro*) and their mean
    weighted by support (*weighted*).

    `confusion[i][j]`: photos of class i said to be class j. A precision or recall of nothing
    is 0, as in scikit-learn's report.
    """
    table = np.asarray(confusion, np.float64)
    right, support = np.diag(table), table.sum(axis=1)
    precision = right / np.maximum(table.sum(axis=0), 1.0)
    recall = right / np.maximum(support, 1.0)
    f1 = 2 * right / np.maximum(table.sum(axis=0) + support, 1.0)
    rows = np.stack([precision, recall, f1], axis=1)
    return {
        "classes": {
            name: _report_row(row, count)
            for name, row, count in zip(classes, rows, support, strict=True)
        },
        "macro": _report_row(rows.mean(axis=0), support.sum()),
        "weighted": _report_row(support @ rows / max(1.0, support.sum()), support.sum()),
    }


def _report_row(row: NDArray[np.float64], support: float) -> dict[str, Any]:
    precision, recall, f1 = (round(float(value), 4) for value in row)
    return {"precision": precision, "recall": recall, "f1": f1, "support": int(support)}


def classifier_robustness(
    predictor: Predictor,
    module: str,
    folder: Path,
    corruptions: Sequence[Corruption] = CORRUPTIONS,
) -> list[dict[str, Any]]:
    """Per corruption `accuracy`, `clean_accuracy` and the `loss` between them."""
    photos, truth = _photos_and_truth(module, folder)
    clean, right = 0, dict.fromkeys(corruptions, 0)
    for start in range(0, len(photos), AT_A_TIME):
        window = photos[start : start + AT_A_TIME]
        true = truth[start : start + AT_A_TIME]
        pixels = [decode_photo(path.name, path).pixels for path in window]
        names = [path.name for path in window]
        clean += _right(predictor, module, names, pixels, true)
        for corruption in corruptions:
            worse = [corruption.apply(*pair) for pair in zip(names, pixels, strict=True)]
            right[corruption] += _right(predictor, module, names, worse, true)
    return [
        loss_row(corruption, "accuracy", clean / len(photos), number / len(photos))
        for corruption, number in right.items()
    ]


def _right(
    predictor: Predictor,
    module: str,
    names: Sequence[str],
    pixels: Sequence[Pixels],
    truth: Sequence[bool],
) -> int:
    sources = [(name, lossless(item)) for name, item in zip(names, pixels, strict=True)]
    threshold = predictor.threshold(module)
    said = (probability >= threshold for _, probability in predictor.classify(sources, module))
    return sum(answer == true for answer, true in zip(said, truth, strict=True))


def _photos_and_truth(module: str, folder: Path) -> tuple[list[Path], list[bool]]:
    no, yes = (_photos(folder / name) for name in FOLDERS[module])
    return no + yes, [False] * len(no) + [True] * len(yes)


def _calibration_error(
    probabilities: Sequence[float], truth: Sequence[bool], said: Sequence[bool]
) -> float:
    sure = [p if answer else 1.0 - p for p, answer in zip(probabilities, said, strict=True)]
    right = [true == answer for true, answer in zip(truth, said, strict=True)]
    return expected_calibration_error(sure, right)


def _photos(folder: Path) -> list[Path]:
    photos = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
    if not photos:
        raise LabelError(f"{folder} is missing or holds no photos; a folder per class is needed.")
    return photos


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
