import pytest

from reviewapp.review.models import Review
from reviewapp.review.services import review_take
from tests.factories.assessment import AssessedCase, make_assessed_case
from tests.people import People
from tests.review.desk import Desk


@pytest.fixture
def assessed(people: People) -> AssessedCase:
    """Two photos, each with a sure scratch on the bumper and a flagged dent on the left door."""
    return make_assessed_case(people.team)


@pytest.fixture
def review(people: People, assessed: AssessedCase) -> Review:
    """The adjuster's review of that case, under its lease."""
    return review_take(actor=people.adjuster, case=assessed.case)


@pytest.fixture
def desk(people: People, assessed: AssessedCase, review: Review) -> Desk:
    return Desk(people.adjuster, assessed, review)
