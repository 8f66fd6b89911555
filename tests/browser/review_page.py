"""The review page as an adjuster uses it."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from reviewapp.assessment.models import DamagedPart


@dataclass(frozen=True)
class ReviewPage:
    window: Page

    @classmethod
    def take_next(cls, page: Page) -> "ReviewPage":
        """From the queue: the next case, until everything on its page is there."""
        page.goto("/queue/")
        page.get_by_role("button", name="Next case").click()
        return cls(page).ready()

    def ready(self) -> "ReviewPage":
        expect(self.window.locator("body[data-ready]")).to_have_count(1)
        expect(self.window.locator('[data-slot="waiting"]')).to_be_hidden()
        # The legend names classes only once the label maps are here.
        expect(self.window.locator(".chip").first).to_be_visible()
        return self

    @property
    def stage(self) -> Locator:
        return self.window.locator(".stage")

    @property
    def chosen_line(self) -> Locator:
        return self.window.locator(".line.chosen")

    def line(self, title: str) -> Locator:
        return self.window.locator(".line", has=self.window.locator(".line-title", has_text=title))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.window.keyboard.press(key)

    def expect_saved(self) -> None:
        expect(self.window.locator('.saving[data-state="saved"]')).to_be_visible()

    def expect_not_saved(self) -> None:
        expect(self.window.locator('.saving[data-state="not saved"]')).to_be_visible()

    def drag(
        self, start: tuple[float, float], end: tuple[float, float], *, steps: int = 12
    ) -> None:
        """Over the stage, from and to shares of its width and height."""
        box = self.stage.bounding_box()
        assert box is not None
        (x0, y0), (x1, y1) = (
            (box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)
        )
        self.window.mouse.move(x0, y0)
        self.window.mouse.down()
        self.window.mouse.move(x1, y1, steps=steps)
        self.window.mouse.up()

    def drag_on_photo(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """From and to pixels of the photo, wherever it lies on the stage."""
        photo, stage = self.window.locator(".sheet").bounding_box(), self.stage.bounding_box()
        width = self.window.locator("canvas.damage").evaluate("canvas => canvas.width")
        assert photo is not None
        assert stage is not None
        scale = photo["width"] / width
        first, last = (
            (
                (photo["x"] + x * scale - stage["x"]) / stage["width"],
                (photo["y"] + y * scale - stage["y"]) / stage["height"],
            )
            for x, y in (start, end)
        )
        self.drag(first, last)

    def chosen_part(self) -> DamagedPart:
        chosen = self.window.locator(".part-head[aria-pressed=true]").get_attribute("data-part")
        assert chosen is not None
        return DamagedPart.objects.get(pk=chosen)

    def paint(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.press("b")
        self.drag(start, end)
