"""The lease as the adjuster meets it on the page."""

import pytest
from playwright.sync_api import expect

from reviewapp.review.models import Decision, Review
from reviewapp.review.services import review_release, review_take
from tests.browser.review_page import ReviewPage
from tests.browser.visitor import Visits
from tests.factories.assessment import AssessedCase, make_assessed_case
from tests.people import People


@pytest.fixture
def assessed(people: People) -> AssessedCase:
    return make_assessed_case(people.team, width=480, height=360)


@pytest.fixture
def page(visit: Visits, people: People, assessed: AssessedCase) -> ReviewPage:
    return ReviewPage.take_next(visit(people.adjuster))


def a_colleague_takes_over(people: People, assessed: AssessedCase) -> None:
    review_release(actor=people.adjuster, review=Review.objects.get())
    review_take(actor=people.second_adjuster, case=assessed.case)


def test_a_lost_lease_is_said_and_the_decision_taken_back(
    page: ReviewPage, people: People, assessed: AssessedCase, visit: Visits
) -> None:
    a_colleague_takes_over(people, assessed)
    page.press("a")
    expect(page.window.locator(".notices")).to_contain_text("You do not hold this case")
    expect(page.window.locator(".notices")).to_contain_text("berta")
    expect(page.window.locator(".line", has_text="accepted")).to_have_count(0)
    visit.excuse("409")
    assert not Decision.objects.exists()


def test_without_a_lease_nothing_can_be_decided(
    page: ReviewPage, people: People, assessed: AssessedCase, visit: Visits
) -> None:
    a_colleague_takes_over(people, assessed)
    page.press("a")
    expect(page.window.locator(".notices")).to_contain_text("You do not hold this case")
    for name in ("Accept", "Correct", "Reject"):
        expect(page.chosen_line.get_by_role("button", name=name)).to_be_disabled()
    visit.excuse("409")


def test_a_case_put_back_by_the_sweep_can_be_taken_again(
    page: ReviewPage, people: People, visit: Visits
) -> None:
    review_release(actor=people.adjuster, review=Review.objects.get())
    page.press("a")
    page.window.get_by_role("button", name="Take it").click()
    expect(page.window.locator(".notices")).not_to_contain_text("You do not hold this case")
    page.ready()
    page.press("a")
    expect(page.window.locator(".line").first).to_contain_text("accepted")
    page.expect_saved()
    visit.excuse("409")
    assert Decision.objects.count() == 1


def test_a_colleague_s_case_opens_read_only(
    visit: Visits, people: People, assessed: AssessedCase
) -> None:
    review = review_take(actor=people.second_adjuster, case=assessed.case)
    window = visit(people.adjuster)
    window.goto(f"/reviews/{review.pk}/")
    ReviewPage(window).ready()
    expect(window.locator(".notices")).to_contain_text("berta")
    expect(window.get_by_role("button", name="Accept")).to_be_disabled()


def test_no_connection_is_said_and_the_decision_can_be_sent_again(
    page: ReviewPage, visit: Visits
) -> None:
    page.window.context.set_offline(True)
    page.press("a")
    notice = page.window.get_by_role("alert")
    expect(notice).to_contain_text("The server could not be reached")
    page.expect_not_saved()
    page.window.context.set_offline(False)
    notice.get_by_role("button", name="Try again").click()
    page.expect_saved()
    visit.excuse("ERR_INTERNET_DISCONNECTED")
    assert Decision.objects.count() == 1
