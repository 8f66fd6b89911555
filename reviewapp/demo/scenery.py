"""What stands round the vehicle, and what the camera adds: road, wall, sky, grain, a caption."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from reviewapp.demo.canvas import Bytes, Canvas, Colour, Floats, circle, plain

CAPTION = "SYNTHETIC · drawn by this program"


def clouds(shape: tuple[int, int], grain: int, rng: np.random.Generator) -> Floats:
    """Smooth noise, mostly in −1…1, its blobs about `grain` pixels wide."""
    small = (shape[0] // grain + 2, shape[1] // grain + 2)
    coarse = rng.standard_normal(small, dtype=np.float32) * 0.45
    wide = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return wide.astype(np.float32, copy=False)


def draw_place(canvas: Canvas, rng: np.random.Generator) -> None:
    """A car park on a bright day: asphalt, a low wall, hedge and sky."""
    x, y, shape = canvas.x, canvas.y, canvas.parts.shape
    everywhere = np.ones(shape, np.float32)
    canvas.lay(everywhere, lambda _x, y: _between((206, 218, 228), (146, 178, 214), y / 3 - 0.4))
    hedge = y < 1.75 + 0.18 * clouds(shape, 60, rng) + 0.03 * clouds(shape, 9, rng)
    canvas.lay(hedge.astype(np.float32), plain(70, 92, 58))
    canvas.shade(hedge * 0.28 * clouds(shape, 7, rng))
    wall = (y < 1.05) & (y > 0.2)
    canvas.lay(wall.astype(np.float32), plain(168, 160, 150))
    joints = (np.mod(x + 0.3 * np.floor(y / 0.3), 0.6) < 0.015) | (np.mod(y, 0.3) < 0.015)
    canvas.shade(wall * (0.05 * clouds(shape, 12, rng) - 0.18 * joints))
    _draw_road(canvas, rng)


def _between(low: Colour, high: Colour, share: Floats) -> Floats:
    part = np.clip(share, 0, 1)[..., None]
    return np.asarray(low, np.float32) * (1 - part) + np.asarray(high, np.float32) * part


def _draw_road(canvas: Canvas, rng: np.random.Generator) -> None:
    x, y, shape = canvas.x, canvas.y, canvas.parts.shape
    road = y < 0.32
    canvas.lay(
        road.astype(np.float32),
        lambda _x, y: _between((90, 91, 94), (121, 122, 125), y / 1.8 + 0.8),
    )
    grit = rng.standard_normal(shape, dtype=np.float32)
    rough: Floats = 0.05 * clouds(shape, 4, rng) + 0.06 * grit
    canvas.shade(rough * road)
    line = road & (np.abs(x - 5.6 - 0.9 * y) < 0.06)
    canvas.lay(line.astype(np.float32) * 0.65, plain(222, 220, 212))


def draw_shadow(canvas: Canvas, left: float, right: float) -> None:
    """What the vehicle takes from the light on the road beneath it."""
    middle, half = (left + right) / 2, (right - left) / 2
    flat = [(middle + (px - middle) * half, 0.04 + py * 0.14) for px, py in circle(middle, 0, 1.0)]
    canvas.shade(-0.72 * canvas.blurred(canvas.mask(flat), 0.06))


def develop(canvas: Canvas, rng: np.random.Generator) -> Bytes:
    """What a phone makes of it: soft edges of the lens, grain, darker corners, and the caption."""
    height, width = canvas.parts.shape
    image: Floats = cv2.GaussianBlur(canvas.image, (0, 0), 0.7).astype(np.float32, copy=False)
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, width, dtype=np.float32)[None]
    image *= (1.03 - 0.14 * (rows**2 + columns**2))[..., None]
    image += 2.6 * rng.standard_normal((height, width, 1), dtype=np.float32)
    photo = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
    _caption(photo)
    return np.asarray(photo)


def _caption(photo: Image.Image) -> None:
    drawn = ImageDraw.Draw(photo, "RGBA")
    font = ImageFont.load_default(size=20)
    left, top, right, bottom = drawn.textbbox((0, 0), CAPTION, font=font)
    at = (photo.width - (right - left) - 18, photo.height - (bottom - top) - 20)
    plate = (at[0] - 10, at[1] - 6, photo.width - 8, photo.height - 8)
    drawn.rounded_rectangle(plate, 6, fill=(15, 18, 22, 170))
    drawn.text((at[0], at[1] - top), CAPTION, font=font, fill=(255, 255, 255, 235))
