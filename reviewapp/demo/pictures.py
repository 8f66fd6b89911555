"""Cases of pictures that the project draws itself, with known truth; a seed is a case."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from inference.taxonomy import PARTS
from reviewapp.demo.canvas import Bytes, Camera, Canvas, Colour
from reviewapp.demo.damages import Damage, draw_damage
from reviewapp.demo.end_views import draw_front, draw_rear
from reviewapp.demo.scenery import develop, draw_place, draw_shadow
from reviewapp.demo.side_view import draw_side
from reviewapp.demo.vehicles import BODIES, PAINTS, Body

WIDTH, HEIGHT = 1120, 840
_QUALITY = 90
_METRES_OF_CLOSE_UP = 1.5


@dataclass(frozen=True, slots=True)
class SyntheticPhoto:
    """A JPEG and what it shows: label maps of finest class ids at its own size."""

    file_name: str
    jpeg: bytes
    parts: Bytes
    damage: Bytes


@dataclass(frozen=True, slots=True)
class _Vehicle:
    body: Body
    colour: Colour
    side: str


_Draw = Callable[[Canvas, Body, Colour], None]
_DRAWN: dict[str, _Draw] = {"side": draw_side, "front": draw_front, "rear": draw_rear}


def synthetic_case(seed: int) -> list[tuple[str, bytes]]:
    """File names and JPEGs of one vehicle with two to four damages, from far and near."""
    return [(photo.file_name, photo.jpeg) for photo in synthetic_photos(seed)]


def synthetic_photos(seed: int) -> list[SyntheticPhoto]:
    rng = np.random.default_rng(seed)
    body = BODIES[seed % len(BODIES)]
    colour = PAINTS[seed * 3 % len(PAINTS)]
    vehicle = _Vehicle(body, colour, ("left", "right")[int(rng.integers(2))])
    damages = _chosen_damages(body, rng)
    photos: list[SyntheticPhoto] = []
    for view in dict.fromkeys(view for view, _ in damages):
        there = [damage for named, damage in damages if named == view]
        photos.append(_photo(vehicle, view, there, _overview(body, view, rng), rng))
        for damage in there[:2]:
            photos.append(_photo(vehicle, view, there, _close_up(damage, rng), rng))
    return [replace(p, file_name=f"{n}-{p.file_name}") for n, p in enumerate(photos, start=1)]


def _chosen_damages(body: Body, rng: np.random.Generator) -> list[tuple[str, Damage]]:
    """One or two on the side, and one on an end of the vehicle."""
    side = rng.choice(len(_SIDE), int(rng.integers(1, 3)), replace=False)
    view = ("front", "rear")[int(rng.integers(2))]
    ends = _FRONT if view == "front" else _REAR
    end = int(rng.integers(len(ends)))
    spots = [("side", _SIDE[i]) for i in sorted(side)] + [(view, ends[end])]
    return [(named, _placed(spot, body, rng)) for named, spot in spots]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a damage may be; heights are shares of the belt line's."""

    kinds: tuple[str, ...]
    x: Callable[[Body], float]
    y: float
    size: tuple[float, float]


_SIDE = (
    _Spot(("Scratch", "Dent"), lambda b: (b.doors[0] + b.doors[1]) / 2, 0.66, (0.35, 0.5)),
    _Spot(("Dent", "Scratch"), lambda b: (b.doors[-2] + b.doors[-1]) / 2, 0.6, (0.32, 0.45)),
    _Spot(("Corrosion", "Dent"), lambda b: b.axles[1] + b.wheel + 0.14, 0.72, (0.2, 0.26)),
    _Spot(("Paint Chip", "Scratch"), lambda b: b.axles[0] + b.wheel + 0.1, 0.72, (0.2, 0.28)),
)
_FRONT = (
    _Spot(("Crack", "Scratch", "Paint Chip"), lambda _: -0.62, 0.52, (0.24, 0.32)),
    _Spot(("Dent", "Paint Chip"), lambda _: 0.2, 0.9, (0.28, 0.36)),
    _Spot(("Broken",), lambda _: 0.68, 0.735, (0.2, 0.26)),
)
_REAR = (
    _Spot(("Crack", "Scratch", "Dent"), lambda _: 0.5, 0.5, (0.26, 0.36)),
    _Spot(("Dent",), lambda _: -0.36, 0.86, (0.28, 0.36)),
    _Spot(("Broken",), lambda b: 0.18 - b.half_width, 0.86, (0.18, 0.24)),
)


def _placed(spot: _Spot, body: Body, rng: np.random.Generator) -> Damage:
    return Damage(
        kind=spot.kinds[int(rng.integers(len(spot.kinds)))],
        x=spot.x(body) + float(rng.uniform(-0.05, 0.05)),
        y=spot.y * body.belt,
        size=float(rng.uniform(*spot.size)),
        seed=int(rng.integers(2**31)),
    )


def _overview(body: Body, view: str, rng: np.random.Generator) -> Camera:
    wide, middle = (body.length, body.length / 2) if view == "side" else (2.2, 0.0)
    scale = min(WIDTH * rng.uniform(0.8, 0.88) / wide, HEIGHT * 0.72 / body.height)
    centre = (middle + rng.uniform(-0.06, 0.06), body.height * 0.5 + rng.uniform(0.0, 0.12))
    return Camera(WIDTH, HEIGHT, centre, float(scale), float(rng.normal(0, 0.012)))


def _close_up(damage: Damage, rng: np.random.Generator) -> Camera:
    away = _METRES_OF_CLOSE_UP * rng.uniform(0.85, 1.1)
    centre = (damage.x + rng.uniform(-0.15, 0.15), damage.y + rng.uniform(-0.05, 0.12))
    return Camera(WIDTH, HEIGHT, centre, float(WIDTH / away), float(rng.normal(0, 0.03)))


def _photo(
    vehicle: _Vehicle, view: str, damages: list[Damage], camera: Camera, rng: np.random.Generator
) -> SyntheticPhoto:
    canvas = Canvas(camera)
    draw_place(canvas, rng)
    half = vehicle.body.half_width
    draw_shadow(canvas, *((0.1, vehicle.body.length - 0.1) if view == "side" else (-half, half)))
    _DRAWN[view](canvas, vehicle.body, vehicle.colour)
    for damage in damages:
        draw_damage(canvas, damage)
    name = f"{vehicle.side}-side" if view == "side" else view
    if view == "side" and vehicle.side == "right":
        _mirror(canvas)
    near = "-close-up" if camera.scale > WIDTH / 2 else ""
    return SyntheticPhoto(
        f"{name}{near}.jpg", _jpeg(develop(canvas, rng)), canvas.parts, canvas.damage
    )


def _mirror(canvas: Canvas) -> None:
    """The other side of the vehicle: left and right change places, in names too."""
    canvas.image = np.ascontiguousarray(canvas.image[:, ::-1])
    canvas.parts = PARTS.mirrored[canvas.parts[:, ::-1]]
    canvas.damage = np.ascontiguousarray(canvas.damage[:, ::-1])


def _jpeg(image: Bytes) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
