import re
from typing import Any

import pytest
from django.test import Client

from reviewapp.accounts.models import Membership, Role, User
from reviewapp.accounts.services import member_change_role, member_remove
from reviewapp.foundation.errors import ConflictError
from tests.conftest import SignIn
from tests.people import PASSWORD, People


@pytest.fixture
def mona(people: People, sign_in: SignIn) -> Client:
    return sign_in(people.manager)


def add(client: Client, people: People, username: str, role: str = "adjuster") -> Any:
    url = f"/teams/{people.team.pk}/members/"
    return client.post(url, {"username": username, "role": role, "full_name": "Nora New"})


def link_on(page: Any) -> str | None:
    found = re.search(rb"https?://testserver(/set-password/[^<]+)<", page.content)
    return found.group(1).decode() if found else None


def role_of(people: People, username: str) -> str | None:
    member = Membership.objects.filter(team=people.team, user__username=username).first()
    return member.role if member else None


def url_of(people: People, user: User, what: str) -> str:
    member = Membership.objects.get(team=people.team, user=user)
    return f"/teams/{people.team.pk}/members/{member.pk}/{what}/"


def test_a_manager_sees_the_members(people: People, mona: Client) -> None:
    page = mona.get(f"/teams/{people.team.pk}/")
    listed = {member.user for member in page.context["members"]}
    assert listed == {people.appraiser, people.adjuster, people.second_adjuster, people.manager}


def test_a_new_person_gets_a_link_that_is_shown_once(people: People, mona: Client) -> None:
    add(mona, people, "nora")
    page = f"/teams/{people.team.pk}/"
    assert link_on(mona.get(page)) is not None
    assert link_on(mona.get(page)) is None


def test_the_link_lets_the_person_choose_a_password_and_in(people: People, mona: Client) -> None:
    add(mona, people, "nora")
    link = link_on(mona.get(f"/teams/{people.team.pk}/"))
    nora = Client()
    form = nora.get(link or "", follow=True)
    passwords = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    response = nora.post(form.redirect_chain[-1][0], passwords)
    assert response["Location"] == "/"
    assert nora.session["_auth_user_id"] == str(User.objects.get(username="nora").pk)


def test_a_used_link_is_void(people: People, mona: Client) -> None:
    add(mona, people, "nora")
    link = link_on(mona.get(f"/teams/{people.team.pk}/"))
    User.objects.get(username="nora").set_password("other")
    nora = User.objects.get(username="nora")
    nora.set_password(PASSWORD)
    nora.save()
    assert Client().get(link or "", follow=True).status_code == 404


def test_a_weak_password_is_refused_with_its_reason(people: People, mona: Client) -> None:
    add(mona, people, "nora")
    nora = Client()
    form = nora.get(link_on(mona.get(f"/teams/{people.team.pk}/")) or "", follow=True)
    weak = {"new_password1": "password", "new_password2": "password"}
    response = nora.post(form.redirect_chain[-1][0], weak)
    assert b"too common" in response.content
    assert not User.objects.get(username="nora").has_usable_password()


def test_a_known_person_joins_without_a_link(people: People, mona: Client) -> None:
    add(mona, people, "xenia", "appraiser")
    assert role_of(people, "xenia") == Role.APPRAISER
    assert link_on(mona.get(f"/teams/{people.team.pk}/")) is None


def test_a_manager_cannot_take_over_an_account_of_another_team(
    people: People, mona: Client
) -> None:
    add(mona, people, "xenia")
    assert mona.post(url_of(people, people.stranger_adjuster, "link")).status_code == 403
    assert link_on(mona.get(f"/teams/{people.team.pk}/")) is None


def test_a_manager_cannot_take_over_an_operator(people: People, mona: Client) -> None:
    add(mona, people, "otto")
    assert mona.post(url_of(people, people.operator, "link")).status_code == 403


def test_a_member_who_forgot_the_password_gets_a_new_link(people: People, mona: Client) -> None:
    mona.post(url_of(people, people.adjuster, "link"))
    assert link_on(mona.get(f"/teams/{people.team.pk}/")) is not None


