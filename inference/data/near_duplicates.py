"""Near-duplicate photos by perceptual hash, mirrored ones too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.preprocessing import Pixels, decode_photo

# Of 64 bits; recompression and halving stay below, different photos of one car above.
MAX_DISTANCE = 4
_HASH_SIDE = 8
_DCT_SIDE = 32


def perceptual_hash(pixels: Pixels) -> int:
    """64 bits: signs of the lowest frequencies of the grey photo against their median."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (_DCT_SIDE, _DCT_SIDE), interpolation=cv2.INTER_AREA)
    low = cv2.dct(small.astype(np.float32))[:_HASH_SIDE, :_HASH_SIDE].ravel()
    bits = low > np.median(low[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def near_duplicate_pairs(paths: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
    """Pairs of keys whose photos look alike, as they are or mirrored.

    Raises `UnreadablePhotoError` for a photo that cannot be decoded.
    """
    keys = list(paths)
    hashes, mirrored = _hashes(list(paths.values()))
    for index, key in enumerate(keys[:-1]):
        others = slice(index + 1, None)
        distance = np.minimum(
            np.bitwise_count(hashes[others] ^ hashes[index]),
            np.bitwise_count(hashes[others] ^ mirrored[index]),
        )
        for found in np.flatnonzero(distance <= MAX_DISTANCE).tolist():
            yield key, keys[index + 1 + found]


def _hashes(paths: list[Path]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    plain, mirrored = [], []
    for path in paths:
        pixels = decode_photo(path.name, path, long_side=128).pixels
        plain.append(perceptual_hash(pixels))
        mirrored.append(perceptual_hash(np.ascontiguousarray(pixels[:, ::-1])))
    return np.array(plain, np.uint64), np.array(mirrored, np.uint64)
