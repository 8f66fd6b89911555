"""What an adjuster does at the desk, in short words for the tests."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from inference import masks
from inference.taxonomy import DAMAGE, PARTS
from reviewapp.accounts.models import User
from reviewapp.assessment.models import DamagedPart, ReportLine
from reviewapp.intake.models import Photo
from reviewapp.review.labels import LabelMaps
from reviewapp.review.models import Decision, Review
from reviewapp.review.selectors import (
    final_label_maps,
    label_maps_read,
    maps_now,
    standing_of,
)
from reviewapp.review.services import (
    CorrectionDone,
    DecisionDraft,
    correction_save,
    decision_make,
    decision_undo,
)
from reviewapp.review.standing import CaseStanding, StandingLine, StandingPart
from reviewapp.review.states import Verdict
from tests.factories.assessment import AssessedCase

DENT, SCRATCH, CRACK = (DAMAGE.named(name).id for name in ("Dent", "Scratch", "Crack"))
DOOR, BUMPER = PARTS.named("Front Door Shell left").id, PARTS.named("Front Bumper").id


@dataclass(frozen=True)
class Desk:
    adjuster: User
    assessed: AssessedCase
    review: Review

    @property
    def dent(self) -> ReportLine:
        """The flagged line."""
        return next(line for line in self.assessed.lines if line.damage == "Deformity")

    @property
    def scratch(self) -> ReportLine:
        return next(line for line in self.assessed.lines if line.damage == "Surface Damage")

    def dent_on(self, photo: int) -> DamagedPart:
        return self.dent.damaged_parts.get(photo_result__photo__number=photo)

    @property
    def photo(self) -> Photo:
        return self.assessed.photos[0]

    def make(self, verdict: str, **draft: Any) -> Decision:
        wanted = DecisionDraft(verdict=Verdict(verdict), **draft)
        return decision_make(actor=self.adjuster, review=self.review, draft=wanted)

    def accept_all(self) -> None:
        for line in self.assessed.lines:
            self.make("accept", line=line.pk)

    def undo(self, decision: Decision) -> Decision:
        return decision_undo(actor=self.adjuster, review=self.review, decision_id=decision.pk)

    def standing(self) -> CaseStanding:
        return standing_of(self.assessed.case, self.review.assessment)

    def line(self, line: ReportLine) -> StandingLine:
        return next(item for item in self.standing().lines if item.line.pk == line.pk)

    def part(self, part_id: UUID) -> StandingPart:
        return next(item for item in self.standing().parts if item.id == part_id)

    def maps(self, photo: Photo | None = None) -> LabelMaps:
        """The label maps as they are now, to draw on."""
        return label_maps_read(photo or self.photo, maps_now(photo or self.photo))

    def final(self, photo: Photo | None = None) -> LabelMaps:
        return label_maps_read(photo or self.photo, final_label_maps(photo or self.photo))

    def save(self, maps: LabelMaps, *, base: int = 0, photo: Photo | None = None) -> CorrectionDone:
        return correction_save(
            actor=self.adjuster,
            review=self.review,
            photo=photo or self.photo,
            base_revision=base,
            parts_map=masks.encode_label_map(maps.parts),
            damage_map=masks.encode_label_map(maps.damage),
        )


def pixels(maps: LabelMaps, damage: int) -> int:
    return int(np.count_nonzero(maps.damage == damage))
