from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.contracts.world import World, build


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once a module; every test runs in a savepoint upon it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    return standing_world
