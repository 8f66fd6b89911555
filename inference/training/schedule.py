"""Learning rate over the steps: a linear warm-up, then what `decay` says.

`cosine`: one cycle down to almost 0. `inverse`: 1 / (1 + rate · step), as the damaged-or-whole
guide has it. `constant`: no fall.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from inference.training.config import ScheduleConfig

FLOOR = 0.01


def rate_factor(schedule: ScheduleConfig, step: int, steps_per_epoch: int) -> float:
    """Factor on the highest rate at `step` (from 0): up to 1 at the end of the warm-up, then
    falling."""
    warm_up = round(schedule.warm_up_epochs * steps_per_epoch)
    if step < warm_up:
        return (step + 1) / warm_up
    return _DECAYS[schedule.decay](
        schedule, step - warm_up, schedule.epochs * steps_per_epoch - warm_up
    )


def _cosine(schedule: ScheduleConfig, step: int, steps: int) -> float:
    progress = min(1.0, step / max(1, steps - 1))
    return FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * progress))


def _inverse(schedule: ScheduleConfig, step: int, steps: int) -> float:
    return 1.0 / (1.0 + schedule.inverse_rate * step)


def _constant(schedule: ScheduleConfig, step: int, steps: int) -> float:
    return 1.0


_DECAYS: Mapping[str, Callable[[ScheduleConfig, int, int], float]] = {
    "cosine": _cosine,
    "inverse": _inverse,
    "constant": _constant,
}
