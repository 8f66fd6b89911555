"""The same promises on an S3-compatible store (moto's server) as on a disk."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from reviewapp.datasets.models import Export
from reviewapp.datasets.services import export_request
from reviewapp.datasets.writing import exports_write_waiting
from reviewapp.foundation.errors import UnavailableError
from reviewapp.foundation.files import file_open, file_put, file_read, file_response
from reviewapp.intake.services import case_open, photo_add
from reviewapp.intake.states import PhotoState
from reviewapp.intake.tasks import derive_photos
from tests.conftest import SignIn
from tests.datasets.reviewed import make_reviewed_case
from tests.factories.pictures import picture_bytes
from tests.people import People

BUCKET = "photos"
KEYS = {"access_key": "anybody", "secret_key": "anything"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


@pytest.fixture(scope="module")
def bucket(server: str) -> Any:
    session = boto3.Session(KEYS["access_key"], KEYS["secret_key"], region_name="us-east-1")
    made = session.resource("s3", endpoint_url=server).Bucket(BUCKET)
    made.create()
    return made


def use(settings: Settings, endpoint: str, bucket: str = BUCKET) -> None:
    options = {"bucket_name": bucket, "endpoint_url": endpoint, "region_name": "us-east-1"}
    backend = "reviewapp.foundation.object_storage.ObjectStorage"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": backend, "OPTIONS": options | KEYS}
    }


@pytest.fixture(autouse=True)
def objects(settings: Settings, server: str, bucket: Any) -> Any:
    use(settings, server)
    return bucket.objects


def test_what_is_put_is_read_back() -> None:
    stored = file_put(io.BytesIO(b"some bytes"), suffix=".bin")
    assert file_read(stored.key) == b"some bytes"


def test_equal_bytes_are_stored_once(objects: Any) -> None:
    keys = {file_put(io.BytesIO(b"the same"), suffix=".bin").key for _ in range(2)}
    assert len(list(objects.filter(Prefix=keys.pop()))) == 1


def test_a_stored_photo_can_be_sought_in() -> None:
    with file_open(file_put(io.BytesIO(b"0123456789"), suffix=".bin").key) as stream:
        stream.seek(4)
        assert stream.read(2) == b"45"


def test_a_large_file_streams_through_whole(settings: Settings) -> None:
    settings.PHOTO_MAX_BYTES = 1000
    content = bytes(range(256)) * 20_000
    response = file_response(
        file_put(io.BytesIO(content), suffix=".zip").key, content_type="application/zip"
    )
    assert response["Content-Length"] == str(len(content))
    assert b"".join(response) == content


def test_a_large_file_is_uploaded_in_parts() -> None:
    content = bytes(9 * 2**20)
    assert file_read(file_put(io.BytesIO(content), suffix=".bin").key) == content


def test_a_lost_file_is_named_in_words() -> None:
    with pytest.raises(UnavailableError, match="missing from the store"):
        file_open("ab/never-stored.bin")


def test_nothing_is_public(objects: Any, server: str) -> None:
    stored = file_put(io.BytesIO(b"private"), suffix=".bin")
    (found,) = objects.filter(Prefix=stored.key)
    grantees = [grant["Grantee"] for grant in found.Acl().grants]
    assert not [grantee for grantee in grantees if "AllUsers" in grantee.get("URI", "")]


def test_a_store_that_refuses_is_an_os_error(settings: Settings, server: str) -> None:
    use(settings, server, bucket="nobody-made-this-one")
    with pytest.raises(OSError, match="The file store"):
        file_put(io.BytesIO(b"refused"), suffix=".bin")


def test_a_store_that_does_not_answer_is_an_os_error(settings: Settings) -> None:
    use(settings, "http://127.0.0.1:9")
    with pytest.raises(OSError, match="did not answer"):
        default_storage.exists("ab/ab.bin")


def test_a_photo_is_taken_in_and_checked(people: People, objects: Any) -> None:
    case = case_open(actor=people.appraiser, team=people.team, claim_number="CL-1")
    upload = SimpleUploadedFile("a.jpg", picture_bytes(640, 480), content_type="image/jpeg")
    photo = photo_add(actor=people.appraiser, case=case, upload=upload)
    derive_photos()
    photo.refresh_from_db()
    assert photo.state == PhotoState.READY
    assert len(list(objects.filter(Prefix=photo.display))) == 1


def test_an_export_is_written_and_downloaded(people: People, sign_in: SignIn) -> None:
    make_reviewed_case(people.team, people.adjuster, photos=2)
    export = export_request(actor=people.steward)
    exports_write_waiting()
    answer = sign_in(people.steward).get(reverse("datasets:download", args=(export.pk,)))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None


def test_an_export_on_a_store_that_does_not_answer_says_so(
    people: People, settings: Settings
) -> None:
    make_reviewed_case(people.team, people.adjuster, photos=1)
    use(settings, "http://127.0.0.1:9")
    export_request(actor=None)
    exports_write_waiting()
    assert "did not answer" in Export.objects.get().failure_reason
