"""Brush and eraser: what is painted is saved exactly, undone stroke by stroke, never lost."""

import re

import numpy as np
import pytest
from playwright.sync_api import Dialog, Page, expect

from inference.taxonomy import DAMAGE
from reviewapp.review.labels import LabelMaps
from reviewapp.review.models import Correction
from reviewapp.review.selectors import label_maps_read, maps_now
from reviewapp.review.services import review_take
from tests.browser.review_page import ReviewPage
from tests.browser.visitor import Visits
from tests.factories.assessment import AssessedCase, make_assessed_case
from tests.people import People
from tests.review.desk import Desk

MISSING, CRACK = DAMAGE.named("Missing").id, DAMAGE.named("Crack").id
# A stroke over the sky, where the factory's label maps are empty.
SKY = (0.3, 0.2), (0.4, 0.2)


@pytest.fixture
def assessed(people: People) -> AssessedCase:
    return make_assessed_case(people.team, photos=2, width=480, height=360)


@pytest.fixture
def desk(people: People, assessed: AssessedCase) -> Desk:
    """The same adjuster at another window, past the page."""
    review = review_take(actor=people.adjuster, case=assessed.case)
    return Desk(people.adjuster, assessed, review)


@pytest.fixture
def page(visit: Visits, people: People, desk: Desk) -> ReviewPage:
    window = visit(people.adjuster)
    window.goto(f"/reviews/{desk.review.pk}/")
    return ReviewPage(window).ready()


def saved_maps(desk: Desk) -> LabelMaps:
    return label_maps_read(desk.photo, maps_now(desk.photo))


COUNT_CLEAR = """async canvas => {
    await new Promise(requestAnimationFrame);
    // Read from a copy: reading often slows the canvas itself down, and Chromium says so.
    const copy = new OffscreenCanvas(canvas.width, canvas.height)
        .getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((sum, value, index) => sum + (index % 4 === 3 && value === 0), 0);
}"""


def clear_pixels(page: ReviewPage) -> int:
    """Pixels of the damage overlay that show nothing, once the next frame is drawn."""
    return int(page.window.locator(".overlay.damage").evaluate(COUNT_CLEAR))


def test_a_stroke_is_not_saved_until_it_is(page: ReviewPage) -> None:
    page.paint(*SKY)
    page.expect_not_saved()
    expect(page.window.locator(".thumb").first).to_contain_text("not saved")
    page.press("Control+s")
    page.expect_saved()
    expect(page.window.locator(".thumb").first).not_to_contain_text("not saved")


def test_what_was_painted_is_what_is_stored_and_nothing_else(page: ReviewPage, desk: Desk) -> None:
    before = desk.maps()
    page.paint(*SKY)
    page.press("Control+s")
    page.expect_saved()
    after = saved_maps(desk)
    changed = before.damage != after.damage
    assert 500 < np.count_nonzero(changed) < 5000
    assert np.unique(after.damage[changed]).tolist() == [MISSING]
    assert np.array_equal(before.parts, after.parts)


def test_a_correction_stands_on_the_revision_it_was_painted_on(page: ReviewPage) -> None:
    for start in (SKY[0], (0.3, 0.3)):
        page.paint(start, SKY[1])
        page.press("Control+s")
        page.expect_saved()
    rows = Correction.objects.values_list("revision", "base_revision")
    assert list(rows) == [(1, 0), (2, 1)]


def test_z_takes_back_one_stroke_and_no_decision(page: ReviewPage) -> None:
    page.press("a")
    page.expect_saved()
    page.press("1")
    clear = [clear_pixels(page)]
    for start in (SKY[0], (0.3, 0.35)):
        page.paint(start, SKY[1])
        page.expect_not_saved()
        clear.append(clear_pixels(page))
    page.press("z")
    assert clear[0] > clear[1] > clear[2]
    assert clear_pixels(page) == clear[1]
    page.press("z")
    assert clear_pixels(page) == clear[0]
    page.expect_saved()
    expect(page.window.locator(".line", has_text="accepted")).to_have_count(1)


def test_a_stroke_taken_back_can_be_made_again(page: ReviewPage) -> None:
    page.paint(*SKY)
    page.press("z")
    page.expect_saved()
    page.press("Shift+Z")
    page.expect_not_saved()


def test_the_eraser_empties_the_layer(page: ReviewPage, desk: Desk) -> None:
    page.press("1", "e")
    page.window.get_by_label("Brush size").fill("300")
    page.drag((0.5, 0.3), (0.75, 0.3))
    page.press("Control+s")
    page.expect_saved()
    assert np.count_nonzero(saved_maps(desk).damage == DAMAGE.named("Dent").id) == 0


