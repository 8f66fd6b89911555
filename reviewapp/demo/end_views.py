"""A vehicle seen from the front and from behind; x is 0 in its middle.

From the front the vehicle's own left is on the right of the picture, from behind on the left.
"""

from reviewapp.demo.canvas import Canvas, Colour, Floats, Outline, Paint, box, circle, plain, smooth
from reviewapp.demo.surfaces import (
    RUBBER,
    TRIM,
    draw_plate,
    draw_seams,
    glass,
    lacquer,
    lamp,
    part,
)
from reviewapp.demo.vehicles import Body

_FAR = 9.0


def draw_front(canvas: Canvas, body: Body, colour: Colour) -> None:
    b, w = body.belt / 0.95, body.half_width
    metal = _draw_shell(canvas, body, colour, "Front Fender")
    for side, x in (("left", 1), ("right", -1)):
        canvas.name(metal * _half(canvas, x, body.belt), part(f"Windshield Pillar {side}"))
    hood = [(-w + 0.2, 0.74 * b), (-w + 0.17, 1.0 * b), (-0.4, 1.06 * b), (0.4, 1.06 * b),
            (w - 0.17, 1.0 * b), (w - 0.2, 0.74 * b), (0.3, 0.7 * b), (-0.3, 0.7 * b)]  # fmt: skip
    canvas.name(metal * canvas.mask(smooth(hood)), part("Hood"))
    canvas.name(metal * canvas.mask(box(-_FAR, 0, _FAR, 0.63 * b)), part("Front Bumper"))
    _name_roof(canvas, body, metal)
    _draw_hood_folds(canvas, body)
    draw_seams(canvas)
    _draw_pane(canvas, body, 0.0, "Windshield")
    _draw_grilles(canvas, body)
    for side, x in (("left", 1), ("right", -1)):
        _draw_front_lamps(canvas, body, side, x)
        _draw_mirror(canvas, body, lacquer(colour, body.belt + 0.1), side, x)
    draw_plate(canvas, 0, 0.45)


def draw_rear(canvas: Canvas, body: Body, colour: Colour) -> None:
    b, w = body.belt / 0.95, body.half_width
    metal = _draw_shell(canvas, body, colour, "Rear Quarter Panel", swapped=True)
    lid = [(-w + 0.2, 0.6 * b), (-w + 0.16, 0.98 * b), (-0.5, 1.3 * b), (0.5, 1.3 * b),
           (w - 0.16, 0.98 * b), (w - 0.2, 0.6 * b)]  # fmt: skip
    canvas.name(metal * canvas.mask(lid), part("Trunk"))
    canvas.name(metal * canvas.mask(box(-_FAR, 0, _FAR, 0.6 * b)), part("Rear Bumper"))
    _name_roof(canvas, body, metal)
    fold = canvas.stroke([(-w + 0.2, 0.66 * b), (w - 0.2, 0.66 * b)], 0.02)
    canvas.shade(-0.2 * canvas.blurred(fold, 0.015))
    draw_seams(canvas)
    _draw_pane(canvas, body, 0.06, "Back Window")
    for side, x in (("left", -1), ("right", 1)):
        _draw_rear_lamps(canvas, body, side, x)
    canvas.lay(canvas.mask(box(-0.55, 0.2, 0.55, 0.28)), TRIM)
    draw_plate(canvas, 0, 0.7 * b)


def _draw_shell(
    canvas: Canvas, body: Body, colour: Colour, flank: str, *, swapped: bool = False
) -> Floats:
    """Tyres, then metal all over, named as the flanks of both sides; the rest lies on top."""
    b, w, height = body.belt / 0.95, body.half_width, body.height
    for x in (-w + 0.14, w - 0.14):
        tyre = smooth(box(x - 0.12, 0, x + 0.12, 0.5))
        canvas.lay(canvas.mask(tyre), RUBBER, part=part("Wheel"))
    half = [(0.3, 0.2), (w - 0.1, 0.21), (w - 0.02, 0.34), (w, 0.55), (w - 0.005, 0.78 * b),
            (w - 0.06, 0.95 * b), (w - 0.14, 1.01 * b), (w - 0.14, 1.01 * b),
            (w - 0.29, height - 0.15), (w - 0.42, height - 0.03), (0.2, height)]  # fmt: skip
    outline = smooth([*half, *((-x, y) for x, y in reversed(half))])
    metal = canvas.mask(outline)
    right, left = ("left", "right") if not swapped else ("right", "left")
    canvas.lay(metal, lacquer(colour, body.belt, w), part=part(f"{flank} {right}"))
    canvas.name(metal * canvas.mask(box(-_FAR, 0, 0, _FAR)), part(f"{flank} {left}"))
    return metal


