"""What a case says in the end: every line traces to its photos and to who decided it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from inference.results import Severity, SizeClass
from reviewapp.accounts.models import User
from reviewapp.accounts.permissions import Action
from reviewapp.accounts.selectors import require_in_team
from reviewapp.assessment.models import Assessment, PhotoResult
from reviewapp.assessment.selectors import current_assessment
from reviewapp.assessment.states import PhotoResultState
from reviewapp.foundation.errors import NotFoundError
from reviewapp.intake.models import Case, Photo
from reviewapp.intake.selectors import case_for
from reviewapp.intake.states import CaseState
from reviewapp.review.models import Review
from reviewapp.review.selectors import reviews_of, standing_of
from reviewapp.review.standing import CaseStanding, StandingPart
from reviewapp.review.states import RejectReason, ReviewState, Standing
from reviewapp.review.words import Words

LIMITS = (
    "Photos show the outside of the vehicle only. Bent frames, hidden brackets, leaks, wiring, "
    "and the calibration of sensors and lamps need an inspection in person.",
    "Sizes are shares of what a photo shows, not centimetres.",
)
# So many fit beside the words of a line on A4.
CROPS_A_LINE = 3
_FINAL = frozenset({CaseState.REVIEWED, CaseState.CLOSED, CaseState.AUTO_ACCEPTED})
_SIZES = tuple(SizeClass)
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Decided:
    """Who settled it: a person, or the models alone (`person` is "")."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportPart:
    """One place where a photo shows the line; `bbox` may be unknown."""

    id: UUID
    photo: Photo
    bbox: tuple[int, int, int, int] | None
    area: int
    state: Standing
    probability: float | None
    decided: Decided


@dataclass(frozen=True, slots=True)
class ReportLine:
    words: Words
    damage_types: tuple[str, ...]
    size_class: str
    severity: str
    # The highest of its damaged parts that no person decided; None where persons decided all.
    probability: float | None
    flagged: bool
    state: Standing
    decided: Decided
    parts: tuple[ReportPart, ...]

    @property
    def photos(self) -> tuple[Photo, ...]:
        return tuple({part.photo.number: part.photo for part in self.parts}.values())

    @property
    def shown(self) -> tuple[ReportPart, ...]:
        """The places that the sheet has room for: the largest of each photo."""
        best: dict[int, ReportPart] = {}
        for part in sorted(self.parts, key=lambda item: -item.area):
            best.setdefault(part.photo.number, part)
        return tuple(best[number] for number in sorted(best))[:CROPS_A_LINE]


@dataclass(frozen=True, slots=True)
class RejectedPart:
    words: Words
    photo: Photo
    bbox: tuple[int, int, int, int] | None
    reason: str
    reason_text: str
    decided: Decided


@dataclass(frozen=True)
class Report:
    case: Case
    assessment: Assessment
    final: bool
    review: Review | None
    lines: tuple[ReportLine, ...]
    rejected: tuple[RejectedPart, ...]
    undecided: tuple[str, ...]
    photos: tuple[PhotoResult, ...]
    case_flags: tuple[str, ...]
    limits: tuple[str, ...]

    @property
    def model_version(self) -> str:
        return self.assessment.model_version.name

    @property
    def photos_not_assessed(self) -> tuple[PhotoResult, ...]:
        return tuple(item for item in self.photos if item.state != PhotoResultState.ASSESSED)

    @property
    def photos_without_vehicle(self) -> tuple[PhotoResult, ...]:
        return tuple(item for item in self.photos if item.vehicle is False)


def report_for(user: User, case_id: UUID) -> Report:
    case = case_for(user, case_id)
    require_in_team(user, Action.REPORT_SEE, case.team_id)
    return report_of(case)


