"""The queue: which cases wait, in which order, and what a list shows of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.timesince import timesince

from reviewapp.accounts.models import Team, User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import teams_where
from reviewapp.assessment.models import Assessment, ReportLine
from reviewapp.assessment.states import AssessmentState
from reviewapp.foundation.errors import ForbiddenError
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.states import CaseState, PhotoState
from reviewapp.review.models import Review
from reviewapp.review.priority import OVERDUE_AFTER, QueueFacts, is_overdue, rank
from reviewapp.review.states import QueueShow, ReviewState
from reviewapp.review.words import Words

_STATES = {
    QueueShow.TO_REVIEW: (CaseState.NEEDS_REVIEW, CaseState.IN_REVIEW),
    QueueShow.AUDIT: (CaseState.NEEDS_REVIEW, CaseState.IN_REVIEW),
    QueueShow.MINE: (CaseState.IN_REVIEW,),
    QueueShow.WAITING: (CaseState.WAITING_FOR_PHOTOS, CaseState.WAITING_FOR_INSPECTION),
    QueueShow.REVIEWED: (CaseState.REVIEWED,),
    QueueShow.AUTO_ACCEPTED: (CaseState.AUTO_ACCEPTED,),
}

# How many reasons to look at a case a row has room for.
_REASONS_SHOWN = 2
# Nobody has to do these next.
_NEWEST_FIRST = frozenset({QueueShow.REVIEWED, QueueShow.AUTO_ACCEPTED})


@dataclass(frozen=True, slots=True)
class QueueFilter:
    show: QueueShow = QueueShow.TO_REVIEW
    claim_number: str = ""
    team: UUID | None = None


@dataclass(frozen=True, slots=True)
class ShownLine:
    title: str
    probability: float
    flagged: bool


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """How much waits, whatever the list is narrowed to."""

    waiting: int
    overdue: int
    mine: int


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case as the queue shows it."""

    case: Case
    cover: UUID | None
    photos: int
    since: datetime
    overdue: bool
    audit_sample: bool
    case_flags: tuple[str, ...]
    lines: tuple[ReportLine, ...]
    review: Review | None
    finished: Review | None

    @property
    def settled(self) -> Review | None:
        """The review whose outcome says how the case stands now."""
        waiting_for_a_person = (CaseState.NEEDS_REVIEW, CaseState.IN_REVIEW)
        return None if self.case.state in waiting_for_a_person else self.finished

    @property
    def shown_lines(self) -> tuple[ShownLine, ...]:
        """What the list has room for beside the flags of the case: flagged lines first."""
        first = sorted(self.lines, key=lambda line: (not line.flagged, line.number))
        room = max(0, _REASONS_SHOWN - len(self.case_flags))
        return tuple(
            ShownLine(
                Words(line.part, line.side, line.damage).title, line.probability, line.flagged
            )
            for line in first[:room]
        )

    @property
    def waited(self) -> str:
        """In the largest unit only: `3 days`."""
        return timesince(self.since, depth=1)

    @property
    def flagged_lines(self) -> tuple[ReportLine, ...]:
        return tuple(line for line in self.lines if line.flagged)

    @property
    def flags(self) -> int:
        return len(self.flagged_lines) + len(self.case_flags)


@dataclass(frozen=True, slots=True)
class QueueTab:
    show: QueueShow
    current: bool


def queue_tabs(wanted: QueueFilter) -> list[QueueTab]:
    return [QueueTab(show, show is wanted.show) for show in QueueShow]


def waiting_in_order(user: User) -> Iterator[Case]:
    """Cases that this user may take now, the most urgent first."""
    waiting = Case.objects.filter(
        team__in=teams_where(user, Action.REVIEW), state=CaseState.NEEDS_REVIEW
    )
    for facts in _ranked(waiting):
        case = waiting.filter(pk=facts.case_id).first()
        if case is not None:
            yield case


def queue_teams(user: User) -> list[Team]:
    """The teams whose queue this user may see; `ForbiddenError` where there is none."""
    teams = list(teams_where(user, Action.QUEUE_SEE))
    if not teams:
        raise ForbiddenError(f"Your role does not allow you to {Action.QUEUE_SEE.value}.")
    return teams


def queue_summary(user: User, teams: Iterable[Team]) -> QueueSummary:
    own = Review.objects.filter(case=OuterRef("pk"), adjuster=user, state=ReviewState.IN_PROGRESS)
    waits = Q(state=CaseState.NEEDS_REVIEW)
    late = waits & Q(submitted_at__lte=timezone.now() - OVERDUE_AFTER)
    counts = (
        Case.objects.filter(team__in=teams, state__in=(CaseState.NEEDS_REVIEW, CaseState.IN_REVIEW))
        .annotate(is_mine=Exists(own))
        .aggregate(
            waiting=Count("pk", filter=waits),
            overdue=Count("pk", filter=late),
            mine=Count("pk", filter=Q(is_mine=True)),
        )
    )
    return QueueSummary(**counts)


