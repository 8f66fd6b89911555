"""Whatever comes, the answer is a photo or a refusal in words, never a crash."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewapp.foundation.errors import InvalidError
from reviewapp.intake.pictures import Pictures, pictures_of
from reviewapp.intake.validation import PhotoFormat, check_photo
from tests.factories.pictures import picture_bytes
from tests.intake import files

# Pillow warns of broken EXIF and the like, and goes on.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

PLACE = {1: "N", 2: (48.0, 30.0, 0.0), 3: "W", 4: (2.0, 15.0, 0.0)}
WHOLE = {
    "plain": (PhotoFormat.JPEG, picture_bytes(200, 150)),
    "exif": (
        PhotoFormat.JPEG,
        files.with_exif(orientation=6, taken="2026:11:03 10:15:30", offset="+02:00", place=PLACE),
    ),
    "profile": (
        PhotoFormat.JPEG,
        files.encoded(files.halves((96, 64)), icc_profile=files.swapping_profile()),
    ),
    "progressive": (
        PhotoFormat.JPEG,
        files.encoded(files.halves((200, 150)), progressive=True),
    ),
    "several": (PhotoFormat.JPEG, files.stereo_pair()),
    "png": (PhotoFormat.PNG, picture_bytes(format="PNG")),
    "webp": (PhotoFormat.WEBP, picture_bytes(format="WEBP")),
    "heic": (PhotoFormat.HEIF, picture_bytes(format="HEIF")),
}
EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
damages = st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=12)


def take(content: bytes) -> Pictures | InvalidError:
    """As the web process and then the worker do."""
    try:
        header = check_photo(io.BytesIO(content), name="car", size=len(content))
        return pictures_of(content, kind=header.format, name="car")
    except InvalidError as error:
        return error


def is_answer(taken: Pictures | InvalidError) -> bool:
    if isinstance(taken, InvalidError):
        return taken.code.startswith("photo_") and taken.message.startswith("car ")
    return max(taken.width, taken.height) <= 1600


@pytest.mark.parametrize("name", list(WHOLE))
@EXAMPLES
@given(damage=damages)
def test_changed_bytes_give_a_photo_or_a_refusal(name: str, damage: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE[name][1])
    for at, value in damage:
        content[at % len(content)] = value
    assert is_answer(take(bytes(content)))


@pytest.mark.parametrize("name", list(WHOLE))
@EXAMPLES
@given(header=damages)
def test_changed_headers_give_a_photo_or_a_refusal(
    name: str, header: list[tuple[int, int]]
) -> None:
    content = bytearray(WHOLE[name][1])
    for at, value in header:
        content[2 + at % 300] = value
    assert is_answer(take(bytes(content)))


@pytest.mark.parametrize("name", list(WHOLE))
@EXAMPLES
@given(kept=st.floats(0, 1), tail=st.binary(max_size=64))
def test_cut_files_give_a_photo_or_a_refusal(name: str, kept: float, tail: bytes) -> None:
    content = WHOLE[name][1]
    assert is_answer(take(content[: int(len(content) * kept)] + tail))


@EXAMPLES
@given(content=st.binary(max_size=400), name=st.sampled_from(list(WHOLE)))
def test_noise_behind_a_signature_gives_a_refusal(content: bytes, name: str) -> None:
    taken = take(WHOLE[name][1][:16] + content)
    assert isinstance(taken, InvalidError)
    assert is_answer(taken)
