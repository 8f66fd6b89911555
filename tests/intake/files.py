"""Files as people send them: good ones, bad ones, and bombs."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from tests.factories.pictures import picture, picture_bytes


def upload(content: bytes, name: str = "car.jpg") -> SimpleUploadedFile:
    """What comes says it is a JPEG, whatever it is: the browser's word counts for nothing."""
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def photo_file(name: str = "car.jpg", *, seed: int = 0, format: str = "JPEG") -> SimpleUploadedFile:
    return upload(picture_bytes(seed=seed, format=format), name)


def encoded(image: Image.Image, format: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims any size and whose data are a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def webp_claiming(width: int, height: int) -> bytes:
    body = (
        b"VP8X"
        + struct.pack("<I", 10)
        + b"\0\0\0\0"
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    body += b"VP8 " + struct.pack("<I", 8) + b"\0" * 8
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def text_bomb_png() -> bytes:
    """A small PNG whose compressed text unfolds to 200 MB."""
    plain = picture_bytes(format="PNG")
    text = b"Comment\0\0" + zlib.compress(b"\0" * 200_000_000, 9)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + text))
    return plain[:33] + chunk + plain[33:]


def moving(format: str) -> bytes:
    frames = [picture(seed=seed) for seed in range(3)]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


def stereo_pair() -> bytes:
    """A multi-picture file whose second picture is the other eye's."""
    content = bytearray(encoded(picture(), "MPO", save_all=True, append_images=[picture()]))
    first = content.index(struct.pack("<LL", 0, 0x030000), content.index(b"MPF\0")) + 4
    content[first + 16 : first + 20] = struct.pack("<L", 0x020002)
    return bytes(content)


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("car.jpg", picture_bytes())
    return buffer.getvalue()


def with_exif(
    *,
    size: tuple[int, int] = (96, 64),
    orientation: int = 1,
    taken: str = "",
    offset: str = "",
    place: Mapping[int, object] | None = None,
    format: str = "JPEG",
) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    camera = exif.get_ifd(0x8769)
    if taken:
        camera[0x9003] = taken
    if offset:
        camera[0x9011] = offset
    if place:
        exif.get_ifd(0x8825).update(place)
    return encoded(halves(size), format, exif=exif.tobytes())


def halves(size: tuple[int, int]) -> Image.Image:
    """Red on the left, blue on the right: shows which way is up."""
    image = Image.new("RGB", size, (220, 20, 20))
    image.paste((20, 20, 220), (size[0] // 2, 0, size[0], size[1]))
    return image


def swapping_profile() -> bytes:
    """An ICC profile in which red and blue have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * profile[131], 12)}
    red, blue = tags[b"rXYZ"] + 4, tags[b"bXYZ"] + 4
    profile[red : red + 8], profile[blue : blue + 8] = (
        profile[blue : blue + 8],
        profile[red : red + 8],
    )
    return bytes(profile).replace(b"s\0R\0G\0B", b"o\0d\0d\0!")
