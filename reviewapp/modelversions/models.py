from django.db import models
from django.db.models import Q

from reviewapp.foundation.models import Entity


class ModelVersion(Entity):
    """One folder of weights with its card. Exactly one is active."""

    name = models.CharField(max_length=64, unique=True)
    folder = models.CharField(max_length=255)
    # SHA-256 over the SHA-256 of all weight files, in the order of the card.
    weights_sha256 = models.CharField(max_length=64)
    taxonomy_version = models.CharField(max_length=16)
    card = models.JSONField()
    active = models.BooleanField(default=False)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("active",), condition=Q(active=True), name="one_active_model_version"
            ),
        )

    def __str__(self) -> str:
        return self.name
