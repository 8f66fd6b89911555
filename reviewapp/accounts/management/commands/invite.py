from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from reviewapp.accounts.links import set_password_path
from reviewapp.accounts.models import SiteRole, User
from reviewapp.accounts.services import person_create
from reviewapp.foundation.errors import AppError


class Command(BaseCommand):
    help = "Print a set-password link for a person; a new one gets an account and a site role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--full-name", default="")
        parser.add_argument("--site-role", choices=SiteRole.values, default=SiteRole.NONE)
        parser.add_argument("--site", default="", help="e.g. https://review.example.org")

    def handle(
        self, *, username: str, full_name: str, site_role: str, site: str, **_: object
    ) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            user = _created(username, full_name, SiteRole(site_role))
        elif site_role and site_role != user.site_role:
            raise CommandError(f"{username} exists with the site role “{user.site_role}”.")
        if user.is_machine:
            raise CommandError(f"{username} is a machine; see `manage.py machine_token`.")
        self.stdout.write(site.rstrip("/") + set_password_path(user))


def _created(username: str, full_name: str, site_role: SiteRole) -> User:
    try:
        return person_create(
            actor=None, username=username, full_name=full_name, site_role=site_role
        )
    except AppError as error:
        raise CommandError(error.message) from None
