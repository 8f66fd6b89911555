"""Nothing of another team comes out by lists, filters, orderings or ids in the wrong place."""

from typing import Any

import pytest

from reviewapp.intake.models import Case
from reviewapp.review.models import Correction, Decision
from tests.contracts import bodies
from tests.contracts.world import World
from tests.factories.assessment import make_assessed_case

STRANGERS = ("stranger_appraiser", "stranger_adjuster", "stranger_manager", "steward", "operator")
LISTS = (
    "/cases/",
    "/queue/",
    "/teams/",
    "/exports/",
    "/models/",
    "/api/v1/cases/",
    "/api/v1/queue/",
    "/api/v1/exports/",
)
QUERIES = (
    "",
    "?claim_number=CL",
    "?team={team}",
    "?state=draft",
    "?state=reviewed",
    "?show=to+review",
    "?show=waiting",
    "?show=reviewed",
    "?show=auto-accepted",
    "?search=CL",
    "?page=1&page_size=200",
    "?ordering=team__memberships__user__password",
    "?team__name=North&created_by__password__startswith=a",
)


def secrets(world: World) -> set[str]:
    """What a stranger must not read: claim numbers, ids, names, password hashes."""
    people = world.people
    cases = Case.objects.filter(team=people.team)
    names = {people.team.name, people.appraiser.username, people.adjuster.username}
    numbers = {case.claim_number for case in cases}
    return numbers | names | {str(case.pk) for case in cases} | {people.adjuster.password}


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("address", LISTS)
def test_a_list_holds_nothing_of_another_team(world: World, address: str, who: str) -> None:
    client, hidden = world.client(who), secrets(world)
    if (who, address) == ("operator", "/teams/"):
        hidden = hidden - {world.people.team.name}  # the operator's own business
    for query in QUERIES:
        asked = query.format(team=world.people.team.pk)
        text = client.get(address + asked).content.decode()
        # What was asked for may stand in the form again; it is no finding.
        assert not {secret for secret in hidden if secret in text and secret not in asked}, asked


def test_an_owner_does_find_those_cases(world: World) -> None:
    """The test above would also pass on empty lists; this one tells that they are not."""
    text = world.client("adjuster").get("/api/v1/cases/?page_size=200").content.decode()
    numbers = {case.claim_number for case in Case.objects.filter(team=world.people.team)}
    assert len(numbers) > 4
    assert all(number in text for number in numbers)


def post(world: World, who: str, url: str, data: dict[str, Any]) -> Any:
    return world.client(who).post(url, data, content_type=bodies.JSON)


def test_a_case_is_opened_in_ones_own_team_only(world: World) -> None:
    data = {"team": str(world.people.team.pk), "claim_number": "CL-X"}
    response = post(world, "stranger_appraiser", "/api/v1/cases/", data)
    assert response.status_code == 400
    assert not Case.objects.filter(claim_number="CL-X").exists()


def test_a_case_does_not_change_its_team(world: World) -> None:
    case_id = world.places["draft"]["case_id"]
    data = {"team": str(world.people.other_team.pk)}
    world.client("appraiser").patch(f"/api/v1/cases/{case_id}/", data, bodies.JSON)
    assert Case.objects.get(pk=case_id).team == world.people.team


@pytest.fixture
def own_review(world: World) -> str:
    """A review that the stranger holds, of a case of the stranger's own team."""
    make_assessed_case(world.people.other_team, claim_number="CL-THEIRS")
    taken = post(world, "stranger_adjuster", "/api/v1/queue/next/", {})
    return str(taken.json()["review"])


def test_a_line_of_another_case_is_not_decided(world: World, own_review: str) -> None:
    before = Decision.objects.count()
    data = {"verdict": "accept", "line": str(world.places["waiting"]["line_id"])}
    url = f"/api/v1/reviews/{own_review}/decisions/"
    assert post(world, "stranger_adjuster", url, data).status_code in {400, 404}
    assert Decision.objects.count() == before


def test_damage_is_not_added_to_a_photo_of_another_case(world: World, own_review: str) -> None:
    data = {
        "verdict": "missed",
        "photo": str(world.places["waiting"]["photo_id"]),
        "part": "Hood",
        "damage": "Deformity",
    }
    url = f"/api/v1/reviews/{own_review}/decisions/"
    assert post(world, "stranger_adjuster", url, data).status_code in {400, 404}
    assert not Decision.objects.filter(verdict="missed", part="Hood").exists()


def test_a_decision_of_another_review_is_not_undone(world: World, own_review: str) -> None:
    decision_id = world.places["reviewing"]["decision_id"]
    url = f"/api/v1/reviews/{own_review}/decisions/{decision_id}/undo/"
    assert post(world, "stranger_adjuster", url, {}).status_code == 404
    assert Decision.objects.get(pk=decision_id).undone_at is None


def test_a_correction_is_not_saved_under_another_review(world: World, own_review: str) -> None:
    before = Correction.objects.count()
    place = world.places["reviewing"]
    request = bodies.correction(world, place)
    request["data"]["review"] = own_review
    url = f"/api/v1/photos/{place['photo_id']}/corrections/"
    assert world.client("adjuster").post(url, **request).status_code == 404
    assert world.client("stranger_adjuster").post(url, **request).status_code == 404
    assert Correction.objects.count() == before


def test_a_member_of_another_team_is_not_managed(world: World) -> None:
    people, place = world.people, world.places["team"]
    for action in ("role", "remove", "link"):
        url = f"/teams/{people.other_team.pk}/members/{place['membership_id']}/{action}/"
        response = world.client("stranger_manager").post(url, {"role": "appraiser"})
        assert response.status_code == 404
    assert people.second_adjuster.memberships.get().role == "adjuster"


def test_a_token_of_another_team_is_not_revoked(world: World) -> None:
    people, place = world.people, world.places["team"]
    url = f"/teams/{people.other_team.pk}/machines/{place['token_id']}/revoke/"
    assert world.client("stranger_manager").post(url).status_code == 404
    assert world.client("machine").get("/api/v1/cases/").status_code == 200


def test_a_colleague_does_not_write_in_a_review_that_is_not_theirs(world: World) -> None:
    place = world.places["reviewing"]
    before = Decision.objects.count()
    client = world.client("second_adjuster")
    url = f"/api/v1/reviews/{place['review_id']}"
    answers = {
        client.post(f"{url}/renew/"),
        client.post(f"{url}/release/"),
        client.post(f"{url}/decisions/", **bodies.decision(world, place)),
        client.post(f"{url}/finish/", **bodies.finish(world, place)),
    }
    assert {answer.status_code for answer in answers} == {409}
    assert Decision.objects.count() == before