def test_nobody_is_added_twice(people: People, mona: Client) -> None:
    response = add(mona, people, "bela", "manager")
    assert response.status_code == 400
    assert b"is a member of North already" in response.content
    assert role_of(people, "bela") == Role.ADJUSTER


def test_a_name_with_odd_characters_is_refused(people: People, mona: Client) -> None:
    assert add(mona, people, "no spaces <b>").status_code == 400
    assert User.objects.filter(username__startswith="no").count() == 0


def test_an_unknown_role_is_refused(people: People, mona: Client) -> None:
    response = mona.post(url_of(people, people.adjuster, "role"), {"role": "emperor"})
    assert response.status_code == 400
    assert role_of(people, "bela") == Role.ADJUSTER


def test_a_changed_role_counts_at_once(people: People, mona: Client) -> None:
    mona.post(url_of(people, people.adjuster, "role"), {"role": "appraiser"})
    assert role_of(people, "bela") == Role.APPRAISER


def test_who_is_removed_sees_the_team_no_more(
    people: People, mona: Client, sign_in: SignIn
) -> None:
    bela = sign_in(people.adjuster)
    assert bela.get(f"/teams/{people.team.pk}/").status_code == 403
    mona.post(url_of(people, people.adjuster, "remove"))
    assert bela.get(f"/teams/{people.team.pk}/").status_code == 404


def test_a_removal_offers_to_take_it_back(people: People, mona: Client) -> None:
    mona.post(url_of(people, people.adjuster, "remove"))
    removed = mona.get(f"/teams/{people.team.pk}/").context["removed"]
    assert removed == {"username": "bela", "role": "adjuster"}
    mona.post(f"/teams/{people.team.pk}/members/", removed)
    assert role_of(people, "bela") == Role.ADJUSTER


def test_the_last_manager_stays(people: People) -> None:
    member = Membership.objects.get(user=people.manager)
    with pytest.raises(ConflictError):
        member_remove(actor=people.manager, membership=member)
    with pytest.raises(ConflictError):
        member_change_role(actor=people.manager, membership=member, role=Role.ADJUSTER)
    assert role_of(people, "mona") == Role.MANAGER


def test_two_who_remove_the_same_member_are_told(people: People) -> None:
    member = Membership.objects.get(user=people.adjuster)
    member_remove(actor=people.manager, membership=Membership.objects.get(pk=member.pk))
    with pytest.raises(ConflictError, match="a moment ago"):
        member_remove(actor=people.manager, membership=member)


def test_a_manager_may_go_when_another_stays(people: People, mona: Client) -> None:
    mona.post(url_of(people, people.adjuster, "role"), {"role": "manager"})
    mona.post(url_of(people, people.manager, "remove"))
    assert role_of(people, "mona") is None


def test_an_operator_makes_a_team_with_its_manager(people: People, sign_in: SignIn) -> None:
    otto = sign_in(people.operator)
    response = otto.post("/teams/", {"name": "West", "manager": "wanda"})
    assert link_on(otto.get(response["Location"])) is not None
    assert Membership.objects.get(team__name="West").role == Role.MANAGER


def test_a_team_is_not_made_without_its_manager(people: People, sign_in: SignIn) -> None:
    otto = sign_in(people.operator)
    assert otto.post("/teams/", {"name": "West", "manager": "not a name"}).status_code == 400
    assert otto.get("/teams/").context["teams"].filter(name="West").count() == 0


def test_two_teams_have_two_names(people: People, sign_in: SignIn) -> None:
    response = sign_in(people.operator).post("/teams/", {"name": "north", "manager": "wanda"})
    assert response.status_code == 400
    assert not User.objects.filter(username="wanda").exists()


def test_an_operator_adds_managers_only(people: People, sign_in: SignIn) -> None:
    otto = sign_in(people.operator)
    assert add(otto, people, "wilma", "adjuster").status_code == 403
    assert add(otto, people, "wanda", "manager").status_code == 302
    assert not User.objects.filter(username="wilma").exists()


def test_an_operator_makes_himself_no_manager(people: People, sign_in: SignIn) -> None:
    assert add(sign_in(people.operator), people, "otto", "manager").status_code == 400
    assert role_of(people, "otto") is None
