"""axe on the main pages, in both themes and on a phone; keyboard users see where they are."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from reviewapp.accounts.models import User
from tests.browser.review_page import ReviewPage
from tests.browser.visitor import DESKTOP, PHONE, TABLET, Visits
from tests.factories.assessment import make_assessed_case
from tests.people import People

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}

PAGES: dict[str, tuple[str, Callable[[People], User]]] = {
    "sign-in": ("/sign-in/", lambda people: people.adjuster),
    "cases": ("/cases/", lambda people: people.appraiser),
    "new case": ("/cases/new/", lambda people: people.appraiser),
    "queue": ("/queue/", lambda people: people.adjuster),
    "teams": ("/teams/", lambda people: people.manager),
    "exports": ("/exports/", lambda people: people.steward),
    "models": ("/models/", lambda people: people.operator),
}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES)
    return [
        f"{item['id']}: {node['target']} {node['failureSummary']}"
        for item in found.response["violations"]
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier(name: str, scheme: str, visit: Visits, people: People) -> None:
    make_assessed_case(people.team)
    address, who = PAGES[name]
    page = visit(None if name == "sign-in" else who(people), scheme=scheme)
    page.goto(address)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE])
def test_the_review_page_has_no_barrier(
    size: tuple[int, int], scheme: str, visit: Visits, people: People
) -> None:
    make_assessed_case(people.team, width=480, height=360)
    page = ReviewPage.take_next(visit(people.adjuster, size=size, scheme=scheme))
    assert violations(page.window) == []


@pytest.mark.parametrize("keys", [["b"], ["c"], ["x"], ["f"], ["?"], ["a"]])
def test_the_review_page_in_use_has_no_barrier(
    keys: list[str], visit: Visits, people: People
) -> None:
    make_assessed_case(people.team, width=480, height=360)
    page = ReviewPage.take_next(visit(people.adjuster))
    page.press(*keys)
    assert violations(page.window) == []


@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE])
def test_the_review_page_never_scrolls_sideways_nor_past_its_foot(
    size: tuple[int, int], visit: Visits, people: People
) -> None:
    make_assessed_case(people.team, width=480, height=360)
    page = ReviewPage.take_next(visit(people.adjuster, size=size))
    extent = page.window.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert tuple(extent) == size
