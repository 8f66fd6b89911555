"""Who may do what, and where. Every other room's access goes through here."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from reviewapp.accounts.models import Membership, Role, SiteRole, Team, User
from reviewapp.accounts.permissions import SITE_PERMISSIONS, TEAM_PERMISSIONS, Action
from reviewapp.foundation.errors import ForbiddenError

Visitor = User | AnonymousUser


def teams_where(user: Visitor, action: Action) -> QuerySet[Team]:
    """The teams in which this user may do this."""
    if not isinstance(user, User) or not user.is_active:
        return Team.objects.none()
    roles = [role for role, actions in TEAM_PERMISSIONS.items() if action in actions]
    return Team.objects.filter(memberships__user=user, memberships__role__in=roles)


def may_in_team(user: Visitor, action: Action, team_id: UUID) -> bool:
    return teams_where(user, action).filter(pk=team_id).exists()


def may_somewhere(user: Visitor, action: Action) -> bool:
    """Site-wide, or in at least one team."""
    return may_on_site(user, action) or teams_where(user, action).exists()


def may_on_site(user: Visitor, action: Action) -> bool:
    if not isinstance(user, User) or not user.is_active:
        return False
    return action in SITE_PERMISSIONS[SiteRole(user.site_role)]


def require_in_team(user: Visitor, action: Action, team_id: UUID) -> None:
    """`ForbiddenError` for what one may see but not do."""
    if not may_in_team(user, action, team_id):
        raise ForbiddenError(f"Your role in this team does not allow you to {action.value}.")


def require_on_site(user: Visitor, action: Action) -> None:
    if not may_on_site(user, action):
        raise ForbiddenError(f"Your role does not allow you to {action.value}.")


def require_somewhere(user: Visitor, action: Action) -> None:
    if not may_somewhere(user, action):
        raise ForbiddenError(f"Your role does not allow you to {action.value}.")


def actions_of(user: Visitor) -> frozenset[Action]:
    """Everything this user may do somewhere; the navigation shows only this."""
    if not isinstance(user, User):
        return frozenset()
    roles = Membership.objects.filter(user=user).values_list("role", flat=True)
    allowed = SITE_PERMISSIONS[SiteRole(user.site_role)]
    for role in roles:
        allowed |= TEAM_PERMISSIONS[Role(role)]
    return allowed


def teams_listed(user: User) -> QuerySet[Team]:
    """All teams for an operator, their own for a manager."""
    require_team_pages(user)
    return (
        Team.objects.all()
        if may_on_site(user, Action.TEAMS_MANAGE)
        else teams_where(user, Action.TEAM_SEE)
    )


def require_team_pages(user: User) -> None:
    if not may_on_site(user, Action.TEAMS_MANAGE):
        require_somewhere(user, Action.TEAM_SEE)
