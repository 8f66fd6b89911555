"""How many queries a page may take, and that more rows do not take more of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviewapp.audit.services import event_record
from tests.contracts.addresses import ask
from tests.contracts.matrix import MATRIX, Row
from tests.contracts.world import World
from tests.factories.assessment import make_assessed_case
from tests.people import person

# Session and user take two of them, the navigation of a page one. A budget is what the page took
# when it was written, and one more.
BUDGETS = {
    "cases/": ("adjuster", 7),
    "cases/<uuid:case_id>/": ("appraiser", 8),
    "queue/": ("adjuster", 11),
    "reviews/<uuid:review_id>/": ("adjuster", 6),
    "cases/<uuid:case_id>/report/": ("adjuster", 16),
    "teams/": ("operator", 5),
    "teams/<uuid:team_id>/": ("manager", 9),
    "teams/<uuid:team_id>/audit/": ("manager", 9),
    "exports/": ("steward", 8),
    "models/": ("operator", 5),
    "api/v1/cases/": ("adjuster", 4),
    "api/v1/queue/": ("adjuster", 9),
    "api/v1/cases/<uuid:case_id>/photos/": ("adjuster", 5),
    "api/v1/assessments/<uuid:assessment_id>/": ("adjuster", 7),
    "api/v1/reviews/<uuid:review_id>/": ("adjuster", 11),
    "api/v1/cases/<uuid:case_id>/report/": ("adjuster", 13),
}
LISTS = (
    "cases/",
    "queue/",
    "teams/<uuid:team_id>/",
    "teams/<uuid:team_id>/audit/",
    "api/v1/cases/",
    "api/v1/queue/",
)


def row_of(route: str) -> Row:
    return next(row for row in MATRIX if row.route == route and row.method == "GET")


def queries(world: World, route: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = ask(world, row_of(route), BUDGETS[route][0])
    assert response.status_code == 200
    return len(captured)


@pytest.mark.parametrize("route", BUDGETS)
def test_a_page_keeps_its_budget(world: World, route: str) -> None:
    assert queries(world, route) <= BUDGETS[route][1]


def grow(world: World) -> None:
    people = world.people
    for number in range(4):
        assessed = make_assessed_case(people.team, photos=3, claim_number=f"CL-MORE-{number}")
        event_record(actor=people.adjuster, action="looked", subject=assessed.case)
        member = person(f"more-{number}")
        people.team.memberships.create(user=member, role="adjuster")


@pytest.mark.parametrize("route", LISTS)
def test_more_rows_take_no_more_queries(world: World, route: str) -> None:
    before = queries(world, route)
    grow(world)
    assert queries(world, route) <= before
