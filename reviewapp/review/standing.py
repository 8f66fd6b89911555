"""How a case stands: what the models said, as people decided and corrected it.

Decisions and corrections are kept as they were made; everything here is derived from them, in
one place (`derivation`), for the review page, the report and the labels alike. Pure values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from inference.masks import Box, Rle
from reviewapp.assessment.models import Assessment, DamagedPart, PhotoResult, ReportLine
from reviewapp.intake.models import Photo
from reviewapp.review.models import Correction, Decision
from reviewapp.review.regions import Region
from reviewapp.review.states import Outcome, Standing
from reviewapp.review.words import Words

_CHANGED = frozenset({Standing.CORRECTED, Standing.REJECTED, Standing.MISSED})


@dataclass(frozen=True)
class CaseRecord:
    """Every row that the standing of a case depends on.

    `parts` are the damaged parts of `assessment`; `older_parts` those of earlier assessments
    that decisions or corrections speak of. `decisions` are in the order they were made.
    """

    assessment: Assessment
    results: Sequence[PhotoResult]
    lines: Sequence[ReportLine]
    parts: Sequence[DamagedPart]
    older_parts: Sequence[DamagedPart]
    decisions: Sequence[Decision]
    corrections: Sequence[Correction]


@dataclass(frozen=True, slots=True)
class StandingPart:
    """A damaged part as it stands: `model` is what was said of it, None where it was missed."""

    id: UUID
    photo: Photo
    words: Words
    state: Standing
    decision: Decision | None
    model: DamagedPart | None
    # Where it is in the photo's label maps now; None where they do not hold it.
    region: Region | None
    bbox: Box | None
    mask: Rle | None
    area_px: int | None
    share_of_part: float | None
    share_of_photo: float | None
    size_class: str
    severity: str
    # The line of the current assessment that it belongs to; missed damage has none.
    line_id: UUID | None = None

    @property
    def stands(self) -> bool:
        return self.state is not Standing.REJECTED


@dataclass(frozen=True)
class StandingLine:
    line: ReportLine
    parts: tuple[StandingPart, ...]
    # The newest standing decision on the line as a whole.
    decision: Decision | None

    @cached_property
    def state(self) -> Standing:
        states = {part.state for part in self.parts}
        if Standing.UNDECIDED in states or not states:
            return Standing.UNDECIDED if len(states) < 2 else Standing.PARTLY
        if states == {Standing.REJECTED}:
            return Standing.REJECTED
        return Standing.CORRECTED if Standing.CORRECTED in states else Standing.ACCEPTED

    @property
    def is_open(self) -> bool:
        """A person must still look."""
        return self.line.flagged and self.state in (Standing.UNDECIDED, Standing.PARTLY)

    @cached_property
    def words(self) -> Words:
        return Words(self.line.part, self.line.side, self.line.damage)

    @cached_property
    def photo_ids(self) -> tuple[UUID, ...]:
        return tuple(dict.fromkeys(part.photo.pk for part in self.parts))

    @property
    def photos_agree(self) -> int:
        return len(self.photo_ids)

    @property
    def photos_asked(self) -> int:
        """Photos that agreement is a share of; the assessment stores the share."""
        shares = [part.model.agreement for part in self.parts if part.model]
        return round(self.photos_agree / shares[0]) if shares and shares[0] else self.photos_agree


@dataclass(frozen=True)
class CaseStanding:
    record: CaseRecord
    lines: tuple[StandingLine, ...]
    # Without a line: missed damage, and what was decided on photos before this assessment.
    added: tuple[StandingPart, ...]
    # The newest correction of each photo that has one.
    corrections: Mapping[UUID, Correction]

    @property
    def parts(self) -> Iterable[StandingPart]:
        yield from (part for line in self.lines for part in line.parts)
        yield from self.added

    @cached_property
    def open_lines(self) -> tuple[StandingLine, ...]:
        return tuple(line for line in self.lines if line.is_open)

    @cached_property
    def is_changed(self) -> bool:
        """Anything differs from what the models said."""
        return any(part.state in _CHANGED for part in self.parts) or any(
            self._differs(result) for result in self.record.results
        )

    def _differs(self, result: PhotoResult) -> bool:
        newest = self.corrections.get(result.photo_id)
        return newest is not None and (newest.parts_map, newest.damage_map) != (
            result.parts_map,
            result.damage_map,
        )

    @property
    def suggested_outcome(self) -> Outcome:
        return Outcome.APPROVED_WITH_CORRECTIONS if self.is_changed else Outcome.APPROVED
