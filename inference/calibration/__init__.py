"""Flag threshold and probability curve of a model version, from photos it never saw."""

from inference.calibration.acceptance import judge_photos
from inference.calibration.curves import (
    FlagRule,
    Judged,
    best_curve,
    calibration_error,
    flag_rule,
    logistic_curve,
    monotone_curve,
)

__all__ = [
    "FlagRule",
    "Judged",
    "best_curve",
    "calibration_error",
    "flag_rule",
    "judge_photos",
    "logistic_curve",
    "monotone_curve",
]
