"""Two managers who remove each other at the same moment, on PostgreSQL: one stays."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from reviewapp.accounts.models import Membership, Role, User
from reviewapp.accounts.services import member_remove
from reviewapp.foundation.errors import AppError
from tests.people import everybody, person

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


def remove(actor: User, member: Membership, start: threading.Barrier) -> bool:
    try:
        start.wait()
        member_remove(actor=actor, membership=member)
    except AppError:
        return False
    finally:
        connections.close_all()
    return True


def test_one_of_two_stays() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("NOT RUN: needs the row locks of PostgreSQL (REVIEW_DATABASE_HOST)")
    people = everybody()
    other = person("maria", team=people.team, role=Role.MANAGER)
    first, second = (Membership.objects.get(user=user) for user in (people.manager, other))
    start = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        done = [
            pool.submit(remove, people.manager, second, start),
            pool.submit(remove, other, first, start),
        ]
    assert sorted(result.result() for result in done) == [False, True]
    assert Membership.objects.filter(team=people.team, role=Role.MANAGER).count() == 1
