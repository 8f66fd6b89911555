"""The row is the queue: claim by conditional UPDATE, renew by heartbeat, free what expired.

All functions take a queryset of a `Claimable` model with a `state` field. They work the same on
SQLite and PostgreSQL: the UPDATE repeats the condition, so of two workers only one counts rows.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from reviewapp.foundation.models import Claimable

Row = TypeVar("Row", bound=Claimable)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one worker holds: the token that proves it and the ids it got (maybe none)."""

    token: uuid.UUID
    ids: tuple[uuid.UUID, ...]


def claim(
    rows: QuerySet[Row], *, waiting: str, running: str, limit: int, lease: timedelta
) -> Claim:
    """Claim up to `limit` waiting rows in the queryset's order; each counts one attempt."""
    token = uuid.uuid4()
    with transaction.atomic():
        candidates = _free_rows(rows.filter(state=waiting), limit)
        of_model = rows.model._default_manager
        # The condition is repeated: SQLite has no row locks to rely on.
        of_model.filter(pk__in=candidates, state=waiting).update(
            state=running,
            claim_token=token,
            lease_until=timezone.now() + lease,
            attempts=F("attempts") + 1,
        )
        mine = set(of_model.filter(claim_token=token).values_list("pk", flat=True))
    return Claim(token, tuple(pk for pk in candidates if pk in mine))


def _free_rows(rows: QuerySet[Row], limit: int) -> list[uuid.UUID]:
    """The first rows that no other worker is about to take, so that workers never queue up."""
    locked = rows.select_for_update(skip_locked=True, of=("self",))
    return [row.pk for row in locked.only("pk")[:limit]]


def renew(rows: QuerySet[Row], *, token: uuid.UUID, lease: timedelta) -> int:
    """Extend the lease of all rows held by this token; returns how many are still held."""
    return rows.filter(claim_token=token).update(lease_until=timezone.now() + lease)


def release(rows: QuerySet[Row], *, token: uuid.UUID, running: str, to: str, reason: str) -> int:
    """Give rows back (or fail them) with a reason, if this token still holds them."""
    return rows.filter(claim_token=token, state=running).update(
        state=to, claim_token=None, lease_until=None, failure_reason=reason
    )


def free_expired(
    rows: QuerySet[Row], *, running: str, waiting: str, failed: str, max_attempts: int
) -> tuple[int, Sequence[uuid.UUID]]:
    """Put rows with an expired lease back in the queue; after `max_attempts` they fail.

    Returns (rows waiting again, ids that failed for good). An explicit failure always carries
    its reason.
    """
    expired = rows.filter(state=running, lease_until__lt=timezone.now())
    exhausted = list(expired.filter(attempts__gte=max_attempts).values_list("pk", flat=True))
    failed_now = [pk for pk in exhausted if _fail_one(rows, pk, running, failed, max_attempts)]
    again = expired.filter(attempts__lt=max_attempts).update(
        state=waiting, claim_token=None, lease_until=None
    )
    return again, failed_now


def _fail_one(
    rows: QuerySet[Row], pk: uuid.UUID, running: str, failed: str, max_attempts: int
) -> bool:
    reason = (
        f"The worker stopped without an answer {max_attempts} times. "
        "The last attempt's lease ran out."
    )
    updated = rows.filter(pk=pk, state=running, lease_until__lt=timezone.now()).update(
        state=failed, claim_token=None, lease_until=None, failure_reason=reason
    )
    return updated == 1