def test_parts_are_painted_on_their_own_layer(page: ReviewPage, desk: Desk) -> None:
    before = desk.maps()
    page.press("b", "l")
    page.window.get_by_label("Class to paint").select_option(label="Hood")
    page.drag(*SKY)
    page.press("Control+s")
    page.expect_saved()
    after = saved_maps(desk)
    assert np.array_equal(before.damage, after.damage)
    assert set(np.unique(after.parts)) - set(np.unique(before.parts)) == {6}


def test_strokes_save_themselves_when_the_photo_is_left(page: ReviewPage, desk: Desk) -> None:
    page.paint(*SKY)
    page.press("2")
    page.expect_saved()
    assert desk.photo.corrections.count() == 1


def test_the_brush_works_without_a_mouse(page: ReviewPage, desk: Desk) -> None:
    page.press("b")
    page.stage.focus()
    page.press("ArrowUp", "ArrowUp", "Enter")
    page.expect_not_saved()
    page.press("Control+s")
    page.expect_saved()
    assert MISSING in saved_maps(desk).damage


def test_leaving_with_unsaved_strokes_asks_first(page: ReviewPage) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.window.on("dialog", stay)
    page.paint(*SKY)
    page.window.close(run_before_unload=True)
    page.expect_not_saved()
    assert asked == ["beforeunload"]


def somebody_else_paints(desk: Desk) -> None:
    maps = desk.maps()
    maps.damage[300:320, 20:60] = CRACK
    desk.save(maps)


def meet(page: ReviewPage, desk: Desk, answer: str, visit: Visits) -> None:
    """Both paint on revision 0; this page saves second and answers the question."""
    page.paint(*SKY)
    somebody_else_paints(desk)
    page.press("Control+s")
    dialog = page.window.get_by_role("dialog", name=re.compile("newer revision"))
    expect(dialog.locator("figure")).to_have_count(2)
    dialog.get_by_role("button", name=answer).click()
    page.expect_saved()
    visit.excuse("409")


def test_on_a_stale_base_both_sides_strokes_can_be_kept(
    page: ReviewPage, desk: Desk, visit: Visits
) -> None:
    meet(page, desk, "Put my strokes on theirs", visit)
    assert {MISSING, CRACK} <= set(np.unique(saved_maps(desk).damage))
    assert list(Correction.objects.values_list("base_revision", flat=True)) == [0, 1]


def test_on_a_stale_base_ones_own_strokes_can_be_dropped(
    page: ReviewPage, desk: Desk, visit: Visits
) -> None:
    meet(page, desk, "Drop my strokes", visit)
    damage = set(np.unique(saved_maps(desk).damage))
    assert CRACK in damage
    assert MISSING not in damage


def test_undoing_a_saved_correction_brings_the_overlay_back(page: ReviewPage) -> None:
    before = clear_pixels(page)
    page.paint(*SKY)
    page.press("Control+s")
    page.expect_saved()
    page.press("v", "z")
    expect(page.window.locator(".stage-caption")).to_contain_text("revision 2")
    page.expect_saved()
    expect(page.window.locator(".chip", has_text="Missing")).to_have_count(0)
    assert clear_pixels(page) == before


MOVES = """async (moves) => {
    const stage = document.querySelector(".stage");
    const box = stage.getBoundingClientRect();
    // There is no real pointer to capture behind these events.
    stage.setPointerCapture = () => {};
    const fire = (type, x, y) => stage.dispatchEvent(new PointerEvent(type, {
        pointerId: 1, isPrimary: true, button: 0, buttons: 1, bubbles: true,
        clientX: box.left + x * box.width, clientY: box.top + y * box.height,
    }));
    fire("pointerdown", 0.2, 0.5);
    for (let i = 0; i < moves; i += 1) {
        fire("pointermove", 0.2 + 0.6 * (i / moves), 0.5 + 0.3 * Math.sin(i / 5));
        await new Promise(requestAnimationFrame);
    }
    fire("pointerup", 0.8, 0.5);
}"""


class Processor:
    """Time of a page's main thread on the processor: waiting for a busy machine does not count."""

    def __init__(self, window: Page) -> None:
        self._session = window.context.new_cdp_session(window)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def milliseconds(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        found = next(item for item in metrics if item["name"] == "TaskDuration")
        return 1000 * float(found["value"])


def test_a_brush_move_on_a_large_photo_takes_less_than_a_frame(
    visit: Visits, people: People
) -> None:
    make_assessed_case(people.team, photos=1, width=1600, height=1200, claim_number="CL-LARGE")
    page = ReviewPage.take_next(visit(people.adjuster))
    page.press("b")
    page.window.get_by_label("Brush size").fill("80")
    processor = Processor(page.window)
    before = processor.milliseconds()
    page.window.evaluate(MOVES, 100)
    a_move = (processor.milliseconds() - before) / 100
    page.expect_not_saved()
    assert 0 < a_move < 16
