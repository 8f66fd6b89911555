"""Label maps and masks come back exactly as they went."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from inference import masks
from inference.errors import MaskError
from inference.masks import LabelMap, Mask

SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40))
LABEL_MAPS = arrays(np.uint8, SHAPES)
BLOCKY_LABEL_MAPS = arrays(np.uint8, SHAPES, elements=st.sampled_from([0, 1, 7, 255]))
MASKS = arrays(np.bool_, SHAPES)


@given(LABEL_MAPS)
@settings(deadline=None)
def test_grey_png_keeps_every_class_id(label_map: LabelMap) -> None:
    assert np.array_equal(masks.decode_label_map(masks.encode_label_map(label_map)), label_map)


@given(LABEL_MAPS)
@settings(deadline=None)
def test_indexed_png_keeps_every_class_id(label_map: LabelMap) -> None:
    png = masks.encode_indexed(label_map, [(0, 0, 0), (255, 0, 0)])
    assert np.array_equal(masks.decode_label_map(png), label_map)


def test_indexed_png_shows_the_palette_colour() -> None:
    png = masks.encode_indexed(np.ones((2, 2), np.uint8), [(0, 0, 0), (9, 8, 7)])
    assert Image.open(io.BytesIO(png)).convert("RGB").getpixel((0, 0)) == (9, 8, 7)


def test_a_colour_png_is_refused() -> None:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    with pytest.raises(MaskError, match="RGB"):
        masks.decode_label_map(out.getvalue())


@pytest.mark.parametrize("data", [b"", b"not a png", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_png_is_refused(data: bytes) -> None:
    with pytest.raises(MaskError):
        masks.decode_label_map(data)


def test_a_cut_png_is_refused() -> None:
    png = masks.encode_label_map(np.arange(256, dtype=np.uint8).reshape(16, 16))
    with pytest.raises(MaskError):
        masks.decode_label_map(png[: len(png) // 2])


def test_a_label_map_of_another_size_is_refused() -> None:
    png = masks.encode_label_map(np.zeros((2, 3), np.uint8))
    with pytest.raises(MaskError, match="must be"):
        masks.decode_label_map(png, shape=(3, 2))


def test_a_label_map_of_integers_is_refused() -> None:
    with pytest.raises(MaskError, match="uint8"):
        masks.encode_label_map(np.zeros((2, 2), np.int64))


@given(MASKS)
@settings(deadline=None)
def test_rle_keeps_every_pixel(mask: Mask) -> None:
    assert np.array_equal(masks.decode_rle(masks.encode_rle(mask)), mask)


@given(MASKS)
@settings(deadline=None)
def test_rle_knows_its_area(mask: Mask) -> None:
    assert masks.rle_area(masks.encode_rle(mask)) == mask.sum()


@given(MASKS)
@settings(deadline=None)
def test_rle_knows_its_box(mask: Mask) -> None:
    assert masks.rle_box(masks.encode_rle(mask)) == (masks.box_of(mask) or (0, 0, 0, 0))


@given(MASKS)
@settings(deadline=None)
def test_rle_of_a_crop_equals_rle_of_the_whole(mask: Mask) -> None:
    box = masks.box_of(mask) or (0, 0, 1, 1)
    x, y, width, height = box
    crop = mask[y : y + height, x : x + width]
    assert masks.encode_rle_in_box(crop, box, mask.shape) == masks.encode_rle(mask)


def test_uncompressed_rle_is_read() -> None:
    assert masks.decode_rle({"size": [2, 2], "counts": [1, 3]}).tolist() == [
        [False, True],
        [True, True],
    ]


@pytest.mark.parametrize(
    "rle",
    [
        {},
        {"size": [2, 2]},
        {"size": [0, 2], "counts": "4"},
        {"size": [2, 2], "counts": "99"},
        {"size": [2, 2], "counts": "\x7f"},
        {"size": [2, 2], "counts": ""},
        {"size": [2, 2], "counts": "P"},
        {"size": [2, 2], "counts": [-1, 5]},
        {"size": [100_000, 100_000], "counts": "4"},
    ],
)
def test_broken_rle_is_refused(rle: masks.Rle) -> None:
    with pytest.raises(MaskError):
        masks.decode_rle(rle)


@given(BLOCKY_LABEL_MAPS)
@settings(deadline=None)
def test_boxes_are_those_of_the_single_masks(label_map: LabelMap) -> None:
    expected = {int(v): masks.box_of(label_map == v) for v in np.unique(label_map)}
    assert masks.boxes(label_map) == expected


@given(BLOCKY_LABEL_MAPS)
@settings(deadline=None)
def test_areas_are_those_of_the_single_masks(label_map: LabelMap) -> None:
    expected = {int(v): int((label_map == v).sum()) for v in np.unique(label_map)}
    assert masks.areas(label_map) == expected


@given(MASKS)
@settings(deadline=None)
def test_connected_regions_cover_the_mask_once(mask: Mask) -> None:
    numbers, stats = masks.connected_regions(mask)
    assert np.array_equal(numbers > 0, mask)
    assert stats[:, 4].tolist() == np.bincount(numbers.ravel())[1:].tolist()


def test_diagonal_neighbours_are_one_region() -> None:
    assert len(masks.connected_regions(np.eye(3, dtype=np.bool_))[1]) == 1


@given(MASKS)
@settings(deadline=None)
def test_compressed_and_uncompressed_rle_are_the_same_mask(mask: Mask) -> None:
    compressed = masks.encode_rle(mask)
    ends = np.flatnonzero(np.diff(mask.T.ravel().astype(np.int8), prepend=0))
    runs = np.diff(ends, prepend=0, append=mask.size).tolist()
    uncompressed = {"size": compressed["size"], "counts": runs}
    assert np.array_equal(masks.decode_rle(uncompressed), masks.decode_rle(compressed))
