"""How things look: lacquer, glass, lamps, wheels, seams. Shared by all views of a vehicle."""

import cv2
import numpy as np

from inference.taxonomy import PARTS
from reviewapp.demo.canvas import Canvas, Colour, Floats, Outline, Paint, box, circle, plain

RUBBER = plain(30, 30, 32)
TRIM = plain(24, 25, 27)


def part(label: str) -> int:
    return PARTS.named(label).id


def lacquer(colour: Colour, belt: float, half_width: float | None = None) -> Paint:
    """Light from above: bright shoulder, darker sill, a sharp line of sky under the windows."""
    base = np.array(colour, np.float32)
    heights = [0.15, 0.32, 0.5, 0.6, 0.8, 0.93, 1.0, 1.25, 1.6, 1.9]
    levels = [0.34, 0.5, 0.7, 0.8, 0.9, 1.08, 0.86, 0.92, 1.08, 1.14]

    def paint(x: Floats, y: Floats) -> Floats:
        at = y / belt
        level = np.interp(at, heights, levels) * (1 + 0.025 * np.sin(2.3 * x + 4 * y))
        if half_width is not None:
            level *= 1 - 0.3 * np.clip(np.abs(x) / half_width, 0, 1) ** 5
        sky = 46 * np.exp(-(((at - 0.925) / 0.035) ** 2)) + 20 * np.exp(
            -(((at - 0.56) / 0.02) ** 2)
        )
        lit: Floats = (base * level[..., None] + sky[..., None]).astype(np.float32)
        return lit

    return paint


def glass(low: float, high: float) -> Paint:
    """Dark below, sky above, two slanting reflections."""

    def paint(x: Floats, y: Floats) -> Floats:
        rise = np.clip((y - low) / (high - low), 0, 1)[..., None]
        seen = (1 - rise) * np.array([38, 46, 52]) + rise * np.array([112, 134, 150])
        streak = np.abs(np.mod(x - 0.7 * y + 0.2, 1.5) - 0.3) < 0.11
        lit: Floats = (seen + 26 * streak[..., None]).astype(np.float32)
        return lit

    return paint


def lamp(colour: Colour, centre: tuple[float, float]) -> Paint:
    """Clear or red plastic with rings of reflectors behind it."""
    base = np.array(colour, np.float32)

    def paint(x: Floats, y: Floats) -> Floats:
        away = np.hypot(x - centre[0], 1.4 * (y - centre[1]))
        level = 0.78 + 0.22 * np.cos(away * 60) * np.exp(-away * 6) + 0.18 * np.exp(-away * 14)
        lit: Floats = (base * level[..., None]).astype(np.float32)
        return lit

    return paint


def draw_wheel(canvas: Canvas, x: float, radius: float) -> None:
    """Arch, tyre and a rim with five double spokes; the gap round the tyre is no part."""
    canvas.lay(canvas.mask(circle(x, radius, radius + 0.07)), plain(17, 17, 19), part=0)
    canvas.lay(canvas.mask(circle(x, radius, radius)), RUBBER, part=part("Wheel"))
    rim = radius * 0.68
    canvas.lay(canvas.mask(circle(x, radius, rim)), _metal(radius), part=part("Wheel Rim"))
    for turn in np.linspace(0, 2 * np.pi, 5, endpoint=False):
        gap = [
            (x + rim * share * np.cos(turn + angle), radius + rim * share * np.sin(turn + angle))
            for share, angle in ((0.32, 0.0), (0.86, -0.34), (0.9, 0.0), (0.86, 0.34))
        ]
        canvas.lay(canvas.mask(gap), plain(36, 38, 41))
    canvas.lay(canvas.mask(circle(x, radius, rim * 0.2)), plain(150, 153, 157))


def _metal(radius: float) -> Paint:
    def paint(_x: Floats, y: Floats) -> Floats:
        level = 150 + 55 * (y - radius) / radius
        return np.repeat(level[..., None], 3, axis=2).astype(np.float32)

    return paint


def draw_seams(canvas: Canvas) -> None:
    """A dark joint wherever one part meets another."""
    parts = canvas.parts
    joint = np.zeros(parts.shape, np.uint8)
    joint[:, 1:] |= (parts[:, 1:] != parts[:, :-1]) & (parts[:, 1:] > 0) & (parts[:, :-1] > 0)
    joint[1:] |= (parts[1:] != parts[:-1]) & (parts[1:] > 0) & (parts[:-1] > 0)
    thick = max(1, round(0.007 * canvas.camera.scale))
    wide = cv2.dilate(joint, np.ones((thick, thick), np.uint8))
    soft = canvas.blurred(wide.astype(np.float32), 0.0035)
    canvas.shade(-0.62 * soft)


def draw_crease(canvas: Canvas, line: Outline, within: Floats) -> None:
    """A fold in the metal: light on its upper face, shadow below it."""
    fold = canvas.stroke(line, 0.02)
    below = canvas.stroke([(x, y - 0.03) for x, y in line], 0.025)
    canvas.shade(within * (0.2 * canvas.blurred(fold, 0.012) - 0.14 * canvas.blurred(below, 0.02)))


def draw_plate(canvas: Canvas, x: float, y: float) -> None:
    canvas.lay(canvas.mask(box(x - 0.26, y, x + 0.26, y + 0.11)), plain(232, 232, 228))
    canvas.name(canvas.mask(box(x - 0.26, y, x + 0.26, y + 0.11)), part("License Plate"))
    for at in np.linspace(-0.18, 0.18, 6):
        canvas.lay(
            canvas.mask(box(x + at - 0.02, y + 0.025, x + at + 0.02, y + 0.085)), plain(52, 54, 60)
        )
