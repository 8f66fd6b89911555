"""Small pictures of a model card's numbers, as coordinates that a template draws in SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inference.probability import ProbabilityCurve

WIDTH, HEIGHT = 240, 72
_STEPS = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """A share and its interval on a scale of 0 to 100."""

    low: float
    value: float
    high: float

    @property
    def width(self) -> float:
        return round(self.high - self.low, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """A line in a box of WIDTH × HEIGHT (`points` as SVG writes them), and what it says."""

    name: str
    points: str
    words: str
    width: int = WIDTH
    height: int = HEIGHT


def bar_of(value: object, interval: object) -> Bar | None:
    """None where the figure is no share or has no interval."""
    if not isinstance(interval, Sequence) or len(interval) != 2:
        return None
    numbers = [interval[0], value, interval[1]]
    if not all(isinstance(number, int | float) and 0 <= number <= 1 for number in numbers):
        return None
    return Bar(*(round(100 * float(number), 1) for number in numbers))


def curve_of(name: str, points: Sequence[Sequence[float]]) -> Line | None:
    """A training curve, scaled to fill its box; None with fewer than two points."""
    if len(points) < 2:
        return None
    (first_epoch, first), (last_epoch, last) = points[0], points[-1]
    words = f"{first:.3f} at epoch {first_epoch:.0f}, {last:.3f} at epoch {last_epoch:.0f}"
    return Line(name, _scaled(points), words)


def _scaled(points: Sequence[Sequence[float]]) -> str:
    across, up = zip(*points, strict=True)
    return _svg_points((_within(x, across), _within(y, up)) for x, y in points)


def _within(number: float, numbers: Sequence[float]) -> float:
    low, high = min(numbers), max(numbers)
    return (number - low) / (high - low) if high > low else 0.5


def reliability_of(calibration: Mapping[str, Any]) -> Line | None:
    """From a model's confidence (across) to the probability that a person agrees (up)."""
    curve = ProbabilityCurve.from_json(calibration)
    if curve.kind == "identity":
        return None
    shares = [step / _STEPS for step in range(_STEPS + 1)]
    words = ", ".join(f"{share:.0%} becomes {curve(share):.0%}" for share in (0.25, 0.5, 0.75, 1.0))
    return Line("calibration", _svg_points((share, curve(share)) for share in shares), words)


def _svg_points(shares: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x * WIDTH:.1f},{(1 - y) * HEIGHT:.1f}" for x, y in shares)
