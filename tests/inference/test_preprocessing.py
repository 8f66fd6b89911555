"""Photos come in upright and in sRGB; what goes to the network comes back to its place."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from inference.errors import UnreadablePhotoError
from inference.preprocessing import DecodedPhoto, Fit, decode_photo, fitted_size

SIDES = st.integers(1, 300)


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def smooth(width: int, height: int) -> Image.Image:
    x = np.linspace(0, 255, width)[None, :, None]
    y = np.linspace(0, 255, height)[:, None, None]
    pixels = np.concatenate(np.broadcast_arrays(x + 0 * y, y + 0 * x, (x + y) / 2), axis=2)
    return Image.fromarray(pixels.astype(np.uint8))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIF"])
def test_the_formats_that_phones_send_are_read(kind: str) -> None:
    assert decode_photo("a", file_of(smooth(64, 48), kind)).pixels.shape == (48, 64, 3)


def test_a_path_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(file_of(smooth(8, 6)))
    assert decode_photo("a", path).original_size == (6, 8)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_once(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = decode_photo("a", file_of(smooth(64, 32), "JPEG", exif=exif, quality=95))
    assert photo.pixels.shape[:2] == photo.original_size
    assert photo.original_size == ((64, 32) if orientation > 4 else (32, 64))


def test_a_photo_lying_on_its_side_stands_up() -> None:
    image = Image.new("RGB", (40, 20), "black")
    image.paste("white", (0, 0, 10, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = decode_photo("a", file_of(image, "PNG", exif=exif)).pixels
    assert pixels[:10].min() == 255
    assert pixels[10:].max() == 0


def test_a_large_jpeg_is_decoded_reduced_but_keeps_its_size() -> None:
    data = file_of(smooth(2000, 1500), "JPEG")
    photo = decode_photo("a", data, long_side=384)
    assert photo.pixels.shape[:2] == (375, 500)
    assert photo.display_size == (1200, 1600)


def test_reduced_and_full_decode_give_the_network_nearly_the_same() -> None:
    data = file_of(smooth(2000, 1500), "JPEG", quality=95)
    fit = Fit.to_long_side((1200, 1600), 384, 16)
    full, reduced = (
        fit.network_input(decode_photo("a", data, long_side=side).pixels).astype(int)
        for side in (None, 384)
    )
    assert np.abs(full - reduced).mean() < 1.0


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_becomes_rgb(mode: str) -> None:
    image = (
        Image.fromarray(np.full((4, 4), 40_000, np.uint16))
        if mode == "I;16"
        else smooth(4, 4).convert(mode)
    )
    data = file_of(image, "JPEG" if mode == "CMYK" else "PNG")
    assert decode_photo("a", data).pixels.shape == (4, 4, 3)


def test_what_is_transparent_shows_white() -> None:
    data = file_of(Image.new("RGBA", (2, 2), (0, 0, 0, 0)))
    assert decode_photo("a", data).pixels.min() == 255


def test_a_broken_colour_profile_does_not_lose_the_photo() -> None:
    data = file_of(smooth(4, 4), "PNG", icc_profile=b"nonsense")
    assert decode_photo("a", data).pixels.shape == (4, 4, 3)


def test_a_colour_profile_is_applied() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "odd!".encode("utf-16-be"))
    data = file_of(Image.new("RGB", (1, 1), "red"), icc_profile=swapped)
    red, green, _ = decode_photo("a", data).pixels[0, 0].tolist()
    assert green > red


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"PK\x03\x04", b"<html>", file_of(smooth(64, 64), "JPEG")[:700]]
)
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadablePhotoError, match=r"a\.jpg"):
        decode_photo("a.jpg", data)


def test_an_animation_is_refused() -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    data = file_of(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(UnreadablePhotoError, match="animation"):
        decode_photo("a", data)


def test_a_pixel_bomb_is_refused_before_decoding() -> None:
    with pytest.raises(UnreadablePhotoError, match="at most"):
        decode_photo("a", file_of(Image.new("L", (10_000, 7_000))))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePhotoError, match="cannot be read"):
        decode_photo("a", tmp_path / "none.jpg")


@given(SIDES, SIDES, st.integers(16, 512))
@settings(deadline=None)
def test_the_network_gets_the_whole_photo_in_multiples(h: int, w: int, side: int) -> None:
    fit = Fit.to_long_side((h, w), side, 16)
    assert max(fit.inner) == side
    assert all(outer % 16 == 0 for outer in fit.outer)
    assert all(
        inner <= outer < inner + 16 for inner, outer in zip(fit.inner, fit.outer, strict=True)
    )
    assert fit.network_input(np.ones((h, w, 3), np.uint8)).shape == (*fit.outer, 3)


@given(SIDES, SIDES)
@settings(deadline=None)
def test_points_go_to_the_network_and_come_back(h: int, w: int) -> None:
    fit = Fit.to_long_side((h, w), 384, 16)
    points = np.array([[0.0, 0.0], [w / 3, h / 2], [w, h]])
    assert np.allclose(fit.points_to_display(fit.points_to_network(points)), points)


@given(st.integers(8, 80), st.integers(8, 80))
@settings(deadline=None)
def test_a_mask_enlarged_for_the_network_comes_back_exactly(h: int, w: int) -> None:
    label_map = np.random.default_rng(h * w).integers(0, 9, (h, w)).astype(np.uint8)
    fit = Fit.to_long_side((h, w), 3 * max(h, w), 16)
    assert np.array_equal(fit.mask_to_display(fit.mask_to_network(label_map, 255)), label_map)


def test_the_padding_never_comes_back() -> None:
    fit = Fit.to_long_side((30, 40), 40, 16)
    output = np.zeros((1, 32, 48), np.float32)
    output[:, 30:], output[:, :, 40:] = 1, 1
    assert not fit.crop_back(output).any()


def test_small_photos_are_displayed_as_they_are() -> None:
    photo = DecodedPhoto("a", np.zeros((30, 40, 3), np.uint8), (30, 40))
    assert photo.display_size == (30, 40)


def test_display_photos_have_at_most_1600_pixels_on_the_long_side() -> None:
    assert fitted_size((3000, 4000), 1600) == (1200, 1600)
