"""Teams, their members and machines. Passwords and tokens never pass through an event."""

import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from reviewapp.accounts.models import MachineToken, Membership, Role, SiteRole, Team, User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import may_on_site, require_in_team, require_on_site
from reviewapp.audit.services import event_record
from reviewapp.foundation.errors import ConflictError, ForbiddenError, InvalidError


@transaction.atomic
def team_create(*, actor: User, name: str, manager: str, full_name: str = "") -> Team:
    """A team and its first manager, known or new: none without the other."""
    require_on_site(actor, Action.TEAMS_MANAGE)
    if Team.objects.filter(name__iexact=name).exists():
        raise ConflictError(f"There is a team “{name}” already. Choose another name.")
    team = Team.objects.create(name=name)
    event_record(actor=actor, action="team created", subject=team, team_id=team.pk)
    member_add(actor=actor, team=team, username=manager, role=Role.MANAGER, full_name=full_name)
    return team


@transaction.atomic
def person_create(
    *,
    actor: User | None,
    username: str,
    full_name: str = "",
    site_role: SiteRole = SiteRole.NONE,
) -> User:
    """A person without a password: only a set-password link lets them in."""
    first, _, last = full_name.strip().partition(" ")
    user = User(username=username, first_name=first, last_name=last, site_role=site_role)
    user.set_unusable_password()
    try:
        user.full_clean()
    except ValidationError as error:
        raise InvalidError(" ".join(error.messages)) from None
    user.save()
    event_record(
        actor=actor,
        action="person created",
        subject=user,
        after={"username": username, "site_role": site_role},
    )
    return user


@transaction.atomic
def member_add(
    *, actor: User, team: Team, username: str, role: Role, full_name: str = ""
) -> Membership:
    """Give a person, known or new, a role in the team."""
    _require_may_add(actor, team, role)
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        user = person_create(actor=actor, username=username, full_name=full_name)
    if user.is_machine or user == actor:
        raise InvalidError("A machine or yourself cannot be added here; name another person.")
    return _membership_create(actor=actor, team=team, user=user, role=role)


def _require_may_add(actor: User, team: Team, role: Role) -> None:
    """An operator gives a team its managers; everybody else is the managers' business."""
    if may_on_site(actor, Action.TEAMS_MANAGE):
        if role != Role.MANAGER:
            raise ForbiddenError("An operator adds managers; they add the other members.")
        return
    require_in_team(actor, Action.TEAM_MANAGE, team.pk)


def _membership_create(*, actor: User | None, team: Team, user: User, role: Role) -> Membership:
    try:
        with transaction.atomic():
            membership = Membership.objects.create(team=team, user=user, role=role)
    except IntegrityError:
        raise ConflictError(f"{user.display_name} is a member of {team} already.") from None
    event_record(
        actor=actor,
        action="member added",
        subject=membership,
        team_id=team.pk,
        after={"username": user.username, "role": role},
    )
    return membership


@transaction.atomic
def member_change_role(*, actor: User, membership: Membership, role: Role) -> Membership:
    require_in_team(actor, Action.TEAM_MANAGE, membership.team_id)
    _keep_a_manager(membership, becomes=role)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    event_record(
        actor=actor,
        action="role changed",
        subject=membership,
        team_id=membership.team_id,
        before={"username": membership.user.username, "role": before},
        after={"role": role},
    )
    return membership


@transaction.atomic
def member_remove(*, actor: User, membership: Membership) -> None:
    """Takes the role away at once; what the person did stays."""
    require_in_team(actor, Action.TEAM_MANAGE, membership.team_id)
    _keep_a_manager(membership, becomes=None)
    event_record(
        actor=actor,
        action="member removed",
        subject=membership,
        team_id=membership.team_id,
        before={"username": membership.user.username, "role": membership.role},
    )
    membership.delete()


def _keep_a_manager(membership: Membership, *, becomes: Role | None) -> None:
    """Of two managers who remove each other at the same moment, one stays."""
    Team.objects.select_for_update().get(pk=membership.team_id)
    now = Membership.objects.filter(pk=membership.pk).first()
    if now is None:
        raise ConflictError("Somebody removed this member a moment ago.")
    membership.role = now.role
    if membership.role != Role.MANAGER or becomes == Role.MANAGER:
        return
    people = Membership.objects.filter(team=membership.team_id, user__is_machine=False)
    if not people.filter(role=Role.MANAGER).exclude(pk=membership.pk).exists():
        raise ConflictError("A team keeps at least one manager. Make somebody else manager first.")


@transaction.atomic
def machine_create(
    *, actor: User | None, label: str, team: Team | None, role: Role | SiteRole
) -> tuple[MachineToken, str]:
    """A machine with the rights of one role, in one team or site-wide, and its first token."""
    if actor is not None:
        _require_may_make_machine(actor, team, role)
    user = User(username=f"machine-{secrets.token_hex(6)}", first_name=label, is_machine=True)
    user.set_unusable_password()
    if isinstance(role, SiteRole):
        user.site_role = role
    user.save()
    if team is not None and isinstance(role, Role):
        _membership_create(actor=actor, team=team, user=user, role=role)
    return token_create(actor=actor, user=user, label=label, team=team)


def _require_may_make_machine(actor: User, team: Team | None, role: Role | SiteRole) -> None:
    if team is None or isinstance(role, SiteRole):
        raise ForbiddenError("Site-wide machines are made by a command on the server.")
    require_in_team(actor, Action.TEAM_MANAGE, team.pk)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def token_create(
    *, actor: User | None, user: User, label: str, team: Team | None = None
) -> tuple[MachineToken, str]:
    """A new token for a machine; the text is shown once and only its digest is kept."""
    if not user.is_machine:
        raise InvalidError("Only a machine has tokens; a person signs in.")
    text = secrets.token_urlsafe(32)
    token = MachineToken.objects.create(
        user=user, label=label, digest=_digest(text), created_by=actor
    )
    event_record(
        actor=actor,
        action="token created",
        subject=token,
        team_id=team.pk if team else None,
        after={"label": label, "machine": user.username},
    )
    return token, text


@transaction.atomic
def token_revoke(*, actor: User, team: Team, token: MachineToken) -> MachineToken:
    """At once and for good; revoking twice is a clean end."""
    require_in_team(actor, Action.TEAM_MANAGE, team.pk)
    rows = MachineToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
    if rows.update(revoked_at=timezone.now()):
        event_record(actor=actor, action="token revoked", subject=token, team_id=team.pk)
    token.refresh_from_db()
    return token


def user_for_token(text: str) -> tuple[User, MachineToken] | None:
    """The active machine whom this token speaks for; nothing where it is unknown or revoked."""
    token = (
        MachineToken.objects.select_related("user")
        .filter(
            digest=_digest(text),
            revoked_at__isnull=True,
            user__is_active=True,
            user__is_machine=True,
        )
        .first()
    )
    return (token.user, token) if token else None


def sign_in_record(*, user: User) -> None:
    event_record(actor=user, action="signed in", subject=user)


def sign_out_record(*, user: User) -> None:
    event_record(actor=user, action="signed out", subject=user)


def set_password_link_record(*, actor: User, team: Team, person: User) -> None:
    event_record(
        actor=actor,
        action="set-password link given",
        subject=person,
        team_id=team.pk,
        after={"username": person.username},
    )


def password_set_record(*, user: User) -> None:
    event_record(actor=user, action="password set", subject=user)
