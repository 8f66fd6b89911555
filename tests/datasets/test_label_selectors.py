"""Labels are the photos of approved reviews, with what people left in their label maps."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inference.masks import decode_label_map
from inference.taxonomy import DAMAGE
from reviewapp.assessment.states import PhotoResultState
from reviewapp.datasets.label_selectors import labels_available, labels_until
from reviewapp.datasets.labels import Label
from reviewapp.datasets.splits import split_of
from reviewapp.foundation.files import file_read
from reviewapp.intake.models import Photo
from reviewapp.intake.states import CaseState, PhotoState
from reviewapp.review.models import Correction, Decision, Review
from reviewapp.review.states import Outcome, RejectReason, Verdict
from tests.datasets.reviewed import make_reviewed_case
from tests.factories.assessment import AssessedCase, make_assessed_case
from tests.people import People


def labels() -> list[Label | None]:
    return list(labels_until(timezone.now()))


def only_label() -> Label:
    (label,) = labels()
    assert label is not None
    return label


def decide(made: AssessedCase, verdict: Verdict, damage: str) -> None:
    review = Review.objects.get(case=made.case)
    Decision.objects.create(
        review=review,
        line=made.assessment.lines.get(damage=damage),
        verdict=verdict,
        reason=RejectReason.REFLECTION if verdict == Verdict.REJECT else "",
        decided_by=review.adjuster,
    )


def test_every_photo_of_a_reviewed_case_is_a_label(people: People) -> None:
    make_reviewed_case(people.team, people.adjuster, photos=3)
    assert [label.number for label in labels() if label] == [1, 2, 3]


def test_a_photo_without_damage_is_a_label_too(people: People) -> None:
    make_reviewed_case(people.team, people.adjuster, photos=1, damage=False)
    assert only_label().revision == 0


def test_a_case_that_nobody_reviewed_gives_no_label(people: People) -> None:
    make_assessed_case(people.team, state=CaseState.AUTO_ACCEPTED)
    assert labels() == []


def test_a_case_that_could_not_be_assessed_gives_no_label(people: People) -> None:
    make_reviewed_case(people.team, people.adjuster, outcome=Outcome.NOT_ASSESSABLE)
    assert labels() == []


def test_a_review_that_ended_later_does_not_count(people: People) -> None:
    make_reviewed_case(people.team, people.adjuster)
    assert list(labels_until(timezone.now() - timedelta(hours=1))) == []


def test_a_withdrawn_photo_is_no_label(people: People) -> None:
    made = make_reviewed_case(people.team, people.adjuster, photos=2)
    Photo.objects.filter(pk=made.photos[0].pk).update(state=PhotoState.WITHDRAWN)
    assert [label.number for label in labels() if label] == [2]


def test_a_photo_that_no_model_assessed_and_nobody_painted_is_left_out(people: People) -> None:
    made = make_reviewed_case(people.team, people.adjuster, photos=1)
    made.assessment.photo_results.update(
        state=PhotoResultState.FAILED, parts_map="", damage_map="", failure_reason="broken"
    )
    assert labels() == [None]


def test_the_label_maps_are_those_of_the_newest_correction(people: People) -> None:
    made = make_reviewed_case(people.team, people.adjuster, photos=1)
    result = made.results[0]
    Correction.objects.create(
        photo=made.photos[0],
        review=Review.objects.get(case=made.case),
        revision=1,
        base_revision=0,
        parts_map=result.parts_map,
        damage_map=result.parts_map,
        created_by=people.adjuster,
    )
    label = only_label()
    assert (label.revision, label.damage_map) == (1, result.parts_map)


def test_a_rejected_damage_is_not_in_the_label_map(people: People) -> None:
    made = make_reviewed_case(people.team, people.adjuster, photos=1)
    decide(made, Verdict.REJECT, "Deformity")
    damage_map = decode_label_map(file_read(only_label().damage_map))
    assert set(damage_map.ravel().tolist()) == {0, DAMAGE.named("Scratch").id}


def test_a_label_says_which_model_version_and_which_role(people: People) -> None:
    made = make_reviewed_case(people.team, people.adjuster, photos=1)
    version = made.assessment.model_version
    label = only_label()
    assert (label.model_version, label.decided_by) == (version.name, "adjuster")


def test_all_photos_of_a_case_are_in_its_split(people: People) -> None:
    made = make_reviewed_case(people.team, people.adjuster, photos=3)
    assert {label.split for label in labels() if label} == {split_of(made.case.pk)}


@pytest.mark.parametrize("field", ["sha256", "display"])
def test_cases_that_share_a_photo_are_in_the_split_of_the_oldest(
    people: People, field: str
) -> None:
    oldest = make_assessed_case(people.team, photos=1)
    shared = {field: getattr(oldest.photos[0], field)}
    for number in range(8):
        made = make_reviewed_case(people.team, people.adjuster, photos=2, claim_number=str(number))
        Photo.objects.filter(pk=made.photos[0].pk).update(**shared)
    found = labels()
    assert len(found) == 16
    assert {label.split for label in found if label} == {split_of(oldest.case.pk)}


def test_it_is_told_beforehand_how_many_photos_there_are(people: People) -> None:
    make_reviewed_case(people.team, people.adjuster, photos=3)
    make_assessed_case(people.team, claim_number="CL-2")
    assert labels_available(timezone.now()) == (1, 3)
