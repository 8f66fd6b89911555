"""A vehicle seen from its left side, nose to the left; the right side is its mirror image."""

import numpy as np

from reviewapp.demo.canvas import Canvas, Colour, Floats, Outline, box, plain, smooth
from reviewapp.demo.surfaces import (
    TRIM,
    draw_crease,
    draw_seams,
    draw_wheel,
    glass,
    lacquer,
    lamp,
    part,
)
from reviewapp.demo.vehicles import Body

_FAR = 9.0


def draw_side(canvas: Canvas, body: Body, colour: Colour) -> None:
    metal = canvas.mask(_silhouette(body))
    canvas.lay(metal, lacquer(colour, body.belt), part=part("Rear Quarter Panel left"))
    for label, outline in _panels(body):
        canvas.name(metal * canvas.mask(outline), part(label))
    _draw_folds(canvas, body, metal)
    _draw_lamps(canvas, body, metal)
    draw_seams(canvas)
    _draw_windows(canvas, body, metal)
    _draw_handles(canvas, body)
    _draw_mirror(canvas, body, colour)
    for x in body.axles:
        draw_wheel(canvas, x, body.wheel)


def _silhouette(body: Body) -> Outline:
    b, height, length = body.belt / 0.95, body.height, body.length
    front, rear = body.roof
    nose = [(0.16, 0.21), (0.02, 0.36), (0.0, 0.56), (0.06, 0.72 * b), (0.22, 0.815 * b)]
    hood = [(0.55, 0.885 * b), (body.cowl[0] * 0.75, 0.945 * b), body.cowl, body.cowl]
    roof = [(front, height - 0.045), ((front + rear) / 2, height), (rear, height - 0.04)]
    back = [body.rear_window, body.tail, body.tail, (length - 0.02, 0.72 * b)]
    under = [(length, 0.5), (length - 0.06, 0.3), (length - 0.3, 0.22), (length - 0.3, 0.22)]
    sill = [(body.axles[1] - 0.5, 0.19), (body.axles[0] + 0.5, 0.19), (0.5, 0.2)]
    return smooth([*nose, *hood, *roof, *back, *under, *sill])


def _panels(body: Body) -> list[tuple[str, Outline]]:
    """Later ones lie over earlier ones; each is cut by the silhouette."""
    b, height, length, doors = body.belt / 0.95, body.height, body.length, body.doors
    front, rear = body.roof
    panels = [
        ("Front Fender left", box(-1, 0, doors[0], _FAR)),
        ("Front Door Shell left", box(doors[0], 0, doors[1], _FAR)),
        *(("Rear Door Shell left", box(left, 0, right, _FAR)) for left, right in _rear(doors)),
        ("Rocker Panel left", box(body.axles[0], 0, body.axles[1], 0.33)),
        ("Windshield Pillar left", _pillar(body)),
        ("Roof", box(front - 0.03, height - 0.085, rear + 0.04, _FAR)),
        ("Hood", [(0.1, 0.76 * b), (0.6, 0.855 * b), (body.cowl[0] - 0.03, body.belt - 0.02),
                  (body.cowl[0] - 0.03, _FAR), (0.1, _FAR)]),
        ("Front Bumper", [(-1, 0), (0.5, 0), (0.5, 0.56), (0.4, 0.66 * b), (-1, 0.68 * b)]),
        ("Rear Bumper", [(length - 0.58, 0), (_FAR, 0), (_FAR, 0.66 * b), (length - 0.3, 0.64 * b),
                         (length - 0.58, 0.56)]),
    ]  # fmt: skip
    if body.tail[0] - body.rear_window[0] > 0.4:
        lid = body.tail[1] - 0.05
        panels.append(("Trunk", box(body.rear_window[0] + 0.02, lid, _FAR, _FAR)))
    return panels


def _rear(doors: tuple[float, ...]) -> list[tuple[float, float]]:
    return [(doors[1], doors[2])] if len(doors) == 3 else []


def _pillar(body: Body) -> Outline:
    front, top = body.roof[0], body.height
    return [
        (body.cowl[0] - 0.05, body.belt),
        (body.cowl[0] + 0.2, body.belt),
        (front + 0.1, top - 0.1),
        (front, _FAR),
        (body.cowl[0] - 0.05, _FAR),
    ]


