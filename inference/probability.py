"""The curve from refined confidence to probability (PIPELINE 8), as `model.json` holds it.

Applied here, without torch; fitted in `calibration`.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from inference.errors import ConfigError

CurveKind = Literal["identity", "logistic", "monotone"]
_EDGE = 1e-6


@dataclass(frozen=True)
class ProbabilityCurve:
    """Non-decreasing [0, 1] → [0, 1].

    *identity*; *logistic*: slope and intercept on the log-odds (Platt); *monotone*: straight
    lines between `points` (confidence, probability), level outside (isotonic regression).
    """

    kind: CurveKind = "identity"
    slope: float = 1.0
    intercept: float = 0.0
    points: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in ("identity", "logistic", "monotone"):
            raise ConfigError(
                f"{self.kind!r} is no calibration; there are identity, logistic and monotone."
            )
        if self.kind == "monotone" and not (self.points and self._rises()):
            raise ConfigError("A monotone calibration needs points in ascending order.")
        if self.kind == "logistic" and self.slope < 0:
            raise ConfigError("A logistic calibration must not fall: its slope is negative.")

    def _rises(self) -> bool:
        steps = list(pairwise(self.points))
        return all(x0 < x1 and y0 <= y1 for (x0, y0), (x1, y1) in steps)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ProbabilityCurve":
        return cls(
            kind=data["kind"],
            slope=float(data.get("slope", 1.0)),
            intercept=float(data.get("intercept", 0.0)),
            points=tuple((float(x), float(y)) for x, y in data.get("points", ())),
        )

    def to_json(self) -> dict[str, Any]:
        if self.kind == "logistic":
            return {"kind": self.kind, "slope": self.slope, "intercept": self.intercept}
        if self.kind == "monotone":
            return {"kind": self.kind, "points": [list(point) for point in self.points]}
        return {"kind": self.kind}

    def __call__(self, confidence: float) -> float:
        if self.kind == "logistic":
            return self._logistic(confidence)
        if self.kind == "monotone":
            return self._between_points(confidence)
        return confidence

    def _logistic(self, confidence: float) -> float:
        inner = min(1.0 - _EDGE, max(_EDGE, confidence))
        log_odds = self.slope * math.log(inner / (1.0 - inner)) + self.intercept
        return 1.0 / (1.0 + math.exp(-max(-700.0, log_odds)))

    def _between_points(self, confidence: float) -> float:
        right = bisect_left(self.points, confidence, key=lambda point: point[0])
        if right == 0:
            return self.points[0][1]
        if right == len(self.points):
            return self.points[-1][1]
        (x0, y0), (x1, y1) = self.points[right - 1], self.points[right]
        return y0 + (y1 - y0) * (confidence - x0) / (x1 - x0)


def expected_calibration_error(
    probabilities: Sequence[float], right: Sequence[bool], bins: int = 10
) -> float:
    """Mean gap between said probability and share that was right, over equally wide bins."""
    said, was_right = np.asarray(probabilities, float), np.asarray(right, float)
    places = np.minimum((said * bins).astype(int), bins - 1)
    gap = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            gap += inside.mean() * abs(said[inside].mean() - was_right[inside].mean())
    return float(gap)
