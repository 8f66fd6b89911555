"""Learning rate over the steps: linear warm-up, then one cycle of a cosine down to almost 0."""

from __future__ import annotations

import math

FLOOR = 0.01


def rate_factor(step: int, warm_up_steps: int, total_steps: int) -> float:
    """Factor on the highest rate at `step` (from 0): up to 1 at the end of the warm-up, then
    falling to `FLOOR` at the last step."""
    if step < warm_up_steps:
        return (step + 1) / warm_up_steps
    progress = (step - warm_up_steps) / max(1, total_steps - 1 - warm_up_steps)
    return FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
