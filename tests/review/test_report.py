import io
import re

import pytest
from django.test import Client
from PIL import Image

from reviewapp.foundation.errors import NotFoundError
from reviewapp.intake.models import Case
from reviewapp.intake.states import CaseState
from reviewapp.review.report import Report, ReportLine, report_of
from reviewapp.review.services import review_finish
from reviewapp.review.states import Outcome, Standing
from tests.conftest import SignIn
from tests.factories.assessment import AssessedCase, make_assessed_case
from tests.factories.intake import make_case
from tests.people import People
from tests.review.desk import Desk

HOOD = {"part": "Hood", "side": "", "damage": "Deformity"}


def report(desk: Desk) -> Report:
    desk.assessed.case.refresh_from_db()
    return report_of(desk.assessed.case)


def line(desk: Desk, damage: str) -> ReportLine:
    return next(item for item in report(desk).lines if item.words.damage == damage)


def test_a_line_merges_its_damaged_parts_of_all_photos(desk: Desk) -> None:
    assert [photo.number for photo in line(desk, "Deformity").photos] == [1, 2]


def test_a_line_that_nobody_decided_has_the_models_probability(desk: Desk) -> None:
    found = line(desk, "Surface Damage")
    assert (found.probability, found.decided.person) == (0.94, "")


def test_a_decided_line_names_who_decided(desk: Desk) -> None:
    desk.make("accept", line=desk.dent.pk)
    found = line(desk, "Deformity")
    assert (found.probability, found.decided.person, found.state) == (
        None,
        "bela",
        Standing.ACCEPTED,
    )


def test_an_undecided_flagged_line_says_that_a_person_must_look(desk: Desk) -> None:
    assert line(desk, "Deformity").flagged
    assert report(desk).undecided == ("Left front door · deformity",)


def test_corrected_damaged_parts_move_to_the_line_they_are(desk: Desk) -> None:
    desk.make("correct", damaged_part=desk.dent_on(2).pk, part="Hood", side="")
    titles = {item.words.title: len(item.parts) for item in report(desk).lines}
    assert titles["Hood · deformity"] == 1
    assert titles["Left front door · deformity"] == 1


def test_missed_damage_joins_the_line_of_the_same_words(desk: Desk) -> None:
    door = {"part": "Front Door Shell", "side": "left", "damage": "Deformity"}
    desk.make("missed", photo=desk.photo.pk, **door)
    assert len(line(desk, "Deformity").parts) == 3


def test_rejected_damage_is_listed_apart_with_its_reason(desk: Desk) -> None:
    desk.make("reject", line=desk.dent.pk, reason="other", reason_text="a sticker")
    found = report(desk)
    assert [item.words.damage for item in found.lines] == ["Surface Damage"]
    assert [(item.photo.number, item.reason_text) for item in found.rejected] == [
        (1, "a sticker"),
        (2, "a sticker"),
    ]


def test_the_gravest_line_comes_first(desk: Desk) -> None:
    desk.make("missed", photo=desk.photo.pk, bbox=(0, 0, 90, 60), **HOOD)
    assert report(desk).lines[0].words.part == "Hood"


def test_a_report_is_final_once_the_review_is_finished(desk: Desk) -> None:
    assert not report(desk).final
    desk.accept_all()
    review_finish(actor=desk.adjuster, review=desk.review, outcome=Outcome.APPROVED)
    assert report(desk).final


def test_an_auto_accepted_case_is_decided_by_the_models(people: People) -> None:
    made = make_assessed_case(people.team, state=CaseState.AUTO_ACCEPTED)
    found = report_of(made.case)
    assert (found.final, found.review, found.model_version) == (True, None, "test-1")
    assert {item.decided.person for item in found.lines} == {""}


def test_before_the_assessment_there_is_no_report(people: People) -> None:
    with pytest.raises(NotFoundError, match="no report yet"):
        report_of(make_case(people.team))


def page(client: Client, made: AssessedCase) -> str:
    response = client.get(f"/cases/{made.case.pk}/report/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_page_says_who_decided_and_when(desk: Desk, sign_in: SignIn) -> None:
    decision = desk.make("accept", line=desk.dent.pk)
    html = page(sign_in(desk.adjuster), desk.assessed)
    assert f"Accepted by bela on {decision.created_at:%-d %b %Y}" in html


def test_the_page_says_what_photos_cannot_show(desk: Desk, sign_in: SignIn) -> None:
    assert "Bent frames, hidden brackets" in page(sign_in(desk.adjuster), desk.assessed)


def test_every_line_links_to_the_photos_that_show_it(desk: Desk, sign_in: SignIn) -> None:
    html = page(sign_in(desk.adjuster), desk.assessed)
    for photo in desk.assessed.photos:
        assert html.count(f'href="/photos/{photo.pk}/display/"') >= 2


def test_the_appraiser_sees_the_report_but_cannot_reopen(people: People, sign_in: SignIn) -> None:
    made = make_assessed_case(people.team, state=CaseState.REVIEWED)
    assert "Reopen" not in page(sign_in(people.appraiser), made)
    assert "Reopen" in page(sign_in(people.adjuster), made)


def test_the_manager_can_send_an_auto_accepted_case_to_review(
    people: People, sign_in: SignIn
) -> None:
    made = make_assessed_case(people.team, state=CaseState.AUTO_ACCEPTED)
    assert "Send to review" in page(sign_in(people.manager), made)


def test_what_is_in_the_case_cannot_become_markup(desk: Desk, sign_in: SignIn) -> None:
    Case.objects.update(description="<script>alert(1)</script>")
    assert "<script>alert" not in page(sign_in(desk.adjuster), desk.assessed)


def crops_on(html: str) -> list[str]:
    return re.findall(r'src="(/photos/[^"]+/crop/[^"]+)"', html)


def test_the_crops_of_the_page_are_pictures(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in(desk.adjuster)
    crops = crops_on(page(client, desk.assessed))
    assert len(crops) == 4
    response = client.get(crops[0])
    assert Image.open(io.BytesIO(response.content)).format == "JPEG"


def test_a_crop_outside_the_photo_is_not_found(desk: Desk, sign_in: SignIn) -> None:
    url = f"/photos/{desk.photo.pk}/crop/90-60-50-50/"
    assert sign_in(desk.adjuster).get(url).status_code == 404


def test_a_stranger_gets_no_crop(desk: Desk, people: People, sign_in: SignIn) -> None:
    url = f"/photos/{desk.photo.pk}/crop/1-1-5-5/"
    assert sign_in(people.stranger_adjuster).get(url).status_code == 404


def test_the_report_as_json_traces_lines_to_photos_and_people(desk: Desk, sign_in: SignIn) -> None:
    desk.make("accept", line=desk.dent.pk)
    client = sign_in(desk.adjuster)
    answer = client.get(f"/api/v1/cases/{desk.assessed.case.pk}/report/").json()
    dent = next(item for item in answer["lines"] if item["damage"] == "Deformity")
    assert [photo["id"] for photo in dent["photos"]] == [str(p.pk) for p in desk.assessed.photos]
    assert (dent["decided"]["by"], dent["decided"]["person"]) == ("person", "bela")
