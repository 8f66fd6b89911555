import pytest
from django.urls import reverse

from reviewapp.modelversions.selectors import active_model_version
from tests.conftest import SignIn
from tests.factories.modelversions import make_model_version
from tests.people import People

LIST = "/models/"


@pytest.mark.parametrize("who", ["manager", "steward", "operator"])
def test_the_page_names_the_version_in_use(people: People, sign_in: SignIn, who: str) -> None:
    make_model_version(name="small-1")
    page = sign_in(getattr(people, who)).get(LIST).content.decode()
    assert "small-1" in page
    assert "in use" in page


def test_every_figure_stands_with_its_interval(people: People, sign_in: SignIn) -> None:
    make_model_version()
    page = sign_in(people.steward).get(LIST).content.decode()
    assert "0.981" in page
    assert "0.97 to 0.99" in page


def test_a_figure_says_from_how_many_photos_it_is_and_its_classes(
    people: People, sign_in: SignIn
) -> None:
    make_model_version()
    page = sign_in(people.steward).get(LIST).content.decode()
    assert "907" in page
    assert "<dt>vehicle</dt><dd>0.973</dd>" in page


def test_the_course_of_a_training_is_drawn_and_said_in_words(
    people: People, sign_in: SignIn
) -> None:
    make_model_version()
    page = sign_in(people.steward).get(LIST).content.decode()
    assert "Training loss: 0.900 at epoch 1, 0.250 at epoch 2" in page


def test_weights_that_were_trained_on_name_those_they_went_on_from(
    people: People, sign_in: SignIn
) -> None:
    make_model_version()
    assert "SHA-256 aaaaaaaaaaaa…" in sign_in(people.steward).get(LIST).content.decode()


def test_two_versions_stand_side_by_side(people: People, sign_in: SignIn) -> None:
    make_model_version(name="small-1")
    client = sign_in(people.steward)
    assert "Side by side" not in client.get(LIST).content.decode()
    make_model_version(name="small-2", active=False)
    assert "Side by side" in client.get(LIST).content.decode()


def test_what_it_was_trained_on_and_the_licence_limits_are_shown(
    people: People, sign_in: SignIn
) -> None:
    make_model_version()
    page = sign_in(people.steward).get(LIST).content.decode()
    assert "made-up-photos" in page
    assert "Only for tests." in page


def test_without_a_version_the_page_says_what_to_do(people: People, sign_in: SignIn) -> None:
    assert "register_models" in sign_in(people.operator).get(LIST).content.decode()


@pytest.mark.parametrize("who", ["appraiser", "adjuster"])
def test_who_works_on_cases_does_not_see_it(people: People, sign_in: SignIn, who: str) -> None:
    assert sign_in(getattr(people, who)).get(LIST).status_code == 403


def test_the_operator_activates_another_one(people: People, sign_in: SignIn) -> None:
    make_model_version(name="small-1")
    second = make_model_version(name="small-2", active=False)
    response = sign_in(people.operator).post(reverse("modelversions:activate", args=[second.pk]))
    assert response.status_code == 302
    assert active_model_version() == second


def test_a_manager_sees_no_button_and_is_refused(people: People, sign_in: SignIn) -> None:
    first = make_model_version(name="small-1")
    second = make_model_version(name="small-2", active=False)
    client = sign_in(people.manager)
    assert "Use for new assessments" not in client.get(LIST).content.decode()
    refused = client.post(reverse("modelversions:activate", args=[second.pk]))
    assert refused.status_code == 403
    assert active_model_version() == first
