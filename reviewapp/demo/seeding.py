"""A team, one user a role, and several cases; safe to run again on every start."""

import logging
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from reviewapp.accounts.models import Membership, Role, SiteRole, Team, User
from reviewapp.demo.pictures import synthetic_case
from reviewapp.foundation.errors import AppError
from reviewapp.intake.models import Case
from reviewapp.intake.services import case_open, case_submit, photo_add

logger = logging.getLogger(__name__)

TEAM = "Demo team"
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})


@dataclass(frozen=True)
class DemoUser:
    username: str
    first_name: str
    last_name: str
    role: Role | None = None
    site_role: SiteRole = SiteRole.NONE

    @property
    def word(self) -> str:
        return str(self.role or self.site_role)


USERS = (
    DemoUser("anna", "Anna", "Appraiser", Role.APPRAISER),
    DemoUser("adam", "Adam", "Adjuster", Role.ADJUSTER),
    DemoUser("alma", "Alma", "Adjuster", Role.ADJUSTER),
    DemoUser("mona", "Mona", "Manager", Role.MANAGER),
    DemoUser("stella", "Stella", "Steward", site_role=SiteRole.DATA_STEWARD),
    DemoUser("otto", "Otto", "Operator", site_role=SiteRole.OPERATOR),
)


def demo_password(path: Path) -> str:
    """The password of all demo users of this installation, made once: none is a default."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(f"demo-{secrets.token_hex(4)}")
    return path.read_text().strip()


def seed_people(password: str) -> User:
    """Make the team and its people where they are missing; returns the appraiser."""
    team, _ = Team.objects.get_or_create(name=TEAM)
    for person in USERS:
        user, made = User.objects.get_or_create(
            username=person.username,
            defaults={
                "first_name": person.first_name,
                "last_name": person.last_name,
                "site_role": person.site_role,
            },
        )
        if made:
            user.set_password(password)
            user.save(update_fields=["password"])
        if person.role:
            Membership.objects.get_or_create(user=user, team=team, defaults={"role": person.role})
    return User.objects.get(username=USERS[0].username)


def seed_folder(appraiser: User, folder: Path) -> int:
    """Make and submit a case of every sub-folder with pictures; returns how many were new."""
    folders = sorted(path for path in folder.iterdir() if path.is_dir())
    made = 0
    for path in folders:
        pictures = sorted(item for item in path.iterdir() if item.suffix.lower() in _PICTURES)
        if pictures:
            photos = [(item.name, item.read_bytes()) for item in pictures]
            made += _seed_case(appraiser, f"DEMO-{path.name}", photos, synthetic=False)
    return made


def seed_synthetic(appraiser: User, count: int) -> int:
    """Make and submit cases of pictures that the project draws itself."""
    return sum(
        _seed_case(appraiser, f"SYNTHETIC-{seed:03d}", synthetic_case(seed), synthetic=True)
        for seed in range(1, count + 1)
    )


def _seed_case(
    appraiser: User, claim_number: str, photos: list[tuple[str, bytes]], *, synthetic: bool
) -> bool:
    team = Team.objects.get(name=TEAM)
    if Case.objects.filter(team=team, claim_number=claim_number).exists():
        return False
    case = case_open(
        actor=appraiser,
        team=team,
        claim_number=claim_number,
        description="A synthetic case drawn by the demo." if synthetic else "A case of the demo.",
    )
    Case.objects.filter(pk=case.pk).update(synthetic=synthetic)
    for name, content in photos:
        try:
            photo_add(actor=appraiser, case=case, upload=SimpleUploadedFile(name, content))
        except AppError as refusal:
            logger.warning("%s of %s was refused: %s", name, claim_number, refusal.message)
    case_submit(actor=appraiser, case=case)
    return True
