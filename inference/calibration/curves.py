"""Choosing the curve from confidence to probability, and the flag threshold (PIPELINE 8).

Both come from photos that training never saw and that carry careful labels: a damaged part is
*accepted* where its labels say what the model says.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from inference.errors import ConfigError
from inference.probability import ProbabilityCurve, expected_calibration_error

_FOLDS = 5
_NEWTON_STEPS = 50
_RIDGE = 1e-3
_REPLICATES = 2000
_EDGE = 1e-6
# Below this share of regions a precision is chance.
_LEAST_SHARE = 0.05


@dataclass(frozen=True)
class Judged:
    """A damaged part that the model named: how confident, whether right, of which case."""

    confidence: float
    accepted: bool
    cluster: str


@dataclass(frozen=True)
class FlagRule:
    """A threshold, and what it does on the photos it was chosen on.

    `precision`: share of the regions at or above it that a person would accept, with its 95 %
    interval; `flagged`: share of regions below it.
    """

    threshold: float
    precision: float
    precision_interval: tuple[float, float]
    flagged: float


def logistic_curve(judged: Sequence[Judged]) -> ProbabilityCurve:
    """Platt's curve by Newton's method, slightly pulled to the identity and never falling."""
    x = _log_odds(np.array([item.confidence for item in judged]))
    features = np.stack([x, np.ones_like(x)], axis=1)
    right = np.array([item.accepted for item in judged], float)
    start = np.array([1.0, 0.0])
    weights = start.copy()
    for _ in range(_NEWTON_STEPS):
        said = 1.0 / (1.0 + np.exp(-features @ weights))
        slope = features.T @ (said - right) + _RIDGE * (weights - start)
        bend = (features * (said * (1.0 - said))[:, None]).T @ features + _RIDGE * np.eye(2)
        weights = weights - np.linalg.solve(bend, slope)
    return ProbabilityCurve(
        "logistic", slope=max(0.0, float(weights[0])), intercept=float(weights[1])
    )


def monotone_curve(judged: Sequence[Judged]) -> ProbabilityCurve:
    """Isotonic regression: pools neighbours until the shares rise with confidence."""
    pools: list[list[float]] = []
    ordered = sorted(judged, key=lambda item: item.confidence)
    for confidence, items in groupby(ordered, key=lambda item: item.confidence):
        accepted = [float(item.accepted) for item in items]
        pools.append([confidence * len(accepted), sum(accepted), float(len(accepted))])
        while len(pools) > 1 and pools[-2][1] * pools[-1][2] >= pools[-1][1] * pools[-2][2]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    points = tuple((place / size, right / size) for place, right, size in pools)
    return ProbabilityCurve("monotone", points=points)


def identity_curve(judged: Sequence[Judged]) -> ProbabilityCurve:
    """Probability is confidence."""
    del judged
    return ProbabilityCurve()


CURVES: tuple[Callable[[Sequence[Judged]], ProbabilityCurve], ...] = (
    identity_curve,
    logistic_curve,
    monotone_curve,
)


def best_curve(judged: Sequence[Judged]) -> ProbabilityCurve:
    """The kind of curve with the lowest log loss on folds by case, fitted on everything."""
    if len({item.accepted for item in judged}) < 2:
        raise ConfigError(
            f"{len(judged)} damaged parts, all judged alike: too little to calibrate on."
        )
    fit = min(CURVES, key=lambda curve: _held_out_loss(judged, curve))
    return fit(judged)


def _held_out_loss(
    judged: Sequence[Judged], fit: Callable[[Sequence[Judged]], ProbabilityCurve]
) -> float:
    clusters = sorted({item.cluster for item in judged})
    fold_of = {cluster: number % _FOLDS for number, cluster in enumerate(clusters)}
    losses: list[float] = []
    for fold in range(_FOLDS):
        learn = [item for item in judged if fold_of[item.cluster] != fold]
        test = [item for item in judged if fold_of[item.cluster] == fold]
        if not learn:
            continue
        curve = fit(learn)
        for item in test:
            said = min(1.0 - 1e-3, max(1e-3, curve(item.confidence)))
            losses.append(-float(np.log(said if item.accepted else 1.0 - said)))
    return float(np.mean(losses))


def flag_rule(
    judged: Sequence[Judged],
    curve: ProbabilityCurve,
    *,
    precision: float | None = None,
    budget: float | None = None,
    seed: int = 0,
) -> FlagRule:
    """The threshold for a target.

    Either the lowest one above which a share `precision` is right (where that cannot be had:
    the one with the highest precision of at least 5 % of the regions), or the one that flags at
    most the share `budget`.
    """
    if (precision is None) == (budget is None):
        raise ConfigError("Give a precision or a review budget, not both and not neither.")
    said = np.array([curve(item.confidence) for item in judged])
    right = np.array([item.accepted for item in judged], float)
    if budget is not None:
        threshold = float(np.quantile(said, budget, method="lower"))
    else:
        threshold = _threshold_for_precision(said, right, precision or 0.0)
    passing = said >= threshold
    return FlagRule(
        threshold=threshold,
        precision=float(right[passing].mean()),
        precision_interval=_precision_interval(judged, passing, seed),
        flagged=float(1.0 - passing.mean()),
    )


def _threshold_for_precision(
    said: NDArray[np.float64], right: NDArray[np.float64], precision: float
) -> float:
    candidates = np.unique(said)
    passing = [said >= candidate for candidate in candidates]
    reached = np.array([right[chosen].mean() for chosen in passing])
    enough = np.array([chosen.mean() >= _LEAST_SHARE for chosen in passing])
    good = np.flatnonzero(enough & (reached >= precision))
    chosen = good[0] if good.size else int(np.where(enough, reached, -1.0).argmax())
    return float(candidates[chosen])


def _precision_interval(
    judged: Sequence[Judged], passing: NDArray[np.bool_], seed: int
) -> tuple[float, float]:
    """95 % bootstrap interval of the precision, cases resampled whole."""
    clusters = sorted({item.cluster for item in judged})
    number_of = {cluster: number for number, cluster in enumerate(clusters)}
    table = np.zeros((len(clusters), 2))
    for item, passes in zip(judged, passing, strict=True):
        if passes:
            table[number_of[item.cluster]] += (float(item.accepted), 1.0)
    rng = np.random.default_rng(seed)
    even = np.full(len(clusters), 1.0 / len(clusters))
    sums = rng.multinomial(len(clusters), even, size=_REPLICATES) @ table
    shares = sums[:, 0] / np.maximum(sums[:, 1], 1.0)
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)


def calibration_error(judged: Iterable[Judged], curve: ProbabilityCurve) -> float:
    """Expected calibration error of the probabilities that the curve gives."""
    items = list(judged)
    return expected_calibration_error(
        [curve(item.confidence) for item in items], [item.accepted for item in items]
    )


def _log_odds(confidence: NDArray[np.float64]) -> NDArray[np.float64]:
    inner = np.clip(confidence, _EDGE, 1.0 - _EDGE)
    odds: NDArray[np.float64] = np.log(inner / (1.0 - inner))
    return odds
