import io
from pathlib import Path

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage

from reviewapp.foundation.errors import UnavailableError
from reviewapp.foundation.files import DiskStorage, file_open, file_put, file_read, file_response


def test_what_is_put_is_read_back() -> None:
    stored = file_put(io.BytesIO(b"some bytes"), suffix=".bin")
    assert file_read(stored.key) == b"some bytes"
    assert stored.size == 10


def test_equal_bytes_are_stored_once() -> None:
    first = file_put(io.BytesIO(b"the same"), suffix=".bin")
    written = Path(default_storage.path(first.key)).stat().st_mtime_ns
    second = file_put(io.BytesIO(b"the same"), suffix=".bin")
    assert second == first
    assert Path(default_storage.path(second.key)).stat().st_mtime_ns == written


def test_a_stream_is_stored_whole_wherever_it_stood() -> None:
    stream = io.BytesIO(b"from the start")
    stream.seek(5)
    assert file_read(file_put(stream, suffix=".bin").key) == b"from the start"


def test_a_key_holds_nothing_but_the_hash_and_the_suffix() -> None:
    stored = file_put(io.BytesIO(b"keyed"), suffix=".png")
    assert stored.key == f"{stored.sha256[:2]}/{stored.sha256}.png"


class Broken(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError("the connection broke")


def test_a_broken_transfer_leaves_nothing_behind(tmp_path: Path) -> None:
    storage = DiskStorage(location=tmp_path)
    with pytest.raises(OSError, match="broke"):
        storage.save("ab/half.bin", File(Broken(b"half")))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_lost_file_is_named_in_words() -> None:
    with pytest.raises(UnavailableError, match="missing from the store"):
        file_open("ab/never-stored.bin")


@pytest.mark.django_db
def test_a_file_is_served_with_our_type_and_never_sniffed() -> None:
    stored = file_put(io.BytesIO(b"<script>alert(1)</script>"), suffix=".jpg")
    response = file_response(stored.key, content_type="image/jpeg")
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert response["Cache-Control"].startswith("private")
    response.close()


@pytest.mark.django_db
def test_a_download_carries_its_name_quoted() -> None:
    stored = file_put(io.BytesIO(b"zip"), suffix=".zip")
    name = 'labels "7"\r\nX-Evil: 1.zip'
    response = file_response(stored.key, content_type="application/zip", download_as=name)
    assert response["Content-Disposition"].startswith("attachment")
    assert "\n" not in response["Content-Disposition"]
    response.close()
