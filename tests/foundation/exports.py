"""Waiting exports to claim."""

from datetime import timedelta

from django.utils import timezone

from reviewapp.datasets.models import Export
from reviewapp.foundation.claims import Claim, claim

LEASE = timedelta(seconds=60)
STATES = {"waiting": "waiting", "running": "writing"}


def make_exports(count: int) -> list[Export]:
    now = timezone.now()
    return Export.objects.bulk_create(
        Export(number=number, reviewed_until=now) for number in range(1, count + 1)
    )


def claim_exports(*, limit: int) -> Claim:
    rows = Export.objects.order_by("number")
    return claim(rows, **STATES, limit=limit, lease=LEASE)
