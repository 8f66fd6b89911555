"""A photo's files as answers: fixed type, private, unchanging."""

from django.http import FileResponse

from reviewapp.foundation.errors import NotFoundError
from reviewapp.foundation.files import file_response
from reviewapp.intake.models import Photo
from reviewapp.intake.states import PhotoState
from reviewapp.intake.validation import CONTENT_TYPES, SUFFIXES, PhotoFormat


def display_response(photo: Photo) -> FileResponse:
    return _derived(photo, photo.display)


def thumbnail_response(photo: Photo) -> FileResponse:
    return _derived(photo, photo.thumbnail)


def _derived(photo: Photo, key: str) -> FileResponse:
    if not key or photo.state == PhotoState.WITHDRAWN:
        raise NotFoundError(f"Photo {photo.number} has no picture to show.")
    return file_response(key, content_type=CONTENT_TYPES[PhotoFormat.JPEG])


def original_response(photo: Photo) -> FileResponse:
    """Byte for byte what came, to keep and not to show: it may carry EXIF time and place."""
    if photo.state == PhotoState.WITHDRAWN:
        raise NotFoundError(f"Photo {photo.number} was withdrawn.")
    form = PhotoFormat(photo.format)
    return file_response(
        photo.original,
        content_type=CONTENT_TYPES[form],
        download_as=f"photo-{photo.number}{SUFFIXES[form][0]}",
    )
