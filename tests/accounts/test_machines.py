import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from reviewapp.accounts.models import MachineToken, Role, SiteRole, User
from reviewapp.accounts.services import machine_create, token_create, user_for_token
from reviewapp.foundation.errors import InvalidError
from tests.conftest import SignIn
from tests.people import People


def make(client: Client, people: People) -> str:
    url = f"/teams/{people.team.pk}/machines/"
    response = client.post(url, {"label": "claims system", "role": "appraiser"})
    found = re.search(rb'class="secret">([\w-]+)<', response.content)
    assert response.status_code == 201
    assert found
    return found.group(1).decode()


def status_with(token: str) -> int:
    return Client().get("/api/schema/", headers={"Authorization": f"Token {token}"}).status_code


def test_a_token_opens_the_api(people: People, sign_in: SignIn) -> None:
    assert status_with(make(sign_in(people.manager), people)) == 200


def test_a_token_is_a_machine_with_one_role_in_one_team(people: People, sign_in: SignIn) -> None:
    found = user_for_token(make(sign_in(people.manager), people))
    assert found is not None
    user, _ = found
    assert [(m.team, m.role) for m in user.memberships.all()] == [(people.team, Role.APPRAISER)]
    assert user.site_role == SiteRole.NONE


def test_the_text_of_a_token_is_not_kept(people: People, sign_in: SignIn) -> None:
    text = make(sign_in(people.manager), people)
    row = MachineToken.objects.values().get()
    assert text not in str(row)


def test_a_revoked_token_opens_nothing(people: People, sign_in: SignIn) -> None:
    mona = sign_in(people.manager)
    text = make(mona, people)
    token = MachineToken.objects.get()
    mona.post(f"/teams/{people.team.pk}/machines/{token.pk}/revoke/")
    assert status_with(text) == 401


@pytest.mark.parametrize("token", ["unknown", "two words", "", "ünknown"])
def test_a_wrong_token_is_refused(db: None, token: str) -> None:
    assert status_with(token) == 401


def test_a_token_opens_no_page(people: People, sign_in: SignIn) -> None:
    text = make(sign_in(people.manager), people)
    response = Client().get("/teams/", headers={"Authorization": f"Token {text}"})
    assert response.status_code == 302


def test_a_person_has_no_token(people: People) -> None:
    with pytest.raises(InvalidError):
        token_create(actor=None, user=people.adjuster, label="mine")


def test_a_machine_is_no_member_of_the_list(people: People, sign_in: SignIn) -> None:
    mona = sign_in(people.manager)
    make(mona, people)
    page = mona.get(f"/teams/{people.team.pk}/")
    assert all(not member.user.is_machine for member in page.context["members"])
    assert [token.label for token in page.context["tokens"]] == ["claims system"]


def test_a_command_makes_a_machine_for_the_site(db: None) -> None:
    out = StringIO()
    call_command("machine_token", "exporter", "--role", "data steward", stdout=out)
    found = user_for_token(out.getvalue().strip())
    assert found is not None
    assert found[0].site_role == SiteRole.DATA_STEWARD


def test_a_command_makes_a_machine_for_a_team(people: People) -> None:
    out = StringIO()
    call_command("machine_token", "feeder", "--role", "appraiser", "--team", "North", stdout=out)
    found = user_for_token(out.getvalue().strip())
    assert found is not None
    assert found[0].memberships.get().team == people.team


@pytest.mark.parametrize(
    "options", [["--role", "adjuster"], ["--role", "operator", "--team", "North"]]
)
def test_a_role_without_its_place_is_refused(people: People, options: list[str]) -> None:
    with pytest.raises(CommandError, match="team"):
        call_command("machine_token", "odd", *options)
    assert not User.objects.filter(is_machine=True).exists()


def test_a_machine_cannot_be_given_a_link(people: People) -> None:
    token, _ = machine_create(actor=None, label="m", team=people.team, role=Role.APPRAISER)
    with pytest.raises(CommandError, match="machine"):
        call_command("invite", token.user.username)
