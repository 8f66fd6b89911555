"""Several workers on one queue, on PostgreSQL: every row once, and nobody goes away empty."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection, connections

from reviewapp.datasets.models import Export
from tests.foundation.exports import claim_exports, make_exports

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
WORKERS, ROWS = 4, 120


@pytest.fixture(autouse=True)
def _postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("NOT RUN: claims of several workers need PostgreSQL (REVIEW_DATABASE_HOST)")


def work(start: threading.Barrier) -> tuple[list[UUID], int]:
    """Claims until the queue is empty; returns what it got and how many rows it left behind."""
    mine: list[UUID] = []
    try:
        start.wait()
        while ids := claim_exports(limit=3).ids:
            mine.extend(ids)
        return mine, Export.objects.filter(state="waiting").count()
    finally:
        connections.close_all()


@pytest.fixture
def results() -> list[tuple[list[UUID], int]]:
    make_exports(ROWS)
    start = threading.Barrier(WORKERS)
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, [start] * WORKERS))


def test_every_row_is_claimed_exactly_once(results: list[tuple[list[UUID], int]]) -> None:
    claimed = Counter(pk for ids, _ in results for pk in ids)
    assert len(claimed) == ROWS
    assert set(claimed.values()) == {1}
    assert set(Export.objects.values_list("attempts", flat=True)) == {1}


def test_no_worker_stops_while_rows_wait(results: list[tuple[list[UUID], int]]) -> None:
    # A worker may find the last rows locked by another, which then takes them.
    assert all(left <= 3 * (WORKERS - 1) for _, left in results)
