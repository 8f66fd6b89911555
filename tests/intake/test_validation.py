import io

import pytest
from pytest_django import Settings

from reviewapp.foundation.errors import InvalidError
from reviewapp.intake.validation import PhotoFormat, PhotoHeader, check_photo
from tests.factories.pictures import picture, picture_bytes
from tests.intake import files


def check(content: bytes, name: str = "car.jpg") -> PhotoHeader:
    return check_photo(io.BytesIO(content), name=name, size=len(content))


def refusal(content: bytes, name: str = "car.jpg") -> InvalidError:
    with pytest.raises(InvalidError) as refused:
        check(content, name)
    return refused.value


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (PhotoFormat.JPEG, "car.jpg"),
        (PhotoFormat.JPEG, "CAR.JPEG"),
        (PhotoFormat.PNG, "car.png"),
        (PhotoFormat.WEBP, "car.webp"),
        (PhotoFormat.HEIF, "IMG_1234.HEIC"),
        (PhotoFormat.JPEG, "no suffix"),
        (PhotoFormat.JPEG, "2026.11.28 left side"),
    ],
)
def test_a_photo_is_known_by_its_bytes(form: PhotoFormat, name: str) -> None:
    assert check(picture_bytes(format=form), name) == PhotoHeader(form, 96, 64)


@pytest.mark.parametrize("lossless", [True, False])
def test_the_size_of_both_kinds_of_webp_is_read(lossless: bool) -> None:  # noqa: FBT001
    content = files.encoded(picture(120, 70), "WEBP", lossless=lossless)
    assert check(content, "car.webp") == PhotoHeader(PhotoFormat.WEBP, 120, 70)


def test_the_stream_is_rewound() -> None:
    stream = io.BytesIO(picture_bytes())
    check_photo(stream, name="car.jpg", size=10)
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>", "SVG"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (files.zipped(), "zip archive"),
        (b"%PDF-1.7", "PDF"),
        (files.moving("GIF"), "GIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "film"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "AVIF"),
        (b"hello", "no picture"),
        (b"\0", "no picture"),
    ],
)
def test_what_is_no_photo_is_named(content: bytes, words: str) -> None:
    error = refusal(content)
    assert error.code == "photo_not_a_picture"
    assert words in error.message


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").code == "photo_empty"


def test_a_picture_under_another_formats_name_is_refused() -> None:
    error = refusal(picture_bytes(format="PNG"), "car.jpg")
    assert error.code == "photo_mislabelled"
    assert ".png" in error.message


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_an_animation_is_refused(format: str) -> None:
    assert refusal(files.moving(format), f"car.{format.lower()}").code == "photo_animated"


def test_a_burst_of_heic_pictures_is_refused() -> None:
    assert refusal(files.moving("HEIF"), "car.heic").code == "photo_animated"


def test_a_heic_film_is_refused() -> None:
    assert refusal(b"\0\0\0\x18ftyphevc\0\0\0\0hevcmif1", "car.heic").code == "photo_animated"


def test_a_jpeg_with_its_preview_beside_it_is_one_photo() -> None:
    """Phones write such files all day: a gain map or a large thumbnail after the photo."""
    content = files.encoded(picture(), "MPO", save_all=True, append_images=[picture(32, 32)])
    assert check(content).format is PhotoFormat.JPEG


def test_a_stereo_pair_is_refused() -> None:
    assert refusal(files.stereo_pair()).code == "photo_animated"


def test_too_many_bytes_are_refused(settings: Settings) -> None:
    settings.PHOTO_MAX_BYTES = 100
    assert refusal(picture_bytes()).code == "photo_too_large"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.png_claiming(100_000, 100_000), "car.png"),
        (files.png_claiming(8_000, 7_501), "car.png"),
        (files.webp_claiming(16_384, 16_384), "car.webp"),
    ],
)
def test_a_pixel_bomb_is_refused_by_its_header(content: bytes, name: str) -> None:
    assert refusal(content, name).code == "photo_too_many_pixels"


def test_sixty_megapixels_are_allowed() -> None:
    assert check(files.png_claiming(8_000, 7_500), "car.png").width == 8_000


def test_a_text_bomb_is_refused() -> None:
    assert refusal(files.text_bomb_png(), "car.png").code == "photo_broken"


def test_a_picture_too_small_to_see_a_vehicle_is_refused() -> None:
    assert refusal(picture_bytes(31, 400)).code == "photo_too_small"


@pytest.mark.parametrize("form", list(PhotoFormat))
@pytest.mark.parametrize("kept", [4, 12, 20, 40])
def test_a_file_cut_off_in_its_header_is_refused(form: PhotoFormat, kept: int) -> None:
    assert refusal(picture_bytes(format=form)[:kept], "car").code in (
        "photo_broken",
        "photo_not_a_picture",
    )


def test_the_refusal_names_the_file() -> None:
    assert refusal(b"", "left side.jpg").message.startswith("left side.jpg ")
