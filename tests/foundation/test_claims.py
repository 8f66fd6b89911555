"""Claims on exports, the simplest rows that are their own queue."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from reviewapp.datasets.models import Export
from reviewapp.foundation.claims import claim, free_expired, release, renew
from tests.foundation.exports import LEASE, STATES, claim_exports, make_exports

pytestmark = pytest.mark.django_db


def test_a_claim_takes_the_first_rows_of_the_order() -> None:
    exports = make_exports(3)
    assert claim_exports(limit=2).ids == (exports[0].pk, exports[1].pk)


def test_claimed_rows_are_running_under_a_lease() -> None:
    make_exports(1)
    before = timezone.now()
    held = claim_exports(limit=1)
    row = Export.objects.get()
    assert (row.state, row.claim_token) == ("writing", held.token)
    assert row.lease_until is not None
    assert row.lease_until >= before + LEASE


def test_each_claim_counts_one_attempt() -> None:
    make_exports(1)
    held = claim_exports(limit=1)
    release(Export.objects.all(), token=held.token, running="writing", to="waiting", reason="")
    claim_exports(limit=1)
    assert Export.objects.get().attempts == 2


def test_a_claimed_row_is_not_claimed_again() -> None:
    make_exports(2)
    first, second, third = (claim_exports(limit=1) for _ in range(3))
    assert set(first.ids).isdisjoint(second.ids)
    assert third.ids == ()


def test_only_rows_of_the_queryset_are_claimed() -> None:
    wanted = make_exports(2)[1]
    held = claim(Export.objects.filter(pk=wanted.pk), **STATES, limit=5, lease=LEASE)
    assert held.ids == (wanted.pk,)


def test_renewing_extends_the_lease_of_held_rows() -> None:
    make_exports(1)
    held = claim_exports(limit=1)
    assert renew(Export.objects.all(), token=held.token, lease=timedelta(hours=1)) == 1
    lease_until = Export.objects.get().lease_until
    assert lease_until is not None
    assert lease_until > timezone.now() + timedelta(minutes=59)


def test_renewing_says_when_nothing_is_held_any_more() -> None:
    make_exports(1)
    claim_exports(limit=1)
    assert renew(Export.objects.all(), token=uuid.uuid4(), lease=LEASE) == 0


def test_releasing_with_a_strange_token_changes_nothing() -> None:
    make_exports(1)
    held = claim_exports(limit=1)
    changed = release(
        Export.objects.all(), token=uuid.uuid4(), running="writing", to="failed", reason="no"
    )
    row = Export.objects.get()
    assert (changed, row.state, row.claim_token) == (0, "writing", held.token)


def test_a_failure_keeps_its_reason() -> None:
    make_exports(1)
    held = claim_exports(limit=1)
    release(
        Export.objects.all(), token=held.token, running="writing", to="failed", reason="disk full"
    )
    row = Export.objects.get()
    assert (row.state, row.failure_reason, row.claim_token) == ("failed", "disk full", None)


def free() -> tuple[int, list[uuid.UUID]]:
    again, failed = free_expired(Export.objects.all(), **STATES, failed="failed", max_attempts=3)
    return again, list(failed)


def let_leases_end(*, attempts: int) -> None:
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1), attempts=attempts)


def test_a_row_whose_lease_ended_waits_again() -> None:
    make_exports(1)
    claim_exports(limit=1)
    let_leases_end(attempts=1)
    assert free() == (1, [])
    row = Export.objects.get()
    assert (row.state, row.claim_token, row.lease_until) == ("waiting", None, None)


def test_a_row_under_a_living_lease_is_left_alone() -> None:
    make_exports(1)
    claim_exports(limit=1)
    assert free() == (0, [])


def test_after_the_last_attempt_a_row_fails_with_a_reason() -> None:
    export = make_exports(1)[0]
    claim_exports(limit=1)
    let_leases_end(attempts=3)
    assert free() == (0, [export.pk])
    row = Export.objects.get()
    assert row.state == "failed"
    assert "3 times" in row.failure_reason


def test_a_worker_that_lost_its_lease_can_no_longer_write() -> None:
    make_exports(1)
    slow = claim_exports(limit=1)
    let_leases_end(attempts=1)
    free()
    claim_exports(limit=1)
    assert renew(Export.objects.all(), token=slow.token, lease=LEASE) == 0
