import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from inference.masks import decode_label_map
from reviewapp.assessment.models import Assessment
from tests.conftest import SignIn
from tests.factories.assessment import AssessedCase, label_maps, make_assessed_case
from tests.people import People


@pytest.fixture
def assessed(people: People) -> AssessedCase:
    return make_assessed_case(people.team)


def test_the_assessments_of_a_case_are_listed(
    people: People, sign_in: SignIn, assessed: AssessedCase
) -> None:
    url = reverse("case-assessments", args=[assessed.case.pk])
    answer = sign_in(people.appraiser).get(url).json()
    listed = [(item["number"], item["state"]) for item in answer["results"]]
    assert listed == [(1, "complete")]


def test_an_assessment_tells_its_lines_and_damaged_parts(
    people: People, sign_in: SignIn, assessed: AssessedCase
) -> None:
    url = reverse("assessment-detail", args=[assessed.assessment.pk])
    answer = sign_in(people.adjuster).get(url).json()
    assert {line["part"] for line in answer["lines"]} == {"Front Bumper", "Front Door Shell"}
    assert len(answer["photo_results"][0]["damaged_parts"]) == 2


def test_an_assessment_costs_few_queries_however_many_photos(
    people: People, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many = make_assessed_case(people.team, photos=8)
    client = sign_in(people.adjuster)
    with django_assert_max_num_queries(7):
        client.get(reverse("assessment-detail", args=[many.assessment.pk]))


@pytest.mark.parametrize("layer", ["parts", "damage"])
def test_a_label_map_comes_as_it_was_stored(
    people: People, sign_in: SignIn, assessed: AssessedCase, layer: str
) -> None:
    url = reverse(f"photo-result-{layer}-map", args=[assessed.results[0].pk])
    response = sign_in(people.adjuster).get(url)
    expected = label_maps(96, 64)[layer == "damage"]
    assert response["Content-Type"] == "image/png"
    assert (decode_label_map(response.getvalue()) == expected).all()


def test_a_photo_that_still_waits_has_no_label_map(
    people: People, sign_in: SignIn, started: Assessment
) -> None:
    result = started.photo_results.all()[0]
    url = reverse("photo-result-parts-map", args=[result.pk])
    assert sign_in(people.adjuster).get(url).status_code == 404


@pytest.mark.parametrize(
    "name", ["case-assessments", "assessment-detail", "photo-result-parts-map"]
)
@pytest.mark.parametrize("who", ["stranger_adjuster", "steward", "operator"])
def test_who_may_not_see_the_case_finds_nothing(
    people: People, sign_in: SignIn, assessed: AssessedCase, name: str, who: str
) -> None:
    subjects = {
        "case-assessments": assessed.case.pk,
        "assessment-detail": assessed.assessment.pk,
        "photo-result-parts-map": assessed.results[0].pk,
    }
    response = sign_in(getattr(people, who)).get(reverse(name, args=[subjects[name]]))
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"
