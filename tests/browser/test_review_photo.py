"""Looking at the photo: zoom, pan, hover and pick, by mouse and by two fingers."""

import pytest
from playwright.sync_api import FloatRect, expect

from tests.browser.review_page import ReviewPage
from tests.browser.visitor import PHONE, Visits
from tests.factories.assessment import make_assessed_case
from tests.people import People


@pytest.fixture
def page(visit: Visits, people: People) -> ReviewPage:
    make_assessed_case(people.team, width=480, height=360)
    return ReviewPage.take_next(visit(people.adjuster))


def place(page: ReviewPage) -> FloatRect:
    """Where the photo lies in the window, and how large."""
    box = page.window.locator(".sheet").bounding_box()
    assert box is not None
    return box


def test_the_wheel_zooms_at_the_pointer(page: ReviewPage) -> None:
    before, zoom = place(page), page.window.get_by_label("Zoom", exact=True).inner_text()
    x, y = before["x"] + before["width"] / 4, before["y"] + before["height"] / 4
    page.window.mouse.move(x, y)
    page.window.mouse.wheel(0, -400)
    expect(page.window.get_by_label("Zoom", exact=True)).not_to_have_text(zoom)
    after = place(page)
    assert after["width"] > before["width"] * 1.5
    assert (x - after["x"]) / after["width"] == pytest.approx(0.25, abs=0.005)


def test_dragging_with_space_held_moves_the_photo_and_paints_nothing(page: ReviewPage) -> None:
    before = place(page)
    page.press("b")
    page.window.keyboard.down(" ")
    page.drag((0.5, 0.5), (0.6, 0.5))
    page.window.keyboard.up(" ")
    assert place(page)["x"] > before["x"] + 50
    page.expect_saved()


def test_the_pointer_is_told_what_lies_under_it(page: ReviewPage) -> None:
    box = place(page)
    page.window.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.25)
    expect(page.window.locator(".stage-hover")).to_have_text("Front Door Shell left · Dent")


def test_a_click_on_damage_chooses_it(page: ReviewPage) -> None:
    page.press("j")
    box = place(page)
    page.window.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.25)
    expect(page.chosen_line).to_contain_text("Left front door")
    expect(page.window.locator(".part.chosen")).to_contain_text("Photo 1")


def test_a_class_can_be_hidden(page: ReviewPage) -> None:
    chip = page.window.locator(".chip", has_text="Front Bumper")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    box = place(page)
    page.window.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.65)
    expect(page.window.locator(".stage-hover")).to_be_hidden()


PINCH = """() => {
    const stage = document.querySelector(".stage");
    const box = stage.getBoundingClientRect();
    stage.setPointerCapture = () => {};
    const fire = (type, id, x, y) => stage.dispatchEvent(new PointerEvent(type, {
        pointerId: id, pointerType: "touch", isPrimary: id === 1, button: 0, buttons: 1,
        bubbles: true, clientX: box.left + x, clientY: box.top + y,
    }));
    fire("pointerdown", 1, 100, 100);
    fire("pointermove", 1, 105, 100);
    fire("pointerdown", 2, 200, 100);
    fire("pointermove", 2, 300, 100);
    fire("pointerup", 2, 300, 100);
    fire("pointerup", 1, 105, 100);
}"""


def test_two_fingers_zoom_and_take_back_the_stroke_they_began(
    visit: Visits, people: People
) -> None:
    make_assessed_case(people.team, width=480, height=360)
    page = ReviewPage.take_next(visit(people.adjuster, size=PHONE))
    page.press("b")
    before = place(page)
    page.window.evaluate(PINCH)
    assert place(page)["width"] == pytest.approx(before["width"] * 195 / 95, rel=0.01)
    page.expect_saved()
