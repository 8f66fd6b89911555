"""Label maps and crops of photos as answers."""

import io

from django.http import HttpResponse, HttpResponseBase
from PIL import Image, ImageDraw

from inference.masks import Box
from reviewapp.foundation.errors import NotFoundError
from reviewapp.foundation.files import file_open, file_response
from reviewapp.intake.models import Photo
from reviewapp.intake.states import PhotoState
from reviewapp.review.selectors import key_version, label_map_empty, maps_at

# A crop shows its box with so much around it, so that one sees where on the vehicle it is.
_MARGIN = 0.35
_MINIMUM_SIDE = 96
_LONGEST_SIDE = 480


def label_map_response(photo: Photo, revision: int, layer: str, version: str) -> HttpResponseBase:
    """One label map of a revision; an empty one where the models said nothing of the photo.

    Revision 0 changes with a new assessment: only who names the version may keep it.
    """
    keys = maps_at(photo, revision)
    key = keys.parts_map if layer == "parts" else keys.damage_map
    if key:
        known = bool(version) and version == key_version(key)
        return file_response(key, content_type="image/png", immutable=known)
    response = HttpResponse(label_map_empty(photo), content_type="image/png")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def crop_response(photo: Photo, box: Box) -> HttpResponse:
    """The piece of the display photo around a box, which is framed; JPEG."""
    x, y, width, height = box
    inside = x + width <= (photo.width or 0) and y + height <= (photo.height or 0)
    if not photo.display or photo.state == PhotoState.WITHDRAWN or not inside or not width * height:
        raise NotFoundError(f"Photo {photo.number} has no such piece.")
    with file_open(photo.display) as stream, Image.open(stream) as opened:
        picture = opened.convert("RGB")
    response = HttpResponse(_crop(picture, box), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _crop(picture: Image.Image, box: Box) -> bytes:
    window = _window(picture.size, box)
    left, top, *_ = window
    piece = picture.crop(window)
    scale = min(1.0, _LONGEST_SIDE / max(piece.size))
    piece = piece.resize((round(piece.width * scale), round(piece.height * scale)))
    x, y, wide, high = box
    frame = [
        (x - left) * scale, (y - top) * scale,
        (x - left + wide) * scale - 1, (y - top + high) * scale - 1,
    ]  # fmt: skip
    draw = ImageDraw.Draw(piece)
    for grow, width, colour in ((3, 5, "#14171a"), (2, 3, "#ffb020")):
        edges = (frame[0] - grow, frame[1] - grow, frame[2] + grow, frame[3] + grow)
        draw.rectangle(edges, outline=colour, width=width)
    out = io.BytesIO()
    piece.save(out, "JPEG", quality=82)
    return out.getvalue()


def _window(size: tuple[int, int], box: Box) -> tuple[int, int, int, int]:
    """The box with its margin, at least so large that a scratch is seen on its part; within the
    picture, in 4 : 3."""
    x, y, width, height = box
    high = max(height * (1 + 2 * _MARGIN), width * (1 + 2 * _MARGIN) * 3 / 4, _MINIMUM_SIDE)
    wide, high = min(size[0], round(high * 4 / 3)), min(size[1], round(high))
    left = min(max(0, round(x + width / 2 - wide / 2)), size[0] - wide)
    top = min(max(0, round(y + height / 2 - high / 2)), size[1] - high)
    return left, top, left + wide, top + high
