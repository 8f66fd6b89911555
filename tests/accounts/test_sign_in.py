import pytest
from django.test import Client

from reviewapp.accounts.models import Team, User
from reviewapp.audit.models import Event
from tests.people import PASSWORD, People


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: str) -> int:
    data = {"username": username, "password": password, **extra}
    return client.post("/sign-in/", data).status_code


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_name_and_password_open_the_start(people: People, client: Client) -> None:
    response = client.post("/sign-in/", {"username": "anna", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client)


def test_a_wrong_password_opens_nothing(people: People, client: Client) -> None:
    sign_in(client, "anna", "wrong")
    assert not signed_in(client)


def test_an_unknown_name_and_a_wrong_password_read_the_same(people: People, client: Client) -> None:
    wrong = client.post("/sign-in/", {"username": "anna", "password": "x"}).context["form"]
    unknown = client.post("/sign-in/", {"username": "nobody", "password": "x"}).context["form"]
    assert wrong.non_field_errors() == unknown.non_field_errors()


def test_who_was_deactivated_stays_out(people: People, client: Client) -> None:
    User.objects.filter(username="anna").update(is_active=False)
    sign_in(client, "anna")
    assert not signed_in(client)


def test_a_machine_does_not_sign_in_even_with_a_password(people: People, client: Client) -> None:
    User.objects.create_user("robot", password=PASSWORD, is_machine=True)
    sign_in(client, "robot")
    assert not signed_in(client)


def test_a_session_ends_when_the_person_becomes_inactive(people: People, client: Client) -> None:
    client.force_login(people.manager)
    User.objects.filter(pk=people.manager.pk).update(is_active=False)
    assert client.get("/teams/").status_code == 302


def test_the_page_asked_for_comes_after_signing_in(people: People, client: Client) -> None:
    response = client.post(
        "/sign-in/", {"username": "mona", "password": PASSWORD, "next": "/teams/"}
    )
    assert response["Location"] == "/teams/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_no_other_site_comes_after_signing_in(people: People, client: Client, target: str) -> None:
    response = client.post("/sign-in/", {"username": "mona", "password": PASSWORD, "next": target})
    assert response["Location"] == "/"


def test_who_is_in_and_is_sent_to_sign_in_goes_home(people: People, client: Client) -> None:
    client.force_login(people.manager)
    response = client.get("/sign-in/?next=/sign-in/")
    assert (response.status_code, response["Location"]) == (302, "/")


def test_signing_in_changes_the_session_key(people: People, client: Client) -> None:
    client.get("/sign-in/")
    client.session.save()
    before = client.session.session_key
    sign_in(client, "anna")
    assert client.session.session_key != before


def test_signing_out_ends_the_session(people: People, client: Client) -> None:
    client.force_login(people.manager)
    client.post("/sign-out/")
    assert not signed_in(client)


def test_a_link_alone_signs_nobody_out(people: People, client: Client) -> None:
    client.force_login(people.manager)
    assert client.get("/sign-out/").status_code == 405
    assert signed_in(client)


def test_coming_and_going_is_written_down(people: People, client: Client) -> None:
    sign_in(client, "anna")
    client.post("/sign-out/")
    actions = Event.objects.filter(actor=people.appraiser).values_list("action", flat=True)
    assert sorted(actions) == ["signed in", "signed out"]


@pytest.mark.parametrize("path", ["/sign-up/", "/register/", "/accounts/", "/admin/"])
def test_nobody_signs_up(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("appraiser", "/cases/"),
        ("adjuster", "/queue/"),
        ("manager", "/queue/"),
        ("steward", "/exports/"),
        ("operator", "/teams/"),
    ],
)
def test_home_is_where_the_work_is(people: People, client: Client, who: str, page: str) -> None:
    client.force_login(getattr(people, who))
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, page)


def test_who_has_no_role_is_told_whom_to_ask(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("newcomer"))
    Team.objects.create(name="North")
    response = client.get("/")
    assert response.status_code == 200
    assert b"newcomer" in response.content
