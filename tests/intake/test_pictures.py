import io
from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image

from reviewapp.foundation.errors import InvalidError
from reviewapp.intake.pictures import Evidence, Pictures, pictures_of
from reviewapp.intake.validation import PhotoFormat
from tests.factories.pictures import picture, picture_bytes
from tests.intake import files

WIDE, HIGH = (96, 64), (64, 96)
RED, BLUE = (220, 20, 20), (20, 20, 220)


def derive(content: bytes, kind: PhotoFormat = PhotoFormat.JPEG) -> Pictures:
    return pictures_of(content, kind=kind, name="car.jpg")


def shown(pictures: Pictures) -> Image.Image:
    return Image.open(io.BytesIO(pictures.display))


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    seen = np.asarray(image.convert("RGB"), dtype=np.int16)[at[1], at[0]]
    return bool(np.abs(seen - colour).max() < 40)


# Where red (left in the stored pixels) is seen once the camera's note is followed.
@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, WIDE, (5, 32)),
        (2, WIDE, (90, 32)),
        (3, WIDE, (90, 32)),
        (4, WIDE, (5, 32)),
        (5, HIGH, (32, 5)),
        (6, HIGH, (32, 5)),
        (7, HIGH, (32, 90)),
        (8, HIGH, (32, 90)),
        (99, WIDE, (5, 32)),
    ],
)
def test_the_display_photo_stands_upright(
    orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    image = shown(derive(files.with_exif(orientation=orientation)))
    assert image.size == size
    assert near(image, red_at, RED)


@pytest.mark.parametrize("kind", [PhotoFormat.PNG, PhotoFormat.WEBP, PhotoFormat.HEIF])
def test_other_formats_are_turned_once_too(kind: PhotoFormat) -> None:
    image = shown(derive(files.with_exif(orientation=6, format=kind), kind))
    assert image.size == HIGH
    assert near(image, (32, 5), RED)


def test_the_display_photo_carries_no_exif_and_no_comment() -> None:
    content = files.encoded(
        picture(), exif=Image.open(io.BytesIO(files.with_exif(taken="x"))).getexif(), comment=b"hi"
    )
    image = shown(derive(content))
    assert not image.getexif()
    assert "comment" not in image.info


@pytest.mark.parametrize(
    ("size", "display", "thumbnail"),
    [
        ((4000, 3000), (1600, 1200), (320, 240)),
        ((3024, 4032), (1200, 1600), (240, 320)),
        ((640, 480), (640, 480), (320, 240)),
        ((6000, 40), (1600, 11), (320, 2)),
    ],
)
def test_the_long_side_is_bounded_and_nothing_grows(
    size: tuple[int, int], display: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    pictures = derive(files.encoded(Image.new("RGB", size, "grey")))
    assert (pictures.width, pictures.height) == shown(pictures).size == display
    assert Image.open(io.BytesIO(pictures.thumbnail)).size == thumbnail


@pytest.mark.parametrize("mode", ["L", "CMYK", "1", "P", "RGBA", "LA", "I;16"])
def test_every_kind_of_pixel_becomes_rgb(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    image = picture().convert("L").convert(mode) if mode == "I;16" else picture().convert(mode)
    assert shown(derive(files.encoded(image, form), PhotoFormat(form))).mode == "RGB"


def test_sixteen_bit_grey_keeps_its_brightness() -> None:
    grey = Image.fromarray(np.full((64, 64), 128 * 256, dtype=np.uint16))
    pictures = derive(files.encoded(grey, "PNG"), PhotoFormat.PNG)
    assert near(shown(pictures), (32, 32), (128, 128, 128))


def test_a_very_large_picture_keeps_its_place_and_colours() -> None:
    content = files.encoded(files.halves((7000, 3500)), "PNG")
    pictures = derive(content, PhotoFormat.PNG)
    assert (pictures.width, pictures.height) == (1600, 800)
    assert near(shown(pictures), (780, 400), RED)
    assert near(shown(pictures), (820, 400), BLUE)


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    pictures = derive(files.encoded(clear, "PNG"), PhotoFormat.PNG)
    assert near(shown(pictures), (32, 32), (255, 255, 255))


def test_colours_are_brought_to_srgb() -> None:
    content = files.encoded(files.halves(WIDE), icc_profile=files.swapping_profile())
    assert near(shown(derive(content)), (5, 32), BLUE)


def test_a_broken_profile_does_not_cost_the_photo() -> None:
    content = files.encoded(files.halves(WIDE), icc_profile=b"no profile at all" * 10)
    assert near(shown(derive(content)), (5, 32), RED)


def test_the_same_bytes_give_the_same_pictures() -> None:
    assert derive(picture_bytes(seed=4)) == derive(picture_bytes(seed=4))


@pytest.mark.parametrize("kind", list(PhotoFormat))
def test_a_file_cut_off_in_its_pixels_is_refused(kind: PhotoFormat) -> None:
    content = picture_bytes(400, 300, format=kind)
    with pytest.raises(InvalidError) as refused:
        derive(content[: len(content) * 2 // 3], kind)
    assert refused.value.code == "photo_broken"
    assert refused.value.message.startswith("car.jpg ")


def test_the_time_with_its_offset_is_kept() -> None:
    content = files.with_exif(taken="2026:11:03 10:15:30", offset="+02:00")
    assert derive(content).evidence.taken_at == datetime(2026, 11, 3, 8, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("offset", ["", "later"])
def test_a_time_without_offset_is_taken_as_utc(offset: str) -> None:
    content = files.with_exif(taken="2026:11:03 10:15:30", offset=offset)
    assert derive(content).evidence.taken_at == datetime(2026, 11, 3, 10, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "2026:13:40 99:00:00"])
def test_an_impossible_time_is_left_out(taken: str) -> None:
    assert derive(files.with_exif(taken=taken)).evidence.taken_at is None


def test_the_place_is_kept_with_its_hemisphere() -> None:
    place = {1: "S", 2: (33.0, 51.0, 36.0), 3: "E", 4: (151.0, 12.0, 36.0)}
    evidence = derive(files.with_exif(place=place)).evidence
    assert (evidence.latitude, evidence.longitude) == pytest.approx((-33.86, 151.21))


@pytest.mark.parametrize(
    "place",
    [
        {1: "N", 2: (99.0, 0.0, 0.0), 3: "E", 4: (10.0, 0.0, 0.0)},
        {1: "N", 2: (9.0, 0.0), 3: "E", 4: (10.0, 0.0, 0.0)},
        {1: "N", 2: (9.0, 0.0, 0.0)},
    ],
)
def test_an_impossible_place_is_left_out(place: Mapping[int, object]) -> None:
    assert derive(files.with_exif(place=place)).evidence == Evidence()
