"""Body types by their measures in metres, seen from the side, and the paints they come in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Body:
    """x runs from the nose (0) to the tail; y is the height above the road."""

    name: str
    length: float
    height: float
    belt: float
    cowl: tuple[float, float]
    roof: tuple[float, float]
    rear_window: tuple[float, float]
    tail: tuple[float, float]
    axles: tuple[float, float]
    wheel: float
    # Edges of the doors: front of the front door, between, end of the last (one door: two edges).
    doors: tuple[float, ...]
    half_width: float = 0.9


BODIES = (
    Body(
        name="sedan",
        length=4.6,
        height=1.45,
        belt=0.95,
        cowl=(1.45, 0.99),
        roof=(2.2, 3.1),
        rear_window=(3.85, 1.03),
        tail=(4.48, 1.0),
        axles=(0.88, 3.62),
        wheel=0.33,
        doors=(1.42, 2.48, 3.4),
    ),
    Body(
        name="hatchback",
        length=4.05,
        height=1.48,
        belt=0.95,
        cowl=(1.18, 1.0),
        roof=(1.85, 3.3),
        rear_window=(3.82, 1.04),
        tail=(3.95, 0.96),
        axles=(0.8, 3.3),
        wheel=0.32,
        doors=(1.22, 2.24, 3.1),
    ),
    Body(
        name="SUV",
        length=4.55,
        height=1.68,
        belt=1.1,
        cowl=(1.32, 1.16),
        roof=(1.95, 3.85),
        rear_window=(4.33, 1.18),
        tail=(4.46, 1.08),
        axles=(0.88, 3.62),
        wheel=0.38,
        doors=(1.36, 2.44, 3.4),
    ),
    Body(
        name="coupé",
        length=4.5,
        height=1.34,
        belt=0.92,
        cowl=(1.55, 0.95),
        roof=(2.3, 2.8),
        rear_window=(3.85, 1.0),
        tail=(4.38, 0.98),
        axles=(0.88, 3.55),
        wheel=0.34,
        doors=(1.52, 2.92),
    ),
    Body(
        name="van",
        length=4.8,
        height=1.9,
        belt=1.15,
        cowl=(0.98, 1.2),
        roof=(1.75, 4.3),
        rear_window=(4.66, 1.22),
        tail=(4.73, 1.1),
        axles=(0.86, 3.85),
        wheel=0.34,
        doors=(1.3, 2.4, 3.6),
    ),
)

# Red, green, blue in full light.
PAINTS = (
    (186, 32, 36),
    (74, 79, 86),
    (190, 170, 132),
    (38, 82, 158),
    (226, 227, 224),
    (214, 106, 36),
    (176, 181, 186),
    (44, 104, 78),
)
