"""Who may ask what at which address, and that a refusal changes nothing."""

from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from tests.contracts.addresses import ask, routes, status_of
from tests.contracts.matrix import MATRIX, Row
from tests.contracts.world import PERSONS, World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSED = {"in", "401", "403", "404", "405"}
ROWS = [pytest.param(row, id=row.name) for row in MATRIX]
WRITES = [pytest.param(row, id=row.name) for row in MATRIX if row.method != "GET"]
ADDRESSES = [
    pytest.param(row, id=row.route or "/") for row in {row.route: row for row in MATRIX}.values()
]

Tables = dict[str, list[tuple[object, ...]]]


def everything() -> Tables:
    """All rows of all our tables."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model.__module__.startswith("reviewapp.")
    }


@pytest.fixture(scope="module")
def untouched(standing_world: World) -> Tables:
    return everything()


def outcome(world: World, row: Row, who: str, **options: Any) -> tuple[str, Tables | None]:
    """What one person is answered and, if refused, all rows after it; then all is as before."""
    with transaction.atomic():
        status = status_of(ask(world, row, who, **options))
        after = everything() if status in REFUSED else None
        transaction.set_rollback(True)
    return status, after


def test_every_address_has_its_rows() -> None:
    assert routes() == {row.route for row in MATRIX}


@pytest.mark.parametrize("row", ROWS)
def test_the_matrix_holds(world: World, untouched: Tables, row: Row) -> None:
    outcomes = {who: outcome(world, row, who) for who in PERSONS}
    assert {who: status for who, (status, _) in outcomes.items()} == row.expected
    assert all(after in (None, untouched) for _, after in outcomes.values())


def other_methods(row: Row) -> list[str]:
    used = {other.method for other in MATRIX if other.route == row.route}
    return [method for method in METHODS if method not in used]


@pytest.mark.parametrize("row", ADDRESSES)
def test_no_other_method_does_anything(world: World, untouched: Tables, row: Row) -> None:
    for method in other_methods(row):
        for who in ("appraiser", "manager", "operator"):
            assert status_of(ask(world, row, who, method=method)) == "405"
        assert status_of(ask(world, row, "nobody", method=method)) in REFUSED
    assert everything() == untouched


@pytest.mark.parametrize("row", WRITES)
def test_no_other_site_writes_with_ones_session(world: World, untouched: Tables, row: Row) -> None:
    """Without the CSRF token a session does nothing, whoever's it is."""
    may = next((who for who, status in row.expected.items() if status[0] == "2"), "manager")
    status, after = outcome(world, row, may, enforce_csrf_checks=True)
    assert status == "403"
    assert after == untouched
