"""A zip written as a stream: whole, readable by everybody, the same bytes for the same content."""

import hashlib
import io
import json
import zipfile

from reviewapp.datasets.writers.archive import Archive

PICTURE = bytes(range(256)) * 40


def written(files: dict[str, bytes], texts: dict[str, list[bytes]]) -> bytes:
    out = io.BytesIO()
    archive = Archive(out)
    for path, content in files.items():
        archive.add(path, content)
    for path, chunks in texts.items():
        archive.add_text(path, chunks)
    archive.finish()
    archive.close()
    return out.getvalue()


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_every_file_reads_back_as_it_was_added() -> None:
    content = written({"photos/a.jpg": PICTURE}, {"b.json": [b"[1,", b"2]"]})
    with opened(content) as archive:
        assert archive.testzip() is None
        assert archive.read("photos/a.jpg") == PICTURE
        assert archive.read("b.json") == b"[1,2]"


def test_texts_are_deflated() -> None:
    with opened(written({}, {"b.json": [b"0" * 100_000]})) as archive:
        assert archive.getinfo("b.json").compress_size < 1000


def test_equal_content_gives_equal_bytes() -> None:
    assert written({"a": PICTURE}, {"b": [b"x"]}) == written({"a": PICTURE}, {"b": [b"x"]})


def test_an_empty_archive_is_a_whole_zip() -> None:
    with opened(written({}, {})) as archive:
        assert archive.namelist() == []


def test_more_files_than_a_short_zip_can_count() -> None:
    count = 0xFFFF + 10
    with opened(written({f"{number}": b"" for number in range(count)}, {})) as archive:
        assert len(archive.namelist()) == count


def test_the_listing_names_size_and_hash_of_each_file() -> None:
    archive = Archive(io.BytesIO())
    archive.add("a.jpg", PICTURE)
    listing = json.loads(b"".join(archive.listing.array()))
    digest = hashlib.sha256(PICTURE).hexdigest()
    assert listing == [{"path": "a.jpg", "size": len(PICTURE), "sha256": digest}]
    archive.close()


class FarAway(io.BytesIO):
    """A file whose first five gigabytes are not kept."""

    START = 5 * 2**30

    def tell(self) -> int:
        return super().tell() + self.START

    def seek(self, position: int, whence: int = 0) -> int:
        return super().seek(position - self.START if whence == 0 else position, whence)


def test_places_beyond_four_gigabytes_are_written_whole() -> None:
    out = FarAway()
    archive = Archive(out)
    archive.add("late.jpg", PICTURE)
    archive.finish()
    archive.close()
    with SparseZip(out.getvalue()) as found:
        assert found.getinfo("late.jpg").header_offset == FarAway.START


class SparseZip(zipfile.ZipFile):
    """Reads an archive whose first five gigabytes were left away."""

    def __init__(self, content: bytes) -> None:
        stream = FarAway(content)
        super().__init__(stream)
