"""A picture and its truth, painted together: what is drawn as a part is a part in the label map.

World coordinates are metres, y upwards; an affine map brings them to pixels, so that a close-up
is the same drawing nearer by.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Bytes = NDArray[np.uint8]
Colour = tuple[int, int, int]
Outline = Sequence[tuple[float, float]]
Paint = Callable[[Floats, Floats], Floats]

_SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks at `centre` from so far that a metre has `scale` pixels, held at a slight angle."""

    width: int
    height: int
    centre: tuple[float, float]
    scale: float
    tilt: float = 0.0

    @property
    def to_pixels(self) -> Floats:
        cos, sin = np.cos(self.tilt) * self.scale, np.sin(self.tilt) * self.scale
        turn = np.array([[cos, sin], [sin, -cos]])
        shift = np.array([self.width / 2, self.height / 2]) - turn @ np.array(self.centre)
        return np.column_stack([turn, shift]).astype(np.float32)


def plain(red: float, green: float, blue: float) -> Paint:
    colour = np.array([red, green, blue], np.float32)
    return lambda x, _y: np.broadcast_to(colour, (*x.shape, 3))


def smooth(points: Outline, *, closed: bool = True, steps: int = 10) -> list[tuple[float, float]]:
    """A curve through the points (Catmull-Rom); a point given twice is a corner."""
    at = np.array(points, np.float64)
    count = len(at)
    curve: list[tuple[float, float]] = []
    for i in range(count if closed else count - 1):
        around = [i - 1, i, i + 1, i + 2]
        if closed:
            a, b, c, d = at[[j % count for j in around]]
        else:
            a, b, c, d = at[np.clip(around, 0, count - 1)]
        for t in np.linspace(0, 1, steps, endpoint=False):
            x, y = 0.5 * (
                2 * b
                + (c - a) * t
                + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * b - a - 3 * c + d) * t**3
            )
            curve.append((float(x), float(y)))
    return curve


def circle(x: float, y: float, radius: float, *, steps: int = 48) -> list[tuple[float, float]]:
    turn = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    return [(float(x + radius * np.cos(t)), float(y + radius * np.sin(t))) for t in turn]


def box(left: float, bottom: float, right: float, top: float) -> list[tuple[float, float]]:
    return [(left, bottom), (right, bottom), (right, top), (left, top)]


class Canvas:
    """`image` is RGB in 0…255 as floats; `parts` and `damage` are label maps of its size."""

    def __init__(self, camera: Camera) -> None:
        shape = (camera.height, camera.width)
        self.camera = camera
        self.image = np.zeros((*shape, 3), np.float32)
        self.parts = np.zeros(shape, np.uint8)
        self.damage = np.zeros(shape, np.uint8)
        self._matrix = camera.to_pixels
        self.x, self.y = self._world(shape)

    def _world(self, shape: tuple[int, int]) -> tuple[Floats, Floats]:
        rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
        inverse = np.linalg.inv(self._matrix[:, :2])
        shift = -inverse @ self._matrix[:, 2]
        x = inverse[0, 0] * columns + inverse[0, 1] * rows + shift[0]
        y = inverse[1, 0] * columns + inverse[1, 1] * rows + shift[1]
        return x.astype(np.float32), y.astype(np.float32)

    def pixels(self, outline: Outline) -> NDArray[np.float64]:
        at = np.array(outline, np.float64)
        moved: NDArray[np.float64] = at @ self._matrix[:, :2].T + self._matrix[:, 2]
        return moved

    def mask(self, outline: Outline) -> Floats:
        """How much of each pixel the outline covers, 0…1."""
        mask = np.zeros(self.parts.shape, np.uint8)
        at = np.round(self.pixels(outline) * 2**_SUBPIXEL_BITS).astype(np.int32)
        cv2.fillPoly(mask, [at], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
        return mask * np.float32(1 / 255)

    def stroke(self, line: Outline, thickness: float, *, least: int = 1) -> Floats:
        """A line so many metres thick, as a mask."""
        mask = np.zeros(self.parts.shape, np.uint8)
        at = np.round(self.pixels(line) * 2**_SUBPIXEL_BITS).astype(np.int32)
        width = max(least, round(thickness * self.camera.scale))
        cv2.polylines(mask, [at], False, 255, width, cv2.LINE_AA, _SUBPIXEL_BITS)  # noqa: FBT003
        return mask * np.float32(1 / 255)

    def blurred(self, mask: Floats, metres: float) -> Floats:
        """Softened over so many metres; wide softness is made on a smaller copy, which is quick."""
        sigma = max(0.3, metres * self.camera.scale)
        shrink = max(1, int(sigma / 2))
        height, width = mask.shape
        small = cv2.resize(mask, (width // shrink, height // shrink), interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(small, (0, 0), sigma / shrink)
        whole: Floats = cv2.resize(soft, (width, height)).astype(np.float32, copy=False)
        return whole

    def lay(self, mask: Floats, paint: Paint, *, part: int | None = None) -> None:
        """Paint where the mask is; as a part of the vehicle where one is named."""
        rows, columns = np.nonzero(mask.max(axis=1))[0], np.nonzero(mask.max(axis=0))[0]
        if not len(rows):
            return
        at = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        share = mask[at][..., None]
        self.image[at] += (paint(self.x[at], self.y[at]) - self.image[at]) * share
        if part is not None:
            self.parts[at][mask[at] > 0.5] = part

    def name(self, mask: Floats, part: int) -> None:
        """The same picture, but there it is this part."""
        self.parts[mask > 0.5] = part

    def shade(self, amount: Floats) -> None:
        """Lighten (above 0) or darken (below) by a share of the brightness there."""
        self.image *= 1 + amount[..., None]

    def part_at(self, x: float, y: float) -> int:
        """The part at a place in the world; 0 outside the picture."""
        column, row = np.round(self.pixels([(x, y)])[0]).astype(int)
        height, width = self.parts.shape
        inside = 0 <= row < height and 0 <= column < width
        return int(self.parts[row, column]) if inside else 0

    def mark(self, region: NDArray[np.bool_], damage: int) -> None:
        """Damage there, as far as there is a vehicle."""
        self.damage[region & (self.parts > 0)] = damage
