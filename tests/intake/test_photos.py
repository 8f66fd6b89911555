import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.utils import timezone
from pytest_django import Settings

from reviewapp.audit.models import Event
from reviewapp.foundation.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from reviewapp.foundation.files import file_read
from reviewapp.intake import services
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.selectors import photo_for, photos_counted, photos_of, photos_shown
from reviewapp.intake.services import Outcome, photo_add, photo_withdraw, photos_add
from reviewapp.intake.states import CaseState, PhotoState
from tests.factories.intake import make_case, make_photo
from tests.factories.pictures import picture_bytes
from tests.intake import files
from tests.intake.files import photo_file, upload
from tests.people import People


@pytest.fixture
def case(people: People) -> Case:
    return make_case(people.team)


def test_a_photo_waits_for_a_worker(people: People, case: Case) -> None:
    photo = photo_add(actor=people.appraiser, case=case, upload=photo_file("left.jpg"))
    assert (photo.state, photo.number, photo.file_name, photo.format) == (
        PhotoState.RECEIVED,
        1,
        "left.jpg",
        "JPEG",
    )


def test_the_original_is_kept_byte_for_byte_under_its_hash(people: People, case: Case) -> None:
    content = files.with_exif(taken="2026:11:03 10:15:30")
    photo = photo_add(actor=people.appraiser, case=case, upload=upload(content))
    assert file_read(photo.original) == content
    assert photo.original == f"{photo.sha256[:2]}/{photo.sha256}.jpg"


def test_photos_are_numbered_as_they_come(people: People, case: Case) -> None:
    uploads = [photo_file(f"{seed}.jpg", seed=seed) for seed in range(3)]
    receipts = photos_add(actor=people.appraiser, case=case, uploads=uploads)
    assert [receipt.photo.number for receipt in receipts if receipt.photo] == [1, 2, 3]


def test_the_same_bytes_are_stored_once_and_the_first_photo_is_named(
    people: People, case: Case
) -> None:
    first = photo_add(actor=people.appraiser, case=case, upload=photo_file("left.jpg"))
    [receipt] = photos_add(actor=people.appraiser, case=case, uploads=[photo_file("again.jpg")])
    assert (receipt.outcome, receipt.photo) == (Outcome.DUPLICATE, first)
    assert receipt.message == "again.jpg is the same as photo 1."
    assert Photo.objects.count() == 1


