"""The whole way in one browser: upload → models → flagged review → report → corrected labels.

On pictures that the project draws everywhere, with a stand-in that says what was drawn; and on
real photos with the shipped models where ../shared is.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from playwright.sync_api import FilePayload, Page, expect

from inference.masks import decode_label_map
from inference.taxonomy import BACKGROUND
from reviewapp.assessment import runner
from reviewapp.assessment.models import DamagedPart
from reviewapp.datasets.tasks import write_exports
from reviewapp.demo.pictures import synthetic_photos
from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState
from reviewapp.intake.tasks import derive_photos
from reviewapp.review.models import Correction
from reviewapp.review.selectors import final_label_maps, label_maps_read
from tests.browser.review_page import ReviewPage
from tests.browser.truthful import Truthful
from tests.browser.visitor import PHONE, Visits
from tests.factories.modelversions import make_model_version
from tests.people import PASSWORD, People

CASES = Path(__file__).resolve().parents[3] / "shared" / "data" / "cases"


def sign_in_by_hand(page: Page, username: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def upload(page: Page, photos: Sequence[FilePayload]) -> Case:
    """The appraiser on a phone: open a case, add the photos, submit."""
    page.goto("/cases/new/")
    page.get_by_label("Claim number").fill("CL-JOURNEY")
    page.get_by_role("button", name="Open the case").click()
    page.locator("#gallery").set_input_files(photos)
    count = page.locator("[data-count]")
    expect(count).to_contain_text(f"of {len(photos)} photos checked")
    derive_photos()
    expect(count).to_contain_text(f"{len(photos)} of {len(photos)} photos checked")
    page.get_by_role("button", name="Submit the case").click()
    expect(page.locator("body")).to_contain_text("submitted")
    return Case.objects.get(claim_number="CL-JOURNEY")


def assess(page: Page, case: Case) -> None:
    """The worker's turn, while the appraiser's page follows by itself."""
    runner.assess_waiting()
    case.refresh_from_db()
    assert case.state == CaseState.NEEDS_REVIEW
    expect(page.locator("body")).to_contain_text("needs review")


def correct_by_eraser(page: ReviewPage) -> None:
    """Take a bite out of the largest damaged part of the chosen line: a small one would be gone."""
    heads = page.window.locator(".line.chosen .part-head")
    ids = [str(head.get_attribute("data-part")) for head in heads.all()]
    largest = max(DamagedPart.objects.filter(pk__in=ids), key=lambda part: part.area_px)
    heads.and_(page.window.locator(f"[data-part='{largest.pk}']")).click()
    damaged = page.chosen_part()
    page.press("e")
    page.window.get_by_label("Brush size").fill("24")
    x, y, _, height = damaged.bbox
    page.drag_on_photo((x - 10, y + height / 2), (x + 16, y + height / 2))
    page.press("Control+s")
    page.expect_saved()
    page.press("v")


def review(page: ReviewPage) -> None:
    """Accept, reject with a reason, correct with the eraser, add what was missed, finish."""
    page.press("a")
    lines = page.window.locator(".line").count()
    if lines > 1:
        page.press("x", "1")
    for _ in range(lines - 2):
        page.press("a")
    page.expect_saved()
    page.window.locator(".line", has_text="accepted").first.locator(".line-head").click()
    correct_by_eraser(page)
    expect(page.window.locator(".line.chosen")).to_contain_text("corrected")
    page.press("m")
    page.drag((0.45, 0.45), (0.55, 0.55))
    page.window.get_by_label("Part", exact=True).select_option("Roof")
    page.window.get_by_role("button", name="Add", exact=True).click()
    expect(page.line("Roof · deformity")).to_contain_text("added by a person")
    page.expect_saved()
    page.press("f")
    dialog = page.window.get_by_role("dialog", name="Finish the review")
    dialog.get_by_label("Note (on the report)").fill("Seen by a browser.")
    dialog.get_by_role("button", name="Finish", exact=True).click()
    done = page.window.get_by_role("dialog", name="Review finished")
    done.get_by_role("link", name="Report").click()


def check_report(page: Page) -> None:
    expect(page.get_by_role("heading", name="CL-JOURNEY")).to_be_visible()
    for words in ("Approved with corrections", "Added by bela", "Corrected by bela", "Seen by a"):
        expect(page.locator("article.sheet")).to_contain_text(words)


def export(page: Page) -> zipfile.ZipFile:
    """The steward asks, the worker writes, the page offers it, the steward downloads."""
    page.goto("/exports/")
    page.get_by_role("button", name="Export labels").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    write_exports()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download")).click()
    return zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))


def check_labels(archive: zipfile.ZipFile, case: Case) -> None:
    """Every photo is there, and the corrected one as the adjuster left it."""
    names = archive.namelist()
    assert len([name for name in names if name.endswith(".jpg")]) == case.photos.count()
    corrected = Correction.objects.get().photo
    final = label_maps_read(corrected, final_label_maps(corrected)).damage
    maps = [name for name in names if name.endswith(".png") and "damage" in name]
    assert np.count_nonzero(final != BACKGROUND) > 0
    assert any(np.array_equal(decode_label_map(archive.read(name)), final) for name in maps)


def journey(visit: Visits, photos: Sequence[FilePayload]) -> None:
    phone = visit(size=PHONE)
    sign_in_by_hand(phone, "anna")
    case = upload(phone, photos)
    assess(phone, case)

    desk = visit()
    sign_in_by_hand(desk, "bela")
    review(ReviewPage.take_next(desk))
    check_report(desk)
    case.refresh_from_db()
    assert case.state == CaseState.REVIEWED

    steward = visit()
    sign_in_by_hand(steward, "stella")
    check_labels(export(steward), case)


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_the_whole_way_on_drawn_pictures(
    visit: Visits, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = synthetic_photos(2)
    make_model_version()
    monkeypatch.setattr(runner, "predictor_of", lambda _version: Truthful(drawn))
    journey(visit, [payload(photo.file_name, photo.jpeg) for photo in drawn])


@pytest.mark.timeout(900)
@pytest.mark.shared_data
def test_the_whole_way_on_real_photos(visit: Visits, people: People) -> None:
    if not CASES.exists():
        pytest.skip(f"LEFT OUT: the real photos of {CASES} are not on this machine.")
    call_command("register_models")
    photos = sorted((CASES / "c004").glob("*.jpg"))
    journey(visit, [payload(photo.name, photo.read_bytes()) for photo in photos])
    runner.forget_predictor()
