"""Who may do what, and where. Every other room's access goes through here."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet, Subquery

from reviewapp.accounts.models import MachineToken, Membership, Role, SiteRole, Team, User
from reviewapp.accounts.permissions import SITE_PERMISSIONS, TEAM_PERMISSIONS, Action
from reviewapp.foundation.errors import ForbiddenError, NotFoundError

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
    if may_on_site(user, Action.TEAMS_MANAGE):
        return Team.objects.all()
    require_somewhere(user, Action.TEAM_SEE)
    return teams_where(user, Action.TEAM_SEE)


def team_for(user: User, team_id: UUID) -> Team:
    """The team to see its members: 404 for strangers, 403 for members who may not."""
    if may_on_site(user, Action.TEAMS_MANAGE):
        visible = Team.objects.filter(pk=team_id)
    else:
        visible = Team.objects.filter(pk=team_id, memberships__user=user)
    team = visible.first()
    if team is None:
        raise NotFoundError("There is no such team among yours.")
    if not may_on_site(user, Action.TEAMS_MANAGE):
        require_in_team(user, Action.TEAM_SEE, team.pk)
    return team


def managed_team_for(user: User, team_id: UUID, action: Action = Action.TEAM_MANAGE) -> Team:
    """The team to change it, or to read its trail: as `team_for`, and managers only."""
    team = team_for(user, team_id)
    require_in_team(user, action, team.pk)
    return team


def members_of(team: Team) -> QuerySet[Membership]:
    people = Membership.objects.filter(team=team, user__is_machine=False)
    return people.select_related("user").order_by("role", "user__username")


def member_for(team: Team, membership_id: UUID) -> Membership:
    membership = members_of(team).filter(pk=membership_id).first()
    if membership is None:
        raise NotFoundError("This person is no member of the team (any more).")
    return membership


def tokens_of(team: Team) -> QuerySet[MachineToken]:
    """Tokens of the team's machines that still work."""
    machines = MachineToken.objects.filter(user__memberships__team=team, revoked_at__isnull=True)
    role = Subquery(Membership.objects.filter(team=team, user=OuterRef("user")).values("role")[:1])
    return machines.annotate(role=role).order_by("label")


def token_for(team: Team, token_id: UUID) -> MachineToken:
    token = MachineToken.objects.filter(pk=token_id, user__memberships__team=team).first()
    if token is None:
        raise NotFoundError("There is no such token in this team.")
    return token


def may_give_link(actor: User, person: User) -> bool:
    """Whoever opens a set-password link becomes that person: only for those wholly in one's care.

    A manager may for people who belong to no other team and have no role for the site; an
    operator for everybody without a role for the site.
    """
    if person.is_machine or not person.is_active or person.site_role or person == actor:
        return False
    if may_on_site(actor, Action.TEAMS_MANAGE):
        return True
    mine = teams_where(actor, Action.TEAM_MANAGE).values("pk")
    return not Membership.objects.filter(user=person).exclude(team__in=mine).exists()