def _half(canvas: Canvas, x: int, belt: float) -> Floats:
    """Everything above the belt on one side of the picture."""
    return canvas.mask(box(0, belt, _FAR, _FAR) if x > 0 else box(-_FAR, belt, 0, _FAR))


def _name_roof(canvas: Canvas, body: Body, metal: Floats) -> None:
    canvas.name(metal * canvas.mask(box(-_FAR, body.height - 0.1, _FAR, _FAR)), part("Roof"))


def _draw_pane(canvas: Canvas, body: Body, raised: float, label: str) -> None:
    w, height, low = body.half_width, body.height, body.belt * 1.075 + raised
    half = [(0.2, low), (w - 0.27, low - 0.01), (w - 0.4, height - 0.13), (0.2, height - 0.1)]
    corners: Outline = [*half, *((-x, y) for x, y in reversed(half))]
    canvas.lay(canvas.mask(corners), TRIM)
    inner = [(x * 0.975, y + (0.015 if y < low + 0.1 else -0.015)) for x, y in corners]
    canvas.lay(canvas.mask(inner), glass(low, height))
    canvas.name(canvas.mask(corners), part(label))


def _draw_hood_folds(canvas: Canvas, body: Body) -> None:
    b = body.belt / 0.95
    for x in (-1, 1):
        fold = canvas.stroke([(x * 0.36, 0.74 * b), (x * 0.46, 1.02 * b)], 0.03)
        canvas.shade(0.16 * canvas.blurred(fold, 0.02))


def _draw_grilles(canvas: Canvas, body: Body) -> None:
    b = body.belt / 0.95
    upper = [(-0.36, 0.59 * b), (-0.44, 0.71 * b), (0.44, 0.71 * b), (0.36, 0.59 * b)]
    canvas.lay(canvas.mask(upper), plain(20, 21, 23), part=part("Grille"))
    for share in (0.62, 0.655, 0.69):
        canvas.lay(
            canvas.stroke([(-0.38, share * b), (0.38, share * b)], 0.009), plain(150, 152, 156)
        )
    lower = [(-0.56, 0.25), (-0.5, 0.38), (0.5, 0.38), (0.56, 0.25)]
    canvas.lay(canvas.mask(lower), plain(26, 27, 29), part=part("Bumper Grille Bottom"))


def _draw_front_lamps(canvas: Canvas, body: Body, side: str, x: int) -> None:
    b, w = body.belt / 0.95, body.half_width
    shape = [(x * 0.48, 0.65 * b), (x * 0.52, 0.735 * b), (x * (w - 0.05), 0.81 * b),
             (x * (w - 0.015), 0.7 * b)]  # fmt: skip
    middle = (x * 0.68, 0.72 * b)
    canvas.lay(
        canvas.mask(smooth(shape)), lamp((216, 224, 230), middle), part=part(f"Front Lamps {side}")
    )
    fog = canvas.mask(circle(x * 0.68, 0.33, 0.065))
    canvas.lay(fog, lamp((206, 212, 216), (x * 0.68, 0.33)), part=part(f"Fog Lamps {side}"))


def _draw_rear_lamps(canvas: Canvas, body: Body, side: str, x: int) -> None:
    b, w = body.belt / 0.95, body.half_width
    shape = [(x * (w - 0.36), 0.76 * b), (x * (w - 0.01), 0.72 * b), (x * (w - 0.02), 0.9 * b),
             (x * (w - 0.3), 0.9 * b)]  # fmt: skip
    middle = (x * (w - 0.18), 0.82 * b)
    canvas.lay(
        canvas.mask(smooth(shape)), lamp((182, 24, 28), middle), part=part(f"Rear Lamps {side}")
    )
    inner, outer = sorted((x * 0.55, x * 0.75))
    reflector = canvas.mask(box(inner, 0.38, outer, 0.42))
    canvas.lay(reflector, plain(150, 24, 28), part=part(f"Rear Reflector {side}"))


def _draw_mirror(canvas: Canvas, body: Body, paint: Paint, side: str, x: int) -> None:
    at, y = x * (body.half_width + 0.1), body.belt + 0.1
    shell = smooth([(at - 0.1, y - 0.04), (at + 0.1, y - 0.05), (at + 0.11, y + 0.06),
                    (at - 0.08, y + 0.08)])  # fmt: skip
    canvas.lay(canvas.mask(shell), paint, part=part(f"Mirror {side}"))
    canvas.lay(
        canvas.stroke([(x * (body.half_width - 0.16), y - 0.06), (at, y - 0.03)], 0.03), TRIM
    )
