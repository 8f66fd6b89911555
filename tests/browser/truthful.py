"""A stand-in for the models on pictures that the project drew: it says what was drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from inference.postprocessing import RegionRules, regions_of_label_maps
from inference.predictor import CasePhotos
from inference.results import DamagedPart, PhotoResult
from reviewapp.demo.pictures import SyntheticPhoto

SURE, UNSURE = 0.95, 0.5


@dataclass(frozen=True)
class Truthful:
    """Sure of everything but deformities, which it therefore has flagged."""

    drawn: Sequence[SyntheticPhoto]

    def predict_cases(self, cases: Sequence[CasePhotos]) -> list[list[PhotoResult]]:
        return [[self._word(name) for name, _ in case.photos] for case in cases]

    def record(self) -> dict[str, Any]:
        return {
            "backend": "truth",
            "device": "none",
            "precision": {"all": "exact"},
            "code_version": "test",
        }

    def _word(self, name: str) -> PhotoResult:
        drawn = self.drawn[int(name.removeprefix("photo ")) - 1]
        regions = regions_of_label_maps(name, drawn.parts, drawn.damage, RegionRules.named())
        height, width = drawn.parts.shape
        return PhotoResult(
            file=name,
            width=width,
            height=height,
            vehicle=True,
            vehicle_probability=0.99,
            damaged=True,
            damaged_probability=0.97,
            parts=regions.parts,
            view=regions.view,
            damage_area_percent=regions.damage_area_percent,
            damaged_parts=tuple(map(_less_sure_of_deformities, regions.damaged_parts)),
            dropped_specks=regions.dropped_specks,
            parts_map=drawn.parts,
            damage_map=regions.damage_map,
        )


def _less_sure_of_deformities(part: DamagedPart) -> DamagedPart:
    said = UNSURE if part.damage == "Deformity" else SURE
    return replace(part, base_confidence=said, refined_confidence=said, probability=said)
