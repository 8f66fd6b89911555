"""Several adjusters at the same moment: each gets a case of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from reviewapp.accounts.models import Role, User
from reviewapp.foundation.errors import ConflictError
from reviewapp.review.models import Review
from reviewapp.review.services import review_take, review_take_next
from tests.factories.assessment import make_assessed_case
from tests.people import People, person

pytestmark = pytest.mark.django_db(transaction=True)

ADJUSTERS = 4
T = TypeVar("T")


def adjusters(people: People) -> list[User]:
    more = [
        person(f"adjuster-{number}", team=people.team, role=Role.ADJUSTER)
        for number in range(ADJUSTERS - 2)
    ]
    return [people.adjuster, people.second_adjuster, *more]


def at_once(users: list[User], act: Callable[[User], T]) -> list[T]:
    barrier = Barrier(len(users))

    def one(user: User) -> T:
        barrier.wait(timeout=30)
        try:
            return act(user)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as pool:
        return list(pool.map(one, users))


def test_each_gets_another_case(people: People) -> None:
    for number in range(ADJUSTERS):
        make_assessed_case(people.team, photos=1, claim_number=f"CL-{number}")
    taken = at_once(adjusters(people), lambda user: review_take_next(actor=user))
    assert len({review.case_id for review in taken if review}) == ADJUSTERS


def test_only_one_gets_the_same_case(people: People) -> None:
    made = make_assessed_case(people.team, photos=1)

    def take(user: User) -> bool:
        case = type(made.case).objects.get(pk=made.case.pk)
        try:
            review_take(actor=user, case=case)
        except ConflictError:
            return False
        return True

    assert sorted(at_once(adjusters(people), take)) == [False] * (ADJUSTERS - 1) + [True]
    assert Review.objects.count() == 1
