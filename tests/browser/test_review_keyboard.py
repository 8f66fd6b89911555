"""The review page without a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Decision, Review
from reviewapp.review.states import RejectReason, Verdict
from tests.browser.desk import Desk
from tests.browser.visitor import Visits
from tests.factories.assessment import make_assessed_case
from tests.people import People

DENT = "Left front door shell · deformity"
SCRATCH = "Front bumper · surface damage"


@pytest.fixture
def case(people: People) -> Case:
    return make_assessed_case(people.team, photos=3, width=480, height=360).case


@pytest.fixture
def desk(visit: Visits, people: People, case: Case) -> Desk:
    return Desk.take_next(visit(people.adjuster))


def standing() -> list[Decision]:
    return list(Decision.objects.filter(undone_at=None))


def test_the_flagged_line_comes_first_and_is_open(desk: Desk) -> None:
    expect(desk.page.locator(".line-title").first).to_have_text(DENT)
    expect(desk.chosen_line).to_contain_text("We are not sure about this deformity")
    expect(desk.chosen_line).to_contain_text("3 of 3 photos agree")


def test_a_accepts_the_line_and_goes_on_to_the_next(desk: Desk) -> None:
    desk.press("a")
    expect(desk.line(DENT)).to_contain_text("accepted")
    expect(desk.chosen_line).to_contain_text(SCRATCH)
    desk.expect_saved()
    assert {decision.verdict for decision in standing()} == {Verdict.ACCEPT}


def test_x_and_a_digit_reject_with_a_reason(desk: Desk) -> None:
    desk.press("x", "3")
    expect(desk.line(DENT)).to_contain_text("rejected")
    desk.expect_saved()
    assert {decision.reason for decision in standing()} == {RejectReason.SHADOW}


def test_another_reason_is_asked_for_in_words(desk: Desk) -> None:
    desk.press("x", "8")
    desk.page.keyboard.type("sticker")
    desk.press("Enter")
    expect(desk.line(DENT)).to_contain_text("rejected")
    desk.expect_saved()
    assert {decision.reason_text for decision in standing()} == {"sticker"}


def test_one_damaged_part_can_be_decided_alone(desk: Desk) -> None:
    desk.press("ArrowRight", "ArrowRight", "x", "1")
    expect(desk.line(DENT)).to_contain_text("partly decided")
    expect(desk.page.locator(".part", has_text="Photo 2")).to_contain_text("rejected")
    desk.expect_saved()
    assert len(standing()) == 1


def test_c_corrects_the_part(desk: Desk) -> None:
    desk.press("c")
    desk.page.get_by_label("Part", exact=True).select_option("Hood")
    desk.page.get_by_role("dialog").get_by_role("button", name="Correct", exact=True).click()
    expect(desk.line(DENT)).to_contain_text("corrected")
    desk.expect_saved()
    assert {(decision.verdict, decision.part) for decision in standing()} == {
        (Verdict.CORRECT, "Hood")
    }


def test_z_undoes_the_decision(desk: Desk) -> None:
    desk.press("a")
    desk.expect_saved()
    desk.press("z")
    expect(desk.line(DENT).locator(".line-head")).not_to_contain_text("accepted")
    expect(desk.chosen_line).to_contain_text(DENT)
    assert standing() == []


def test_m_and_enter_add_missed_damage_without_a_box(desk: Desk) -> None:
    desk.press("m", "Enter")
    desk.page.get_by_label("Part", exact=True).select_option("Roof")
    desk.page.get_by_role("button", name="Add", exact=True).click()
    expect(desk.line("Roof · deformity")).to_contain_text("added by a person")
    desk.expect_saved()
    assert [decision.verdict for decision in standing()] == [Verdict.MISSED]


def test_digits_choose_the_photo(desk: Desk) -> None:
    desk.press("3")
    expect(desk.page.locator(".thumb[aria-current]")).to_have_attribute(
        "aria-label", re.compile("^Photo 3")
    )
    expect(desk.page.locator(".stage-caption")).to_contain_text("Photo 3 of 3")


def test_h_hides_the_overlay_only_while_held(desk: Desk) -> None:
    overlay = desk.page.locator(".overlay.damage")
    desk.page.keyboard.down("h")
    expect(overlay).to_be_hidden()
    desk.page.keyboard.up("h")
    expect(overlay).to_be_visible()


def test_keys_zoom_and_show_the_whole_photo_again(desk: Desk) -> None:
    zoom = desk.page.get_by_label("Zoom", exact=True)
    before = zoom.text_content()
    desk.press("+", "+")
    expect(zoom).not_to_have_text(before or "")
    desk.press("0")
    expect(zoom).to_have_text(before or "")


def test_the_question_mark_shows_all_keys(desk: Desk) -> None:
    desk.press("?")
    dialog = desk.page.get_by_role("dialog", name="All keys")
    expect(dialog).to_contain_text("hide the overlay while held")
    desk.press("Escape")
    expect(dialog).to_have_count(0)


def test_letters_typed_into_a_field_decide_nothing(desk: Desk) -> None:
    desk.press("f")
    desk.page.get_by_label("Note (on the report)").fill("")
    desk.page.keyboard.type("a x c")
    desk.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    assert not Decision.objects.exists()


def test_an_approval_waits_for_the_flagged_lines(desk: Desk) -> None:
    desk.press("f")
    dialog = desk.page.get_by_role("dialog", name="Finish the review")
    expect(dialog).to_contain_text("1 flagged line not decided yet")
    expect(dialog.get_by_role("radio", name="approved")).to_be_disabled()


def finish(page: Page) -> None:
    page.keyboard.press("f")
    page.get_by_role("dialog").get_by_role("button", name="Finish", exact=True).click()


def test_a_decided_case_is_finished_and_the_next_is_offered(desk: Desk, case: Case) -> None:
    desk.press("a", "a")
    desk.expect_saved()
    finish(desk.page)
    expect(desk.page.get_by_role("dialog", name="Review finished")).to_contain_text("approved")
    expect(desk.page.get_by_role("button", name="Next case")).to_be_focused()
    case.refresh_from_db()
    assert case.state == CaseState.REVIEWED


def test_after_the_last_case_the_queue_says_so(desk: Desk) -> None:
    desk.press("a", "a")
    desk.expect_saved()
    finish(desk.page)
    desk.page.get_by_role("button", name="Next case").click()
    expect(desk.page).to_have_url(re.compile("/queue/"))
    expect(desk.page.get_by_role("button", name="Next case")).to_be_disabled()


def test_the_case_can_be_put_back(desk: Desk, case: Case) -> None:
    desk.page.get_by_role("button", name="Put back").click()
    expect(desk.page).to_have_url(re.compile("/queue/"))
    case.refresh_from_db()
    assert (case.state, Review.objects.get().state) == (CaseState.NEEDS_REVIEW, "released")
