"""Label maps and masks: exact codecs (8-bit PNG, COCO RLE), boxes, areas, connected regions.

A *label map* is uint8 (H, W) of class ids, a *mask* bool (H, W). Boxes are (x, y, width,
height) in pixels. RLE is what `pycocotools` reads and writes, with `counts` as text, so that it
passes through JSON unchanged; holes and islands survive.
"""

import io
from collections.abc import Sequence
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pycocotools import mask as coco

from inference.errors import MaskError

LabelMap = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Rle = dict[str, Any]
Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]

MAX_PIXELS = 60_000_000
Connectivity = Literal[4, 8]


def _require_label_map(label_map: LabelMap) -> None:
    if label_map.dtype != np.uint8 or label_map.ndim != 2 or not label_map.size:
        raise MaskError(
            f"A label map is uint8 (H, W) with at least one pixel; got {label_map.dtype} "
            f"{label_map.shape}."
        )


def _require_mask(mask: Mask) -> None:
    if mask.dtype != np.bool_ or mask.ndim != 2 or not mask.size:
        raise MaskError(
            f"A mask is bool (H, W) with at least one pixel; got {mask.dtype} {mask.shape}."
        )


def encode_label_map(label_map: LabelMap) -> bytes:
    """An 8-bit greyscale PNG whose grey values are the class ids of `label_map` (H, W) uint8."""
    _require_label_map(label_map)
    done, png = cv2.imencode(".png", label_map, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    if not done:
        raise MaskError(f"OpenCV could not write a PNG of {label_map.shape}.")
    return png.tobytes()


def encode_indexed(label_map: LabelMap, palette: Sequence[Colour]) -> bytes:
    """An 8-bit indexed PNG: the same values, with a palette so that viewers show colours.

    `palette[i]` is the (r, g, b) of class id i; ids past its end are shown black, 255 white.
    """
    _require_label_map(label_map)
    colours = np.zeros((256, 3), np.uint8)
    colours[255] = 255
    colours[: len(palette)] = np.asarray(palette, np.uint8).reshape(-1, 3)
    image = Image.fromarray(label_map)
    image.putpalette(colours.tobytes())
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()


def decode_label_map(png: bytes, *, shape: tuple[int, int] | None = None) -> LabelMap:
    """Read a greyscale or indexed 8-bit PNG back into uint8 (H, W), exactly.

    Raises `MaskError` for other formats and modes, more than `MAX_PIXELS`, broken files, and a
    size other than `shape` (height, width) where that is given.
    """
    try:
        image = Image.open(io.BytesIO(png), formats=["PNG"])
        _check_label_image(image, shape)
        return np.array(image, np.uint8)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MaskError(f"This is no readable label map PNG: {error}.") from error


def _check_label_image(image: Image.Image, shape: tuple[int, int] | None) -> None:
    width, height = image.size
    if image.mode not in ("L", "P"):
        raise MaskError(f"A label map is 8-bit grey or indexed; this PNG is {image.mode}.")
    if width * height > MAX_PIXELS:
        raise MaskError(f"A label map has at most {MAX_PIXELS} pixels; this has {width * height}.")
    if shape is not None and shape != (height, width):
        raise MaskError(f"The label map must be {shape} (height, width); it is {height, width}.")


def encode_rle(mask: Mask) -> Rle:
    """Compressed COCO RLE of a bool mask (H, W): `{"size": [H, W], "counts": "…"}`."""
    _require_mask(mask)
    encoded = coco.encode(np.asfortranarray(mask, np.uint8))
    return {"size": [int(side) for side in encoded["size"]], "counts": encoded["counts"].decode()}


def encode_rle_in_box(crop: Mask, box: Box, shape: tuple[int, int]) -> Rle:
    """RLE of a (H, W) mask that is False outside `box` and equals `crop` inside it.

    Costs as much as the box is large, not the photo: regions are small and many.
    """
    x, y, width, height = box
    _require_mask(crop)
    if crop.shape != (height, width) or y + height > shape[0] or x + width > shape[1]:
        raise MaskError(f"Box {box} does not hold a crop {crop.shape} of a mask {shape}.")
    columns = np.zeros((width, height + 2), np.int8)
    columns[:, 1:-1] = crop.T
    rows_of_edges = np.nonzero(np.diff(columns, axis=1))
    edges = (rows_of_edges[0] + x) * shape[0] + rows_of_edges[1] + y
    # Where a region touches the bottom of one column and the top of the next, one run ends and
    # the next begins at the same place: the two edges cancel out.
    places, times = np.unique(edges, return_counts=True)
    pixels = shape[0] * shape[1]
    inner = places[(times == 1) & (places < pixels)]
    runs = np.diff(inner, prepend=0, append=pixels).tolist()
    encoded = coco.frPyObjects({"size": list(shape), "counts": runs}, *shape)
    return {"size": list(shape), "counts": encoded["counts"].decode()}


def decode_rle(rle: Rle) -> Mask:
    """The bool mask (H, W) of a COCO RLE, compressed or not; `MaskError` where it is broken."""
    height, width, runs = _checked(rle)
    inside = np.zeros(len(runs), np.bool_)
    inside[1::2] = True
    return np.ascontiguousarray(np.repeat(inside, runs).reshape(width, height).T)


def rle_area(rle: Rle) -> int:
    """Number of True pixels, without decoding."""
    return int(_checked(rle)[2][1::2].sum())


def rle_box(rle: Rle) -> Box:
    """(x, y, width, height) of the True pixels, without decoding; all 0 where there are none."""
    height, _, runs = _checked(rle)
    ends = np.cumsum(runs)
    lengths = runs[1::2]
    starts, stops = (ends[1::2] - lengths)[lengths > 0], ends[1::2][lengths > 0] - 1
    if not starts.size:
        return 0, 0, 0, 0
    left, right = int(starts[0] // height), int(stops[-1] // height)
    if (starts // height != stops // height).any():
        # A run over a column's end fills its last and the next column's first row.
        return left, 0, right - left + 1, height
    top, bottom = int((starts % height).min()), int((stops % height).max())
    return left, top, right - left + 1, bottom - top + 1


def _checked(rle: Rle) -> tuple[int, int, NDArray[np.int64]]:
    """Height, width and run lengths of an RLE that fills its size exactly.

    pycocotools trusts counts and reads past its buffer when they are broken, and its decoder
    uses an array protocol that NumPy deprecates; the runs are simple enough to read here.
    """
    try:
        height, width = (int(side) for side in rle["size"])
        counts = rle["counts"]
    except (KeyError, TypeError, ValueError) as error:
        raise MaskError('RLE is {"size": [H, W], "counts": …}.') from error
    if height <= 0 or width <= 0 or height * width > MAX_PIXELS:
        raise MaskError(f"RLE of size {height} × {width} is not 1 to {MAX_PIXELS} pixels.")
    runs = np.asarray(counts, np.int64) if isinstance(counts, list) else _runs(counts)
    if (runs < 0).any() or runs.sum() != height * width:
        raise MaskError(f"The runs of this RLE do not fill {height} × {width} pixels.")
    return height, width, runs


def _runs(counts: str | bytes) -> NDArray[np.int64]:
    """Run lengths of compressed counts.

    Each run is little-endian in characters of 5 bits and a *more* bit, the last with a sign;
    from the fourth run on, the difference to the run two before is written.
    """
    text = counts.encode("ascii", "replace") if isinstance(counts, str) else counts
    chunks = np.frombuffer(text, np.uint8).astype(np.int64) - 48
    more = (chunks & 0x20) > 0
    if not chunks.size or more[-1] or chunks.min() < 0 or chunks.max() > 63:
        raise MaskError("RLE counts are cut off or hold characters that COCO RLE does not have.")
    lasts = np.flatnonzero(~more)
    firsts = np.concatenate(([0], lasts[:-1] + 1))
    if (lasts - firsts).max() > 6:
        raise MaskError("RLE counts hold a run longer than any photo.")
    shifts = 5 * (np.arange(chunks.size) - np.repeat(firsts, lasts - firsts + 1))
    runs: NDArray[np.int64] = np.add.reduceat((chunks & 0x1F) << shifts, firsts)
    runs -= np.where(chunks[lasts] & 0x10, np.int64(1) << (shifts[lasts] + 5), 0)
    runs[1::2] = np.cumsum(runs[1::2])
    runs[2::2] = np.cumsum(runs[2::2])
    return runs


def box_of(mask: Mask) -> Box | None:
    """(x, y, width, height) of the True pixels of a mask, None where there are none."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return None
    columns = np.flatnonzero(mask[rows[0] : rows[-1] + 1].any(axis=0))
    return (
        int(columns[0]),
        int(rows[0]),
        int(columns[-1] - columns[0] + 1),
        int(rows[-1] - rows[0] + 1),
    )


def areas(label_map: LabelMap) -> dict[int, int]:
    """Pixels of every class id that occurs."""
    _require_label_map(label_map)
    counts = np.bincount(label_map.ravel(), minlength=256)
    return {int(value): int(counts[value]) for value in np.flatnonzero(counts)}


def boxes(label_map: NDArray[np.uint8] | NDArray[np.uint16]) -> dict[int, Box]:
    """The box of every value that occurs in (H, W).

    One pass a value, but of OpenCV's: with 3 values of 1,600 × 1,200 pixels ten times, with 26
    twice as fast as counting rows and columns of all values at once.
    """
    values = 256 if label_map.dtype == np.uint8 else int(label_map.max()) + 1
    counts = cv2.calcHist([label_map], [0], None, [values], [0, values])
    found: dict[int, Box] = {}
    for value in np.flatnonzero(counts).tolist():
        left, top, width, height = cv2.boundingRect(cv2.inRange(label_map, value, value))
        found[value] = (left, top, width, height)
    return found


def connected_regions(
    mask: Mask, connectivity: Connectivity = 8
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Number the connected regions of a mask.

    Returns `numbers` (H, W) int32, 0 outside and 1…K inside, and `stats` (K, 5) int32 with
    x, y, width, height, area of region k in row k - 1.
    """
    _require_mask(mask)
    _, numbers, stats, _ = cv2.connectedComponentsWithStats(
        mask.view(np.uint8), connectivity=connectivity, ltype=cv2.CV_32S
    )
    return np.asarray(numbers, np.int32), np.asarray(stats[1:], np.int32)