def _draw_folds(canvas: Canvas, body: Body, metal: Floats) -> None:
    belt, length = body.belt, body.length
    shoulder = [(0.55, belt - 0.17), (length * 0.5, belt - 0.115), (length - 0.3, belt - 0.1)]
    draw_crease(canvas, smooth(shoulder, closed=False), metal)
    low = [(body.axles[0] + 0.5, 0.43), (length * 0.5, 0.41), (body.axles[1] - 0.45, 0.46)]
    draw_crease(canvas, smooth(low, closed=False), metal)
    for x in body.axles:
        away = np.hypot(canvas.x - x, canvas.y - body.wheel) - body.wheel - 0.1
        canvas.shade((0.13 * np.exp(-((away / 0.03) ** 2)) * metal).astype(np.float32))


def _draw_lamps(canvas: Canvas, body: Body, metal: Floats) -> None:
    b, length = body.belt / 0.95, body.length
    front = smooth([(0.04, 0.69 * b), (0.3, 0.71 * b), (0.6, 0.8 * b), (0.6, 0.825 * b),
                    (0.3, 0.8 * b), (0.08, 0.75 * b)])  # fmt: skip
    shape = metal * canvas.mask(front)
    canvas.lay(shape, lamp((214, 222, 228), (0.26, 0.75 * b)), part=part("Front Lamps left"))
    rear = smooth([(length - 0.4, 0.84 * b), (length + 0.02, 0.77 * b), (length + 0.02, 0.94 * b),
                   (length - 0.36, 0.93 * b)])  # fmt: skip
    shape = metal * canvas.mask(rear)
    canvas.lay(shape, lamp((176, 22, 26), (length - 0.2, 0.86 * b)), part=part("Rear Lamps left"))


def _draw_windows(canvas: Canvas, body: Body, metal: Floats) -> None:
    belt, height = body.belt, body.height
    front, rear = body.roof
    opening = [(body.cowl[0] + 0.24, belt + 0.03), (front + 0.12, height - 0.115),
               (rear - 0.02, height - 0.12), (body.rear_window[0] - 0.24, belt + 0.05)]  # fmt: skip
    whole = metal * canvas.mask(opening)
    canvas.lay(whole, TRIM)
    seen = glass(belt, height)
    for label, left, right in _panes(body):
        pane = whole * canvas.mask(box(left, 0, right, _FAR))
        canvas.lay(pane, seen, part=part(label))


def _panes(body: Body) -> list[tuple[str, float, float]]:
    doors = body.doors
    panes = [("Door Glass left", doors[0] - 1, doors[1] - 0.05)]
    panes += [("Door Glass left", left + 0.04, right - 0.03) for left, right in _rear(doors)]
    if body.rear_window[0] - doors[-1] > 0.45:
        panes.append(("Quarter Glass left", doors[-1] + 0.05, _FAR))
    return panes


def _draw_handles(canvas: Canvas, body: Body) -> None:
    for edge in body.doors[1:]:
        y = body.belt - 0.17
        canvas.shade(
            -0.35 * canvas.blurred(canvas.mask(box(edge - 0.27, y - 0.035, edge - 0.1, y)), 0.01)
        )
        grip = smooth([(edge - 0.28, y), (edge - 0.1, y + 0.005), (edge - 0.1, y + 0.03),
                       (edge - 0.27, y + 0.03)])  # fmt: skip
        canvas.lay(canvas.mask(grip), plain(62, 65, 69))


def _draw_mirror(canvas: Canvas, body: Body, colour: Colour) -> None:
    x, y = body.doors[0] + 0.2, body.belt + 0.02
    shell = smooth([(x, y), (x + 0.2, y), (x + 0.21, y + 0.11), (x + 0.06, y + 0.13)])
    canvas.lay(canvas.mask(shell), lacquer(colour, body.belt + 0.1), part=part("Mirror left"))
    canvas.lay(canvas.stroke([(x + 0.02, y), (x + 0.19, y)], 0.012), TRIM)
