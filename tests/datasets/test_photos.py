"""Display photos leave with their pixels and nothing else."""

import io

import numpy as np
import pytest
from PIL import Image

from reviewapp.datasets.writers.photos import bare_jpeg
from reviewapp.foundation.errors import InvalidError
from tests.factories.pictures import picture

SECRET = b"47.3769 N, 8.5417 E; Anna Muster"


def jpeg(**options: object) -> bytes:
    out = io.BytesIO()
    picture().save(out, "JPEG", **options)
    return out.getvalue()


def with_everything() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    content = jpeg(exif=exif, comment=SECRET, icc_profile=SECRET * 4, progressive=True)
    return content + b"\xff\xd8 a second picture " + SECRET


def test_the_photo_with_everything_holds_the_secret() -> None:
    assert with_everything().count(SECRET) >= 6


def test_nothing_written_beside_the_picture_stays() -> None:
    assert SECRET[:8] not in bare_jpeg(with_everything())


def test_pillow_finds_no_metadata() -> None:
    info = Image.open(io.BytesIO(bare_jpeg(with_everything()))).info
    assert not {"exif", "icc_profile", "comment"} & set(info)


@pytest.mark.parametrize("content", [jpeg(), jpeg(progressive=True), with_everything()])
def test_the_pixels_stay_as_they_are(content: bytes) -> None:
    before = np.asarray(Image.open(io.BytesIO(content)))
    after = np.asarray(Image.open(io.BytesIO(bare_jpeg(content))))
    assert (before == after).all()


def test_a_bare_photo_stays_byte_for_byte() -> None:
    assert bare_jpeg(jpeg()) == jpeg()


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", jpeg()[:-2], jpeg()[:30], b"\xff\xd8ab"])
def test_what_is_no_whole_jpeg_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidError):
        bare_jpeg(content)
