from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from reviewapp.accounts.models import Team
from reviewapp.foundation.models import Claimable, Entity
from reviewapp.intake.states import BodyType, CaseState, DoorsPerSide, PhotoState


class Case(Entity):
    """One accident of one vehicle."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cases")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=24, choices=CaseState, default=CaseState.DRAFT)
    state_since = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    claim_number = models.CharField(max_length=64)
    date_of_loss = models.DateField(null=True, blank=True)
    description = models.TextField(blank=True, max_length=4000)
    make = models.CharField(max_length=64, blank=True)
    model = models.CharField(max_length=64, blank=True)
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=(MinValueValidator(1900), MaxValueValidator(2100))
    )
    body_type = models.CharField(max_length=16, choices=BodyType, blank=True)
    doors_per_side = models.PositiveSmallIntegerField(null=True, blank=True, choices=DoorsPerSide)
    plate = models.CharField(max_length=16, blank=True)
    vin = models.CharField(max_length=17, blank=True)
    value = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, validators=(MinValueValidator(0),)
    )
    # Cases that the demo or a test set made say so wherever they are shown.
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("team", "created_at")),
            models.Index(fields=("team", "state", "submitted_at")),
            models.Index(fields=("state", "state_since")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="case_state_known"
            ),
            models.CheckConstraint(
                condition=Q(doors_per_side__isnull=True) | Q(doors_per_side__in=(1, 2)),
                name="case_doors_per_side_one_or_two",
            ),
        )

    def __str__(self) -> str:
        return f"Case {self.claim_number}"

    @property
    def vehicle(self) -> str:
        """Year, make and model in words; empty where nothing is known."""
        return " ".join(str(item) for item in (self.year, self.make, self.model) if item)


class Photo(Claimable, Entity):
    """One picture of a case. `original` is byte for byte what came; the rest is derived."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="photos")
    number = models.PositiveSmallIntegerField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=16, choices=PhotoState, default=PhotoState.RECEIVED)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    format = models.CharField(max_length=8)
    original = models.CharField(max_length=160)
    display = models.CharField(max_length=160, blank=True)
    thumbnail = models.CharField(max_length=160, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    # Kept apart from the picture: the display photo carries no EXIF at all.
    taken_at = models.DateTimeField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # Why the photo does not count, in words for whoever took it.
    refusal = models.TextField(blank=True)

    class Meta:
        ordering = ("case", "number")
        indexes = (
            models.Index(fields=("state", "created_at")),
            models.Index(fields=("sha256",)),
        )
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="photo_number_once_a_case"),
            models.UniqueConstraint(
                fields=("case", "sha256"),
                condition=~Q(state__in=("withdrawn", "refused")),
                name="photo_bytes_once_a_case",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PhotoState.values), name="photo_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"Photo {self.number} of {self.case_id}"
