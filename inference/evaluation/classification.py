"""Vehicle presence and damaged-or-whole measured on folders of classes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference.errors import LabelError
from inference.evaluation.metrics import BinaryFigures
from inference.predictor import Predictor
from inference.preprocessing import SUFFIXES
from inference.probability import expected_calibration_error

FOLDERS = {"presence": ("no_vehicle", "vehicle"), "whole": ("whole", "damaged")}


def evaluate_classifier(predictor: Predictor, module: str, folder: Path) -> dict[str, Any]:
    """The object that `evaluate presence` and `evaluate whole` print.

    `folder` holds a folder of photos per class; precision and recall are those of the second
    class (vehicle, damaged).
    """
    no, yes = (_photos(folder / name) for name in FOLDERS[module])
    probabilities = [
        probability
        for _, probability in predictor.classify([(path.name, path) for path in no + yes], module)
    ]
    truth = [False] * len(no) + [True] * len(yes)
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
        "confusion": {"classes": list(FOLDERS[module]), "photos": figures.confusion},
        "calibration_error": round(_calibration_error(probabilities, truth, said), 4),
        "wrong": [
            path.name
            for path, true, answer in zip(no + yes, truth, said, strict=True)
            if true != answer
        ],
    }


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
