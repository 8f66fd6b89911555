"""Does a pixel's probability say how often it is right? (Guo et al. 2017, expected calibration
error over equally wide bins)"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from inference.evaluation.measures import ClassNames, JudgedPhoto, Table
from inference.taxonomy import BACKGROUND, IGNORE

BINS = 15


@dataclass(frozen=True)
class PixelCalibration:
    """Histogram of the winning class's merged probability against right or wrong.

    Table (2, bins, 3): pixels labelled background and the others; pixels, right ones, sum of
    probabilities. Pixels without a probability (background of a multi-label decoder) are left
    out.
    """

    bins: int = BINS
    key: str = "calibration"

    def count(self, photo: JudgedPhoto, names: ClassNames) -> Table:
        kept = (photo.truth != IGNORE) & (photo.confidence > 0)
        said = photo.confidence[kept]
        truth = photo.truth[kept]
        right = truth == photo.predicted[kept]
        places = np.minimum((said * self.bins).astype(np.int64), self.bins - 1)
        places += np.where(truth == BACKGROUND, 0, self.bins)
        sums = [
            np.bincount(places, weights=weights, minlength=2 * self.bins)
            for weights in (None, right, said)
        ]
        return np.stack(sums, axis=1).astype(np.float64).reshape(2, self.bins, 3)

    def figures(self, table: Table, names: ClassNames) -> dict[str, Any]:
        together = table.sum(axis=0)
        return {
            "expected_calibration_error": _error(together),
            "expected_calibration_error_without_background": _error(table[1]),
            "bins": [
                {
                    "from": round(place / self.bins, 4),
                    "to": round((place + 1) / self.bins, 4),
                    "pixels": int(pixels),
                    "confidence": round(float(said / pixels), 4) if pixels else None,
                    "right": round(float(right / pixels), 4) if pixels else None,
                }
                for place, (pixels, right, said) in enumerate(together)
            ],
        }


def _error(table: Table) -> float | None:
    """Mean gap between probability and share right, by pixels; None without pixels."""
    pixels, right, said = table.T
    if not pixels.sum():
        return None
    return round(float(np.abs(right - said).sum() / pixels.sum()), 4)