def test_of_two_who_send_the_same_bytes_at_once_both_get_the_one_photo(
    people: People, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = photo_add(actor=people.appraiser, case=case, upload=photo_file())
    answers = [Photo.objects.none(), photos_counted(case), photos_counted(case)]
    monkeypatch.setattr(services, "photos_counted", lambda _case: answers.pop(0))
    [receipt] = photos_add(actor=people.appraiser, case=case, uploads=[photo_file()])
    assert (receipt.outcome, receipt.photo) == (Outcome.DUPLICATE, first)


def test_the_same_bytes_in_another_case_are_another_photo(people: People, case: Case) -> None:
    photo_add(actor=people.appraiser, case=case, upload=photo_file())
    photo_add(actor=people.appraiser, case=make_case(people.team), upload=photo_file())
    assert Photo.objects.count() == 2


def test_a_withdrawn_photo_can_be_sent_again(people: People, case: Case) -> None:
    first = photo_add(actor=people.appraiser, case=case, upload=photo_file())
    photo_withdraw(actor=people.appraiser, photo=first)
    again = photo_add(actor=people.appraiser, case=case, upload=photo_file())
    assert (again.number, again.state) == (2, PhotoState.RECEIVED)


def test_a_bad_file_is_refused_and_the_others_go_on(people: People, case: Case) -> None:
    uploads = [photo_file("a.jpg", seed=1), upload(b"", "b.jpg"), photo_file("c.jpg", seed=2)]
    receipts = photos_add(actor=people.appraiser, case=case, uploads=uploads)
    assert [receipt.outcome for receipt in receipts] == ["added", "refused", "added"]
    assert receipts[1].message.startswith("b.jpg is empty")


def test_nothing_of_a_refused_file_is_stored(people: People, case: Case) -> None:
    stored = sum(len(names) for _, names in _folders())
    with pytest.raises(InvalidError):
        photo_add(actor=people.appraiser, case=case, upload=upload(files.zipped()))
    assert sum(len(names) for _, names in _folders()) == stored
    assert not Photo.objects.exists()
    assert not Event.objects.exists()


def _folders() -> list[tuple[list[str], list[str]]]:
    if not default_storage.exists(""):
        return []
    folders, _ = default_storage.listdir("")
    return [default_storage.listdir(folder) for folder in folders]


def test_a_case_holds_only_so_many_photos(people: People, case: Case, settings: Settings) -> None:
    settings.PHOTOS_PER_CASE = 1
    photo_add(actor=people.appraiser, case=case, upload=photo_file(seed=1))
    with pytest.raises(InvalidError) as refused:
        photo_add(actor=people.appraiser, case=case, upload=photo_file(seed=2))
    assert refused.value.code == "too_many_photos"


@pytest.mark.parametrize("who", ["adjuster", "manager", "stranger_appraiser", "steward"])
def test_only_an_appraiser_of_the_team_adds_photos(people: People, case: Case, who: str) -> None:
    with pytest.raises(ForbiddenError):
        photo_add(actor=getattr(people, who), case=case, upload=photo_file())
    assert not Photo.objects.exists()


@pytest.mark.parametrize("state", [CaseState.SUBMITTED, CaseState.REVIEWED, CaseState.WITHDRAWN])
def test_no_photo_is_added_once_the_case_is_submitted(people: People, state: CaseState) -> None:
    case = make_case(people.team, state=state)
    with pytest.raises(ConflictError):
        photo_add(actor=people.appraiser, case=case, upload=photo_file())
    assert not Photo.objects.exists()


def test_a_withdrawn_photo_counts_no_more(people: People, case: Case) -> None:
    photo_withdraw(actor=people.appraiser, photo=make_photo(case))
    assert not photos_of(case)
    assert not photos_shown(case)


def test_withdrawing_twice_is_one_event(people: People, case: Case) -> None:
    photo = make_photo(case)
    for _ in range(2):
        photo_withdraw(actor=people.appraiser, photo=photo)
    assert Event.objects.filter(action="photo withdrawn").count() == 1


def test_a_submitted_photo_stays(people: People, case: Case) -> None:
    photo = make_photo(case)
    Case.objects.filter(pk=case.pk).update(state=CaseState.SUBMITTED)
    with pytest.raises(ConflictError):
        photo_withdraw(actor=people.appraiser, photo=photo)


def test_what_was_assessed_stays_when_more_photos_are_asked_for(people: People, case: Case) -> None:
    old = make_photo(case)
    case.state, case.submitted_at = CaseState.WAITING_FOR_PHOTOS, old.created_at
    case.save()
    new = make_photo(case, number=2)
    photo_withdraw(actor=people.appraiser, photo=new)
    with pytest.raises(ConflictError) as refused:
        photo_withdraw(actor=people.appraiser, photo=old)
    assert refused.value.code == "photo_submitted"


def test_photos_that_could_not_be_assessed_can_be_replaced(people: People, case: Case) -> None:
    photo = make_photo(case)
    case.state, case.submitted_at = CaseState.ASSESSMENT_FAILED, timezone.now()
    case.save()
    assert photo_withdraw(actor=people.appraiser, photo=photo).state == PhotoState.WITHDRAWN


def test_strangers_find_no_such_photo(people: People, case: Case) -> None:
    photo = make_photo(case)
    with pytest.raises(NotFoundError):
        photo_for(people.stranger_adjuster, photo.pk)


def test_a_large_file_is_taken_from_disk(people: People, case: Case) -> None:
    """What is larger than Django keeps in memory comes as a temporary file."""
    content = picture_bytes(400, 300)
    with TemporaryUploadedFile("car.jpg", "image/jpeg", len(content), None) as file:
        file.write(content)
        photo = photo_add(actor=people.appraiser, case=case, upload=file)
    assert file_read(photo.original) == content
