from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from reviewapp.foundation.models import Entity


class Role(models.TextChoices):
    """A person's role in one team."""

    APPRAISER = "appraiser", "appraiser"
    ADJUSTER = "adjuster", "adjuster"
    MANAGER = "manager", "manager"


class SiteRole(models.TextChoices):
    """A role for the whole site; these see no case."""

    NONE = "", "none"
    DATA_STEWARD = "data steward", "data steward"
    OPERATOR = "operator", "operator"


class User(AbstractUser, Entity):
    """A person, or a machine that signs in with a token only."""

    site_role = models.CharField(max_length=16, choices=SiteRole, blank=True, default=SiteRole.NONE)
    is_machine = models.BooleanField(default=False)

    class Meta(AbstractUser.Meta):
        abstract = False

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username


class Team(Entity):
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(Entity):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "team"), name="one_role_per_team"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user} is {self.role} in {self.team}"


class MachineToken(Entity):
    """An API token; only its SHA-256 is stored. Its rights are those of the machine user."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label
