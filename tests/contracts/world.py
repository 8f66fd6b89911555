"""What exists while the contracts are tested: one thing of every kind, of the owner's team.

A *place* names the things that the addresses of a row speak of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from inference import masks
from reviewapp.accounts.models import Membership, Role, User
from reviewapp.accounts.services import machine_create
from reviewapp.datasets.models import Export
from reviewapp.datasets.states import ExportState
from reviewapp.foundation.files import file_put
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Correction, Decision, Review
from reviewapp.review.services import DecisionDraft, correction_save, decision_make, review_take
from reviewapp.review.states import Outcome, ReviewState, Verdict
from tests.factories.assessment import AssessedCase, label_maps, make_assessed_case
from tests.factories.intake import make_case, make_photo
from tests.factories.modelversions import make_model_version
from tests.people import People, everybody, person

Place = Mapping[str, Any]
PERSONS = (
    "appraiser",
    "adjuster",
    "manager",
    "stranger_appraiser",
    "stranger_adjuster",
    "stranger_manager",
    "steward",
    "operator",
    "nobody",
    "machine",
)


@dataclass(frozen=True)
class World:
    people: People
    token: str
    review: Review
    places: dict[str, Place]
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, who: str, **options: Any) -> Client:
        """A new client of this person; a machine speaks by its token, nobody has nothing."""
        if who == "machine":
            return Client(headers={"Authorization": f"Token {self.token}"}, **options)
        client = Client(**options)
        if who != "nobody":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client


def build() -> World:
    cache.clear()
    people = everybody()
    _, token = machine_create(actor=None, label="feeder", team=people.team, role=Role.APPRAISER)
    review = _review(people)
    world = World(people, token, review, _places(people, review))
    for who in (*PERSONS, "second_adjuster"):
        if user := getattr(people, who, None):
            world.sessions[who] = _session(user)
    return world


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.session.session_key)


def _review(people: People) -> Review:
    """In progress, held by the adjuster, with a decision and a correction."""
    assessed = make_assessed_case(people.team, claim_number="CL-REVIEWING")
    review = review_take(actor=people.adjuster, case=assessed.case)
    draft = DecisionDraft(verdict=Verdict.ACCEPT, line=assessed.lines[0].pk)
    decision_make(actor=people.adjuster, review=review, draft=draft)
    parts, damage = label_maps(96, 64, damage=False)
    correction_save(
        actor=people.adjuster,
        review=review,
        photo=assessed.photos[0],
        base_revision=0,
        parts_map=masks.encode_label_map(parts),
        damage_map=masks.encode_label_map(damage),
    )
    return review


def _places(people: People, review: Review) -> dict[str, Place]:
    make_assessed_case(people.team, claim_number="CL-WAITING")
    return {
        "": {},
        "draft": _draft(people),
        "waiting": _assessed(people, CaseState.NEEDS_REVIEW),
        "auto-accepted": _assessed(people, CaseState.AUTO_ACCEPTED),
        "reviewed": _reviewed(people),
        "reviewing": _reviewing(review),
        "team": _team(people),
        "export": {"export_id": _export().pk},
        "version": {"version_id": make_model_version(name="test-2", active=False).pk},
        "link": _link(),
    }


def _draft(people: People) -> Place:
    case = make_case(people.team, claim_number="CL-DRAFT")
    return {"case_id": case.pk, "photo_id": make_photo(case).pk}


def _assessed(people: People, state: CaseState) -> Place:
    name = f"CL-{state.upper()}"
    return _ids(make_assessed_case(people.team, state=state, claim_number=name))


def _ids(assessed: AssessedCase) -> Place:
    return {
        "case_id": assessed.case.pk,
        "photo_id": assessed.photos[0].pk,
        "assessment_id": assessed.assessment.pk,
        "pk": assessed.results[0].pk,
        "line_id": assessed.lines[0].pk,
        "revision": 0,
        "layer": "parts",
        "x": 4,
        "y": 4,
        "width": 16,
        "height": 16,
    }


def _reviewed(people: People) -> Place:
    assessed = make_assessed_case(people.team, state=CaseState.REVIEWED, claim_number="CL-REVIEWED")
    Review.objects.create(
        case=assessed.case,
        assessment=assessed.assessment,
        adjuster=people.adjuster,
        state=ReviewState.FINISHED,
        lease_until=timezone.now() - timedelta(hours=1),
        outcome=Outcome.APPROVED,
        finished_at=timezone.now(),
    )
    return _ids(assessed)


def _reviewing(review: Review) -> Place:
    return {
        "case_id": review.case_id,
        "review_id": review.pk,
        "line_id": review.assessment.lines.order_by("number")[0].pk,
        "decision_id": Decision.objects.filter(line__isnull=False).get().pk,
        "photo_id": Correction.objects.get().photo_id,
    }


def _team(people: People) -> Place:
    member = Membership.objects.get(user=people.second_adjuster)
    token = machine_create(actor=None, label="other", team=people.team, role=Role.APPRAISER)[0]
    return {"team_id": people.team.pk, "membership_id": member.pk, "token_id": token.pk}


def _export() -> Export:
    stored = file_put(BytesIO(b"a zip"), suffix=".zip")
    return Export.objects.create(
        number=1,
        state=ExportState.DONE,
        reviewed_until=timezone.now(),
        file=stored.key,
        sha256=stored.sha256,
        size_bytes=stored.size,
    )


def _link() -> Place:
    user = person("newcomer")
    return {
        "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
    }


Body = Callable[[World, Place], dict[str, Any]]
