"""Damage drawn on a vehicle, the same from far and near, with its true region."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from inference.taxonomy import DAMAGE
from reviewapp.demo.canvas import Canvas, Floats, Outline, plain
from reviewapp.demo.scenery import clouds

_PRIMER = plain(198, 198, 194)
_BARE = plain(232, 231, 226)
_DARK = plain(20, 20, 21)


@dataclass(frozen=True, slots=True)
class Damage:
    """One damage at a place of a view, about `size` metres across."""

    kind: str
    x: float
    y: float
    size: float
    seed: int

    @property
    def class_id(self) -> int:
        return DAMAGE.named(self.kind).id


def draw_damage(canvas: Canvas, damage: Damage) -> None:
    on = canvas.parts > 0
    if damage.kind in _WITHIN_ONE_PART:
        on &= canvas.parts == canvas.part_at(damage.x, damage.y)
    there = on.astype(np.float32)
    region = _DRAWN[damage.kind](canvas, damage, there, np.random.default_rng(damage.seed))
    canvas.mark(region * there > 0.3, damage.class_id)


def _grown(canvas: Canvas, mask: Floats, metres: float) -> Floats:
    """The mask and so much round it: what somebody would outline."""
    reach = max(1, round(metres * canvas.camera.scale))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
    grown: Floats = cv2.dilate(closed, kernel[::2, ::2]).astype(np.float32)
    return grown


def _wandering(
    start: tuple[float, float], angle: float, length: float, rough: float, rng: np.random.Generator
) -> Outline:
    """A line that keeps its direction but not exactly."""
    turns = angle + rough * np.cumsum(rng.normal(size=9)) / 3
    steps = np.column_stack([np.cos(turns), np.sin(turns)]) * length / 9
    at = np.vstack([start, np.array(start) + np.cumsum(steps, axis=0)])
    return [(float(x), float(y)) for x, y in at]


def _scratch(canvas: Canvas, damage: Damage, on: Floats, rng: np.random.Generator) -> Floats:
    drawn = np.zeros_like(on)
    angle = rng.uniform(-0.3, 0.3)
    for _ in range(int(rng.integers(4, 8))):
        length = damage.size * rng.uniform(0.45, 1.0)
        start = (
            damage.x - length / 2 * np.cos(angle) + rng.normal(0, 0.03),
            damage.y - length / 2 * np.sin(angle) + rng.uniform(-0.06, 0.06),
        )
        line = _wandering(start, angle + rng.normal(0, 0.05), length, 0.06, rng)
        stroke = canvas.stroke(line, rng.uniform(0.002, 0.006)) * on
        shadow = canvas.stroke([(x, y - 0.005) for x, y in line], 0.005) * on
        canvas.shade(-0.35 * canvas.blurred(shadow, 0.003))
        canvas.lay(stroke * rng.uniform(0.6, 0.95), _BARE if rng.random() < 0.5 else _PRIMER)
        drawn = np.maximum(drawn, stroke)
    return _grown(canvas, drawn, 0.02)


def _dent(canvas: Canvas, damage: Damage, on: Floats, rng: np.random.Generator) -> Floats:
    """A hollow: its upper rim turns away from the light, its lower rim towards it."""
    turn, flat = rng.uniform(0, np.pi), rng.uniform(0.6, 0.95)
    dx, dy = canvas.x - damage.x, canvas.y - damage.y
    along = (dx * np.cos(turn) + dy * np.sin(turn)) / (damage.size / 2)
    across = (dy * np.cos(turn) - dx * np.sin(turn)) / (damage.size / 2 * flat)
    away = np.hypot(along, across)
    hollow = np.exp(-((away / 0.62) ** 2) * 1.1)
    slope = (dy * 0.95 - dx * 0.35) / (damage.size / 2)
    canvas.shade((-1.05 * slope * hollow * on).astype(np.float32))
    canvas.shade((-0.22 * np.exp(-((away / 0.4) ** 2)) * on).astype(np.float32))
    rim = np.exp(-(((away - 0.9) / 0.12) ** 2)) * np.clip(dy / (damage.size / 2), 0, 1)
    canvas.shade((0.16 * rim * on).astype(np.float32))
    region: Floats = (away < 0.95).astype(np.float32)
    return region


def _crack(canvas: Canvas, damage: Damage, on: Floats, rng: np.random.Generator) -> Floats:
    drawn = np.zeros_like(on)
    angle = rng.uniform(0.3, 1.2) * rng.choice([-1, 1])
    start = (
        damage.x - damage.size / 2 * np.cos(angle),
        damage.y - damage.size / 2 * np.sin(angle),
    )
    trunk = _wandering(start, angle, damage.size, 0.5, rng)
    lines = [(trunk, 0.009)]
    for at in rng.choice(len(trunk) - 2, 3, replace=False) + 1:
        turn = angle + rng.uniform(0.5, 1.1) * rng.choice([-1, 1])
        lines.append((_wandering(trunk[at], turn, damage.size * 0.35, 0.5, rng), 0.005))
    for line, thick in lines:
        edge = canvas.stroke([(x + 0.004, y - 0.004) for x, y in line], thick) * on
        canvas.lay(edge * 0.7, _PRIMER)
        stroke = canvas.stroke(line, thick) * on
        canvas.lay(stroke * 0.95, _DARK)
        drawn = np.maximum(drawn, stroke)
    return _grown(canvas, drawn, 0.018)


def _paint_chip(canvas: Canvas, damage: Damage, on: Floats, rng: np.random.Generator) -> Floats:
    drawn = np.zeros_like(on)
    for _ in range(int(rng.integers(7, 13))):
        x, y = rng.normal((damage.x, damage.y), damage.size / 4)
        turn = np.linspace(0, 2 * np.pi, 9, endpoint=False)
        radius = rng.uniform(0.008, 0.022) * rng.uniform(0.5, 1.2, 9)
        chip = canvas.mask(
            list(zip(x + radius * np.cos(turn), y + radius * np.sin(turn), strict=True))
        )
        chip = chip * on
        canvas.shade(-0.4 * canvas.blurred(chip, 0.004))
        canvas.lay(chip * 0.9, _PRIMER)
        drawn = np.maximum(drawn, chip)
    return _grown(canvas, drawn, 0.01)


def _corrosion(canvas: Canvas, damage: Damage, on: Floats, rng: np.random.Generator) -> Floats:
    away = np.hypot(canvas.x - damage.x, (canvas.y - damage.y) * 1.8) / (damage.size / 2)
    grain = max(3, round(0.03 * canvas.camera.scale))
    eaten: Floats = ((away + 0.5 * clouds(on.shape, grain, rng)) < 0.75).astype(np.float32) * on
    rust = (
        np.array([122, 66, 32]) * (1 + 0.3 * clouds(on.shape, max(2, grain // 3), rng))[..., None]
    )
    soft = canvas.blurred(eaten, 0.003)[..., None]
    canvas.image += (rust - canvas.image) * soft * 0.9
    return eaten


def _broken(canvas: Canvas, damage: Damage, on: Floats, rng: np.random.Generator) -> Floats:
    """A lamp knocked in: a dark hole with shards along its rim, lines running out of it."""
    turn = np.linspace(0, 2 * np.pi, 15, endpoint=False)
    radius = damage.size / 2 * rng.uniform(0.45, 1.0, 15)
    rim = list(
        zip(damage.x + radius * np.cos(turn), damage.y + 0.6 * radius * np.sin(turn), strict=True)
    )
    hole = canvas.mask(rim) * on
    canvas.lay(hole, plain(30, 31, 33))
    canvas.lay(canvas.stroke([*rim, rim[0]], 0.006) * on * 0.8, _BARE)
    drawn = hole
    for angle in rng.uniform(0, 2 * np.pi, 7):
        line = _wandering((damage.x, damage.y), float(angle), damage.size * 0.7, 0.2, rng)
        stroke = canvas.stroke(line, 0.003) * on
        canvas.lay(stroke * 0.7, _BARE)
        drawn = np.maximum(drawn, stroke * 0.4)
    return _grown(canvas, drawn, 0.008)


# A lamp breaks to its edge; metal beside it does not.
_WITHIN_ONE_PART = frozenset({"Broken"})
_Drawer = Callable[[Canvas, Damage, Floats, np.random.Generator], Floats]
_DRAWN: dict[str, _Drawer] = {
    "Scratch": _scratch,
    "Dent": _dent,
    "Crack": _crack,
    "Paint Chip": _paint_chip,
    "Corrosion": _corrosion,
    "Broken": _broken,
}
