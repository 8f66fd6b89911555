from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from reviewapp.accounts.models import SiteRole, User
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def invite(*arguments: str) -> str:
    out = StringIO()
    call_command("invite", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_first_operator_comes_by_a_command(client: Client) -> None:
    link = invite("olga", "--site-role", "operator")
    form = client.get(link, follow=True)
    passwords = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    client.post(form.redirect_chain[-1][0], passwords)
    assert client.get("/", follow=False)["Location"] == "/teams/"


def test_the_link_names_the_site_where_given() -> None:
    link = invite("olga", "--site", "https://review.example.org/")
    assert link.startswith("https://review.example.org/set-password/")


def test_somebody_known_gets_a_link_and_keeps_the_role() -> None:
    User.objects.create_user("olga", password=PASSWORD, site_role=SiteRole.OPERATOR)
    assert "/set-password/" in invite("olga")
    assert User.objects.get().site_role == SiteRole.OPERATOR


def test_an_invitation_changes_no_role() -> None:
    User.objects.create_user("anna", password=PASSWORD)
    with pytest.raises(CommandError, match="exists"):
        invite("anna", "--site-role", "operator")
    assert User.objects.get().site_role == SiteRole.NONE
