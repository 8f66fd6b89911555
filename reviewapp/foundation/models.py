"""Abstract rows that every room builds on."""

import uuid

from django.db import models


class Entity(models.Model):
    """A row that people and machines name: its id cannot be guessed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Claimable(models.Model):
    """A row that is its own queue entry: a worker claims it under a lease (see `claims`)."""

    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    failure_reason = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True
