"""Nothing that names a person, a place or a vehicle leaves with the labels."""

import datetime as dt
import io
import zipfile

import pytest
from PIL import Image

from reviewapp.accounts.models import User
from reviewapp.datasets.models import Export
from reviewapp.datasets.services import export_request
from reviewapp.datasets.writing import exports_write_waiting
from reviewapp.foundation.files import file_put, file_read
from reviewapp.intake.models import Case, Photo
from reviewapp.review.models import Review
from tests.datasets.reviewed import make_reviewed_case
from tests.factories.pictures import picture
from tests.people import People

SECRETS = {
    "claim number": "CLAIM-778899",
    "plate": "ZH 123456",
    "vin": "WVWZZZ1JZXW000001",
    "make": "Wolkenwagen",
    "model": "Nimbus",
    "description": "Parked at Bahnhofstrasse",
    "file name": "muster-driveway.jpg",
    "EXIF": "Hannah Muster 47.376887",
    "latitude": "47.3768",
    "longitude": "8.5417",
    "taken at": "2031-07-09",
    "person": "Belisarius",
    "team": "North-by-Northwest",
    "note": "owner was rude",
}


@pytest.fixture
def contents(people: People) -> list[bytes]:
    """Every file of an export, unpacked, with its name, and the zip itself."""
    User.objects.filter(pk=people.adjuster.pk).update(first_name=SECRETS["person"])
    people.team.name = SECRETS["team"]
    people.team.save()
    made = make_reviewed_case(people.team, people.adjuster, photos=2)
    _tell(made.case)
    export_request(actor=people.steward)
    exports_write_waiting()
    content = file_read(Export.objects.get().file)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = [name.encode() + b"\n" + archive.read(name) for name in archive.namelist()]
    return [content, *files]


def _tell(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(
        claim_number=SECRETS["claim number"],
        plate=SECRETS["plate"],
        vin=SECRETS["vin"],
        make=SECRETS["make"],
        model=SECRETS["model"],
        description=SECRETS["description"],
    )
    Review.objects.filter(case=case).update(note=SECRETS["note"])
    Photo.objects.filter(case=case).update(
        file_name=SECRETS["file name"],
        display=file_put(io.BytesIO(_with_exif()), suffix=".jpg").key,
        latitude=float(SECRETS["latitude"]),
        longitude=float(SECRETS["longitude"]),
        taken_at=dt.datetime(2031, 7, 9, tzinfo=dt.UTC),
    )


def _with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRETS["EXIF"]
    out = io.BytesIO()
    picture().save(out, "JPEG", exif=exif)
    return out.getvalue()


def ids_of_rows(people: People) -> list[str]:
    case = Case.objects.get()
    photos = Photo.objects.filter(case=case)
    return [str(row.pk) for row in (case, case.team, people.adjuster, people.steward, *photos)]


@pytest.mark.parametrize("what", SECRETS)
def test_it_does_not_leave(contents: list[bytes], what: str) -> None:
    secret = SECRETS[what].encode().lower()
    assert not [content[:80] for content in contents if secret in content.lower()]


def test_no_id_of_a_row_leaves(contents: list[bytes], people: People) -> None:
    for name in ids_of_rows(people):
        for written in (name.encode(), name.replace("-", "").encode()):
            assert not [content[:80] for content in contents if written in content]
