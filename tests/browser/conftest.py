"""Chromium against the whole site in this process: its own database file, no model but the named.

Playwright's sync API runs an event loop in the test's thread, so Django must be told that its
ORM is used on purpose.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.visitor import Visits
from tests.people import People, everybody

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Machines that test are slow and busy; what is there at once is not waited for.
PATIENCE_MS = 60_000

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def people(transactional_db: None) -> People:
    return everybody()


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer, people: People) -> Iterator[Visits]:
    """`visit(user)` opens a window with that user signed in; its complaints fail the test."""
    visits = Visits(chromium, live_server.url, PATIENCE_MS)
    yield visits
    visits.leave()
