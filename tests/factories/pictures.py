"""Small pictures that tests make themselves."""

import io

import numpy as np
from PIL import Image


def picture(width: int = 96, height: int = 64, *, seed: int = 0) -> Image.Image:
    """A smooth coloured picture; other seeds give other bytes."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 255, (4, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def picture_bytes(
    width: int = 96, height: int = 64, *, seed: int = 0, format: str = "JPEG"
) -> bytes:
    buffer = io.BytesIO()
    picture(width, height, seed=seed).save(buffer, format)
    return buffer.getvalue()
