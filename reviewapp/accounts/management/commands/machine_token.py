from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from reviewapp.accounts.models import Role, SiteRole, Team
from reviewapp.accounts.services import machine_create


class Command(BaseCommand):
    help = "Make a machine with one role, in a team or site-wide, and print its token once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("label", help="what the machine is for")
        parser.add_argument("--team", help="the team's name; without it the role is site-wide")
        parser.add_argument("--role", required=True, choices=[*Role.values, *_SITE_ROLES])

    def handle(self, *, label: str, team: str | None, role: str, **_: object) -> None:
        if (team is None) != (role in _SITE_ROLES):
            raise CommandError(
                f"A team goes with: {', '.join(Role.values)}; no team with: "
                f"{', '.join(_SITE_ROLES)}."
            )
        given = SiteRole(role) if team is None else Role(role)
        _token, text = machine_create(actor=None, label=label, team=_team(team), role=given)
        self.stdout.write(text)


_SITE_ROLES = [role for role in SiteRole.values if role]


def _team(name: str | None) -> Team | None:
    if name is None:
        return None
    team = Team.objects.filter(name=name).first()
    if team is None:
        raise CommandError(f"There is no team “{name}”.")
    return team
