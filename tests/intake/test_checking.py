import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from reviewapp.audit.models import Event
from reviewapp.foundation.files import file_read
from reviewapp.intake import checking, tasks
from reviewapp.intake.checking import photo_check, photos_claim, photos_free_expired
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.pictures import Pictures, pictures_of
from reviewapp.intake.services import case_submit, photo_add, photo_withdraw
from reviewapp.intake.states import CaseState, PhotoState
from reviewapp.intake.tasks import derive_photos, sweep
from reviewapp.intake.validation import PhotoFormat
from tests.factories.intake import make_case
from tests.factories.pictures import picture_bytes
from tests.intake import files
from tests.intake.files import photo_file, upload
from tests.people import People


@pytest.fixture
def case(people: People) -> Case:
    return make_case(people.team)


@pytest.fixture
def photo(people: People, case: Case) -> Photo:
    return photo_add(actor=people.appraiser, case=case, upload=photo_file("left.jpg"))


def broken_photo(people: People, case: Case) -> Photo:
    """Its beginning is fine; only whoever decodes it to the end finds out."""
    content = picture_bytes(400, 300)
    return photo_add(
        actor=people.appraiser, case=case, upload=upload(content[: len(content) // 2], "half.jpg")
    )


def test_a_worker_makes_the_photo_count(photo: Photo) -> None:
    derive_photos()
    photo.refresh_from_db()
    assert (photo.state, photo.width, photo.height) == (PhotoState.READY, 96, 64)
    assert file_read(photo.display)[:3] == file_read(photo.thumbnail)[:3] == b"\xff\xd8\xff"


def test_time_and_place_are_kept_with_the_photo(people: People, case: Case) -> None:
    place = {1: "N", 2: (48.0, 30.0, 0.0), 3: "W", 4: (2.0, 15.0, 0.0)}
    content = files.with_exif(taken="2026:11:03 10:15:30", place=place)
    photo = photo_add(actor=people.appraiser, case=case, upload=upload(content))
    derive_photos()
    photo.refresh_from_db()
    assert photo.taken_at is not None
    assert (photo.latitude, photo.longitude) == pytest.approx((48.5, -2.25))


def test_a_file_cut_off_in_the_middle_is_refused_in_words(people: People, case: Case) -> None:
    photo = broken_photo(people, case)
    derive_photos()
    photo.refresh_from_db()
    assert photo.state == PhotoState.REFUSED
    assert photo.refusal.startswith("half.jpg cannot be read to its end")
    assert (photo.display, photo.thumbnail) == ("", "")


def test_a_broken_photo_does_not_stop_the_others(people: People, case: Case) -> None:
    broken_photo(people, case)
    photo_add(actor=people.appraiser, case=case, upload=photo_file())
    derive_photos()
    assert list(case.photos.values_list("state", flat=True)) == ["refused", "ready"]


def test_what_became_of_a_photo_is_in_the_audit_trail(photo: Photo) -> None:
    derive_photos()
    assert Event.objects.filter(subject_id=photo.pk, action="photo ready", actor=None).exists()


def test_two_workers_never_hold_the_same_photo(photo: Photo) -> None:
    assert (photos_claim().ids, photos_claim().ids) == ((photo.pk,), ())


def test_a_photo_withdrawn_while_it_is_checked_stays_withdrawn(
    people: People, photo: Photo
) -> None:
    claim = photos_claim()
    held = Photo.objects.get(pk=photo.pk)
    photo_withdraw(actor=people.appraiser, photo=photo)
    assert not checking.photo_refuse(photo=held, token=claim.token, reason="late")
    photo.refresh_from_db()
    assert photo.state == PhotoState.WITHDRAWN


def test_a_lost_claim_is_a_clean_end(photo: Photo) -> None:
    photo_check(photo_id=photo.pk, token=uuid.uuid4())
    photo.refresh_from_db()
    assert photo.state == PhotoState.RECEIVED


def expire(photo: Photo, *, attempts: int) -> None:
    photos_claim()
    Photo.objects.filter(pk=photo.pk).update(
        lease_until=timezone.now() - timedelta(seconds=1), attempts=attempts
    )


def test_a_dead_workers_photo_waits_again(photo: Photo) -> None:
    expire(photo, attempts=1)
    sweep()
    photo.refresh_from_db()
    assert photo.state == PhotoState.RECEIVED


def test_a_living_workers_photo_is_left_alone(photo: Photo) -> None:
    photos_claim()
    photos_free_expired()
    photo.refresh_from_db()
    assert photo.state == PhotoState.CHECKING


def test_after_the_last_attempt_a_photo_is_refused_in_words(
    photo: Photo, settings: Settings
) -> None:
    expire(photo, attempts=settings.MAX_ATTEMPTS)
    sweep()
    photo.refresh_from_db()
    assert photo.state == PhotoState.REFUSED
    assert photo.refusal.startswith("left.jpg could not be checked after 3 attempts")


def test_a_silent_file_store_leaves_the_photo_for_another_attempt(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(key: str) -> bytes:
        raise TimeoutError(key)

    monkeypatch.setattr(checking, "file_read", silent)
    derive_photos()
    photo.refresh_from_db()
    assert (photo.state, photo.attempts) == (PhotoState.CHECKING, 1)


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    rung: list[str] = []
    monkeypatch.setattr(checking, "start_on_commit", lambda job: rung.append(job.value))
    return rung


def test_the_last_photo_of_a_submitted_case_rings_for_its_assessment(
    people: People, photo: Photo, bells: list[str]
) -> None:
    case_submit(actor=people.appraiser, case=photo.case)
    derive_photos()
    assert "assessment.assess_photos" in bells


def test_a_draft_does_not_ring_for_assessment(photo: Photo, bells: list[str]) -> None:
    derive_photos()
    assert (Photo.objects.get().state, bells) == (PhotoState.READY, [])


def test_the_sweep_rings_for_photos_without_a_bell(photo: Photo, bells: list[str]) -> None:
    sweep()
    assert bells == ["intake.derive_photos"]


def test_a_submitted_case_of_which_no_photo_can_be_read_ends_with_the_reason(
    people: People, case: Case
) -> None:
    broken_photo(people, case)
    case_submit(actor=people.appraiser, case=case)
    derive_photos()
    case.refresh_from_db()
    assert case.state == CaseState.ASSESSMENT_FAILED
    assert Event.objects.filter(after__reason="None of the photos could be read.").exists()


def test_decoding_holds_no_transaction(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    around_the_test = list(connection.savepoint_ids)
    seen: list[list[str]] = []

    def watched(content: bytes, *, kind: PhotoFormat, name: str) -> Pictures:
        seen.append(list(connection.savepoint_ids))
        return pictures_of(content, kind=kind, name=name)

    monkeypatch.setattr(checking, "pictures_of", watched)
    derive_photos()
    assert seen == [around_the_test]


def test_the_jobs_are_known_by_their_names() -> None:
    assert (tasks.derive_photos.name, tasks.sweep.name) == ("intake.derive_photos", "intake.sweep")
