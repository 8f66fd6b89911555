"""The review page without a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Decision, Review
from reviewapp.review.states import RejectReason, Verdict
from tests.browser.review_page import ReviewPage
from tests.browser.visitor import Visits
from tests.factories.assessment import make_assessed_case
from tests.people import People

DENT = "Left front door · deformity"
SCRATCH = "Front bumper · surface damage"


@pytest.fixture
def case(people: People) -> Case:
    return make_assessed_case(people.team, photos=3, width=480, height=360).case


@pytest.fixture
def page(visit: Visits, people: People, case: Case) -> ReviewPage:
    return ReviewPage.take_next(visit(people.adjuster))


def standing() -> list[Decision]:
    return list(Decision.objects.filter(undone_at=None))


def test_the_flagged_line_comes_first_and_is_open(page: ReviewPage) -> None:
    expect(page.window.locator(".line-title").first).to_have_text(DENT)
    expect(page.chosen_line).to_contain_text("We are not sure about this deformity")
    expect(page.chosen_line).to_contain_text("3 of 3 photos agree")


def test_a_accepts_the_line_and_goes_on_to_the_next(page: ReviewPage) -> None:
    page.press("a")
    expect(page.line(DENT)).to_contain_text("accepted")
    expect(page.chosen_line).to_contain_text(SCRATCH)
    page.expect_saved()
    assert {decision.verdict for decision in standing()} == {Verdict.ACCEPT}


def test_x_and_a_digit_reject_with_a_reason(page: ReviewPage) -> None:
    page.press("x", "3")
    expect(page.line(DENT)).to_contain_text("rejected")
    page.expect_saved()
    assert {decision.reason for decision in standing()} == {RejectReason.SHADOW}


def test_another_reason_is_asked_for_in_words(page: ReviewPage) -> None:
    page.press("x", "8")
    page.window.keyboard.type("sticker")
    page.press("Enter")
    expect(page.line(DENT)).to_contain_text("rejected")
    page.expect_saved()
    assert {decision.reason_text for decision in standing()} == {"sticker"}


def test_one_damaged_part_can_be_decided_alone(page: ReviewPage) -> None:
    page.press("ArrowRight", "ArrowRight", "x", "1")
    expect(page.line(DENT)).to_contain_text("partly decided")
    expect(page.window.locator(".part", has_text="Photo 2")).to_contain_text("rejected")
    page.expect_saved()
    assert len(standing()) == 1


def test_c_corrects_the_part(page: ReviewPage) -> None:
    page.press("c")
    page.window.get_by_label("Part", exact=True).select_option("Hood")
    page.window.get_by_role("dialog").get_by_role("button", name="Correct", exact=True).click()
    expect(page.line(DENT)).to_contain_text("corrected")
    page.expect_saved()
    assert {(decision.verdict, decision.part) for decision in standing()} == {
        (Verdict.CORRECT, "Hood")
    }


def test_z_undoes_the_decision(page: ReviewPage) -> None:
    page.press("a")
    page.expect_saved()
    page.press("z")
    expect(page.line(DENT).locator(".line-head")).not_to_contain_text("accepted")
    expect(page.chosen_line).to_contain_text(DENT)
    assert standing() == []


def test_z_at_once_undoes_the_decision_that_is_still_on_its_way(page: ReviewPage) -> None:
    page.press("a", "z")
    expect(page.window.locator('[data-slot="polite"]')).to_contain_text("Undone: accepted")
    page.expect_saved()
    assert (Decision.objects.count(), standing()) == (1, [])


def test_m_and_enter_add_missed_damage_without_a_box(page: ReviewPage) -> None:
    page.press("m", "Enter")
    page.window.get_by_label("Part", exact=True).select_option("Roof")
    page.window.get_by_role("button", name="Add", exact=True).click()
    expect(page.line("Roof · deformity")).to_contain_text("added by a person")
    page.expect_saved()
    assert [decision.verdict for decision in standing()] == [Verdict.MISSED]


def test_digits_choose_the_photo(page: ReviewPage) -> None:
    page.press("3")
    expect(page.window.locator(".thumb[aria-current]")).to_have_attribute(
        "aria-label", re.compile("^Photo 3")
    )
    expect(page.window.locator(".stage-caption")).to_contain_text("Photo 3 of 3")


def test_h_hides_the_overlay_only_while_held(page: ReviewPage) -> None:
    overlay = page.window.locator(".overlay.damage")
    page.window.keyboard.down("h")
    expect(overlay).to_be_hidden()
    page.window.keyboard.up("h")
    expect(overlay).to_be_visible()


def test_keys_zoom_and_show_the_whole_photo_again(page: ReviewPage) -> None:
    zoom = page.window.get_by_label("Zoom", exact=True)
    before = zoom.text_content()
    page.press("+", "+")
    expect(zoom).not_to_have_text(before or "")
    page.press("0")
    expect(zoom).to_have_text(before or "")


def test_the_question_mark_shows_all_keys(page: ReviewPage) -> None:
    page.press("?")
    dialog = page.window.get_by_role("dialog", name="All keys")
    expect(dialog).to_contain_text("hide the overlay while held")
    page.press("Escape")
    expect(dialog).to_have_count(0)


def test_letters_typed_into_a_field_decide_nothing(page: ReviewPage) -> None:
    page.press("f")
    page.window.get_by_label("Note (on the report)").fill("")
    page.window.keyboard.type("a x c")
    page.press("Escape")
    expect(page.window.get_by_role("dialog")).to_have_count(0)
    assert not Decision.objects.exists()


def test_an_approval_waits_for_the_flagged_lines(page: ReviewPage) -> None:
    page.press("f")
    dialog = page.window.get_by_role("dialog", name="Finish the review")
    expect(dialog).to_contain_text("1 flagged line not decided yet")
    expect(dialog.get_by_role("radio", name="approved")).to_be_disabled()


def finish(page: Page) -> None:
    page.keyboard.press("f")
    page.get_by_role("dialog").get_by_role("button", name="Finish", exact=True).click()


def test_a_decided_case_is_finished_and_the_next_is_offered(page: ReviewPage, case: Case) -> None:
    page.press("a", "a")
    page.expect_saved()
    finish(page.window)
    expect(page.window.get_by_role("dialog", name="Review finished")).to_contain_text("approved")
    expect(page.window.get_by_role("button", name="Next case")).to_be_focused()
    case.refresh_from_db()
    assert case.state == CaseState.REVIEWED


def test_after_the_last_case_the_queue_says_so(page: ReviewPage) -> None:
    page.press("a", "a")
    page.expect_saved()
    finish(page.window)
    page.window.get_by_role("button", name="Next case").click()
    expect(page.window).to_have_url(re.compile("/queue/"))
    expect(page.window.get_by_role("button", name="Next case")).to_be_disabled()


def test_the_case_can_be_put_back(page: ReviewPage, case: Case) -> None:
    page.window.get_by_role("button", name="Put back").click()
    expect(page.window).to_have_url(re.compile("/queue/"))
    case.refresh_from_db()
    assert (case.state, Review.objects.get().state) == (CaseState.NEEDS_REVIEW, "released")


def test_a_case_in_which_nothing_was_found_says_why_a_person_must_look(
    visit: Visits, people: People
) -> None:
    make_assessed_case(people.team, width=480, height=360, damage=False)
    page = ReviewPage.take_next(visit(people.adjuster))
    expect(page.window.locator(".case-flags")).to_contain_text("No damage was found.")
    expect(page.window.locator(".lines")).to_contain_text("found no damage on these photos")