def report_of(case: Case) -> Report:
    assessment = current_assessment(case)
    if assessment is None:
        raise NotFoundError(
            "This case has no report yet: it comes as soon as its photos are assessed.",
            code="no_report",
        )
    standing = standing_of(case, assessment)
    finished = reviews_of(case).filter(state=ReviewState.FINISHED).first()
    return Report(
        case=case,
        assessment=assessment,
        final=case.state in _FINAL,
        review=finished,
        lines=tuple(_lines(standing)),
        rejected=tuple(_rejected(standing)),
        undecided=tuple(line.words.title for line in standing.open_lines),
        photos=tuple(standing.record.results),
        case_flags=tuple(flag["text"] for flag in assessment.flags),
        limits=LIMITS,
    )


def _lines(standing: CaseStanding) -> list[ReportLine]:
    """Damaged parts that stand, merged by their words; the gravest first."""
    merged: dict[tuple[str, str, str], list[StandingPart]] = {}
    for part in standing.parts:
        if part.stands:
            merged.setdefault(part.words.key, []).append(part)
    flagged = {line.line.pk for line in standing.open_lines}
    lines = [_line(parts, standing, flagged) for parts in merged.values()]
    return sorted(lines, key=_gravity)


def _gravity(line: ReportLine) -> tuple[int, int, tuple[str, str, str]]:
    severity = _SEVERITIES.index(Severity(line.severity)) if line.severity else -1
    size = _SIZES.index(SizeClass(line.size_class)) if line.size_class else -1
    return -severity, -size, line.words.key


def _line(parts: Sequence[StandingPart], standing: CaseStanding, flagged: set[UUID]) -> ReportLine:
    shown = [_part(part, standing) for part in sorted(parts, key=_in_photo_order)]
    by_models = [part.probability for part in shown if part.probability is not None]
    said = parts[0].words
    return ReportLine(
        words=Words(said.part, said.side, said.damage),
        damage_types=tuple(sorted({p.words.damage_type for p in parts} - {""})),
        size_class=_largest([part.size_class for part in parts], _SIZES),
        severity=_largest([part.severity for part in parts], _SEVERITIES),
        probability=max(by_models, default=None),
        flagged=any(part.line_id in flagged for part in parts),
        state=_state(parts),
        decided=_latest([part.decided for part in shown]),
        parts=tuple(shown),
    )


def _in_photo_order(part: StandingPart) -> tuple[int, str]:
    return part.photo.number, str(part.id)


def _largest(found: Iterable[str], order: Sequence[str]) -> str:
    return max((item for item in found if item), key=order.index, default="")


def _state(parts: Sequence[StandingPart]) -> Standing:
    """The strongest word of a person about any of the line's damaged parts."""
    states = {part.state for part in parts}
    strongest = (Standing.CORRECTED, Standing.MISSED, Standing.ACCEPTED)
    return next((state for state in strongest if state in states), Standing.UNDECIDED)


def _latest(decided: Sequence[Decided]) -> Decided:
    """The last person; the models only where nobody decided any of it."""
    return max(decided, key=lambda item: (bool(item.person), item.at))


def _decided(part: StandingPart, standing: CaseStanding) -> Decided:
    if part.decision is not None:
        return Decided(part.decision.decided_by.display_name, part.decision.created_at)
    assessment = standing.record.assessment
    return Decided("", assessment.finished_at or assessment.created_at)


def _part(part: StandingPart, standing: CaseStanding) -> ReportPart:
    undecided = part.state is Standing.UNDECIDED and part.model is not None
    return ReportPart(
        id=part.id,
        photo=part.photo,
        bbox=part.bbox,
        area=part.area_px or 0,
        state=part.state,
        probability=part.model.probability if undecided and part.model else None,
        decided=_decided(part, standing),
    )


def _rejected(standing: CaseStanding) -> Iterable[RejectedPart]:
    for part in standing.parts:
        if part.state is Standing.REJECTED and part.decision is not None:
            yield RejectedPart(
                words=part.words,
                photo=part.photo,
                bbox=part.bbox,
                reason=RejectReason(part.decision.reason).label,
                reason_text=part.decision.reason_text,
                decided=_decided(part, standing),
            )
