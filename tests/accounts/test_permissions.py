"""The table of who may do what, as DOMAIN says it, and the questions that rooms ask of it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from reviewapp.accounts.models import Membership, Role, SiteRole, Team
from reviewapp.accounts.permissions import SITE_PERMISSIONS, TEAM_PERMISSIONS, Action
from reviewapp.accounts.selectors import (
    actions_of,
    may_in_team,
    may_on_site,
    may_somewhere,
    require_in_team,
    teams_where,
)
from reviewapp.foundation.errors import ForbiddenError
from tests.people import People, person

ON_CASES = {action for actions in TEAM_PERMISSIONS.values() for action in actions} - {
    Action.MODELS_SEE
}


def test_every_role_has_its_row() -> None:
    assert set(TEAM_PERMISSIONS) == set(Role)
    assert set(SITE_PERMISSIONS) == set(SiteRole)


def test_every_action_is_somebodys() -> None:
    given = [*TEAM_PERMISSIONS.values(), *SITE_PERMISSIONS.values()]
    assert set(Action) == frozenset().union(*given)


@pytest.mark.parametrize("role", SiteRole)
def test_no_role_for_the_site_sees_a_case(role: SiteRole) -> None:
    assert SITE_PERMISSIONS[role].isdisjoint(ON_CASES)


@pytest.mark.parametrize("role", [Role.APPRAISER, Role.MANAGER])
def test_only_adjusters_review(role: Role) -> None:
    assert Action.REVIEW not in TEAM_PERMISSIONS[role]


def test_a_right_in_one_team_is_none_in_another(people: People) -> None:
    assert may_in_team(people.adjuster, Action.REVIEW, people.team.pk)
    assert not may_in_team(people.adjuster, Action.REVIEW, people.other_team.pk)


def test_two_roles_in_two_teams_do_not_mix(people: People) -> None:
    Membership.objects.create(user=people.adjuster, team=people.other_team, role=Role.APPRAISER)
    assert list(teams_where(people.adjuster, Action.REVIEW)) == [people.team]
    assert list(teams_where(people.adjuster, Action.CASE_OPEN)) == [people.other_team]


def test_what_one_may_not_is_refused_in_words(people: People) -> None:
    with pytest.raises(ForbiddenError, match="does not allow you to review"):
        require_in_team(people.appraiser, Action.REVIEW, people.team.pk)


def test_nobody_may_nothing(people: People) -> None:
    nobody = AnonymousUser()
    assert actions_of(nobody) == frozenset()
    assert not may_somewhere(nobody, Action.CASE_SEE)


def test_who_was_deactivated_may_nothing(people: People) -> None:
    people.operator.is_active = False
    assert not may_on_site(people.operator, Action.MODELS_MANAGE)
    people.manager.is_active = False
    assert not may_in_team(people.manager, Action.TEAM_SEE, people.team.pk)


def test_the_navigation_shows_the_rights_of_all_teams(people: People) -> None:
    both = person("ben", team=Team.objects.create(name="East"), role=Role.APPRAISER)
    Membership.objects.create(user=both, team=people.team, role=Role.MANAGER)
    expected = TEAM_PERMISSIONS[Role.APPRAISER] | TEAM_PERMISSIONS[Role.MANAGER]
    assert actions_of(both) == expected