def queue_for(user: User, teams: Iterable[Team], wanted: QueueFilter) -> list[QueueFacts]:
    """The cases of these teams that fit the filter, in order; `queue_rows` shows a page of it."""
    cases = Case.objects.filter(team__in=teams, state__in=_STATES[wanted.show])
    if wanted.team is not None:
        cases = cases.filter(team_id=wanted.team)
    if wanted.claim_number:
        cases = cases.filter(claim_number__icontains=wanted.claim_number)
    if wanted.show is QueueShow.MINE:
        mine = Review.objects.filter(adjuster=user, state=ReviewState.IN_PROGRESS)
        cases = cases.filter(pk__in=mine.values("case_id"))
    if wanted.show in _NEWEST_FIRST:
        return sorted(_facts(cases), key=lambda facts: facts.waiting_since, reverse=True)
    ranked = _ranked(cases)
    if wanted.show is QueueShow.AUDIT:
        ranked = [facts for facts in ranked if facts.audit_sample]
    return ranked


def _ranked(cases: QuerySet[Case]) -> list[QueueFacts]:
    now = timezone.now()
    return sorted(_facts(cases), key=lambda facts: rank(facts, now))


def _newest_assessment() -> QuerySet[Assessment]:
    return Assessment.objects.filter(case=OuterRef("pk"), state=AssessmentState.COMPLETE).order_by(
        "-number"
    )


def _facts(cases: QuerySet[Case]) -> Iterable[QueueFacts]:
    """One query however many cases there are."""
    flagged = (
        ReportLine.objects.filter(assessment=OuterRef("newest"), flagged=True)
        .order_by()
        .values("assessment")
        .annotate(number=Count("pk"))
        .values("number")
    )
    newest = _newest_assessment()
    rows = cases.annotate(
        newest=Subquery(newest.values("pk")[:1]),
        newest_flags=Subquery(newest.values("flags")[:1]),
        newest_audit=Subquery(newest.values("audit_sample")[:1]),
        waiting_since=Coalesce("submitted_at", "state_since"),
        flagged_lines=Coalesce(Subquery(flagged, output_field=IntegerField()), 0),
    ).values_list("pk", "waiting_since", "flagged_lines", "newest_flags", "newest_audit", "state")
    for case_id, since, lines, flags, audit, state in rows.order_by():
        held = state == CaseState.IN_REVIEW
        yield QueueFacts(case_id, since, lines, len(flags or ()), bool(audit), in_review=held)


def queue_rows(page: Sequence[QueueFacts]) -> list[QueueRow]:
    """What the list shows of these cases, in their order; as many queries for 1 as for 50."""
    ids = [facts.case_id for facts in page]
    cases = _cases_shown(ids)
    assessments = _assessments_shown(ids)
    reviews = _reviews_shown(ids)
    now = timezone.now()
    return [
        _row(facts, cases[facts.case_id], assessments.get(facts.case_id), reviews, now)
        for facts in page
        if facts.case_id in cases
    ]


def _reviews_shown(ids: Sequence[UUID]) -> dict[tuple[UUID, str], Review]:
    """The newest review in progress and the newest finished one of each case."""
    shown = Review.objects.filter(
        case_id__in=ids, state__in=(ReviewState.IN_PROGRESS, ReviewState.FINISHED)
    )
    ordered = shown.select_related("adjuster").order_by("created_at")
    return {(review.case_id, review.state): review for review in ordered}


def _cases_shown(ids: Sequence[UUID]) -> dict[UUID, Case]:
    ready = Photo.objects.filter(case=OuterRef("pk"), state=PhotoState.READY).order_by("number")
    best = ReportLine.objects.filter(
        assessment__case=OuterRef("pk"), assessment__state=AssessmentState.COMPLETE
    ).order_by("-assessment__number", "-flagged", "number")
    cases = Case.objects.filter(pk__in=ids).select_related("team")
    covers = (Subquery(best.values("best_photo")[:1]), Subquery(ready.values("pk")[:1]))
    shown = cases.annotate(
        cover=Coalesce(*covers, output_field=UUIDField()),
        photo_count=Count("photos", filter=Q(photos__state=PhotoState.READY)),
    )
    return {case.pk: case for case in shown}


def _assessments_shown(ids: Sequence[UUID]) -> dict[UUID, Assessment]:
    complete = (
        Assessment.objects.filter(case_id__in=ids, state=AssessmentState.COMPLETE)
        .order_by("number")
        .prefetch_related("lines")
    )
    return {assessment.case_id: assessment for assessment in complete}


def _row(
    facts: QueueFacts,
    case: Case,
    assessment: Assessment | None,
    reviews: dict[tuple[UUID, str], Review],
    now: datetime,
) -> QueueRow:
    return QueueRow(
        case=case,
        cover=getattr(case, "cover", None),
        photos=getattr(case, "photo_count", 0),
        since=facts.waiting_since,
        overdue=case.state == CaseState.NEEDS_REVIEW and is_overdue(facts, now),
        audit_sample=facts.audit_sample,
        case_flags=tuple(flag["text"] for flag in assessment.flags) if assessment else (),
        lines=tuple(assessment.lines.all()) if assessment else (),
        review=reviews.get((case.pk, ReviewState.IN_PROGRESS)),
        finished=reviews.get((case.pk, ReviewState.FINISHED)),
    )
