"""The people of the tests: one a role in the owner's team, one a role in another, and nobody."""

from dataclasses import dataclass

from reviewapp.accounts.models import Membership, Role, SiteRole, Team, User

PASSWORD = "correct horse battery staple"


def person(username: str, *, team: Team | None = None, role: Role | None = None) -> User:
    user = User.objects.create_user(username=username, password=PASSWORD)
    if team is not None and role is not None:
        Membership.objects.create(user=user, team=team, role=role)
    return user


def site_person(username: str, site_role: SiteRole) -> User:
    return User.objects.create_user(username=username, password=PASSWORD, site_role=site_role)


@dataclass(frozen=True)
class People:
    """`team` owns the case under test; `stranger_*` belong to `other_team`."""

    team: Team
    other_team: Team
    appraiser: User
    adjuster: User
    second_adjuster: User
    manager: User
    stranger_appraiser: User
    stranger_adjuster: User
    stranger_manager: User
    steward: User
    operator: User


def everybody() -> People:
    team = Team.objects.create(name="North")
    other = Team.objects.create(name="South")
    return People(
        team=team,
        other_team=other,
        appraiser=person("anna", team=team, role=Role.APPRAISER),
        adjuster=person("bela", team=team, role=Role.ADJUSTER),
        second_adjuster=person("berta", team=team, role=Role.ADJUSTER),
        manager=person("mona", team=team, role=Role.MANAGER),
        stranger_appraiser=person("xaver", team=other, role=Role.APPRAISER),
        stranger_adjuster=person("xenia", team=other, role=Role.ADJUSTER),
        stranger_manager=person("xandra", team=other, role=Role.MANAGER),
        steward=site_person("stella", SiteRole.DATA_STEWARD),
        operator=site_person("otto", SiteRole.OPERATOR),
    )
