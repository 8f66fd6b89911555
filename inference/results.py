"""What the models say, as frozen values: photo results, damaged parts, report lines, the case.

No torch here: the web process, exports and tests read these without the models. `to_json`
methods give exactly what `python -m inference assess --json` prints; masks leave as compressed
COCO RLE (`{"size": [H, W], "counts": "…"}`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import MaskError
from inference.taxonomy import Side

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels of the display photo."""

PART_UNKNOWN = "part unknown"


class View(StrEnum):
    """How near the photo was taken (PIPELINE 5)."""

    FULL = "full"
    MEDIUM = "medium"
    CLOSE_UP = "close-up"


class SizeClass(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    VERY_LARGE = "very large"


class Severity(StrEnum):
    MINOR = "minor"
    MODERATE = "moderate"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True)
class VisiblePart:
    """One part seen in one photo; `area_px` in display-photo pixels, confidence in [0, 1]."""

    part: str
    side: Side | None
    box: Box
    area_px: int
    confidence: float

    def to_json(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "side": self.side,
            "box": list(self.box),
            "area_px": self.area_px,
            "confidence": round(self.confidence, 4),
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is flagged: a stable code and the sentence people read."""

    code: str
    text: str

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "text": self.text}


@dataclass(frozen=True, slots=True)
class DamagedPart:
    """One connected region of one photo where (part, side, damage) is constant (D̂_k).

    `damage` is a class of the damage merge of the assessment, `damage_type` the most probable
    original type beside it. Areas in pixels of the display photo, shares and confidences in
    [0, 1]; `share_of_part` is None where the part is unknown. `mask` is compressed COCO RLE.
    """

    id: str
    part: str
    side: Side | None
    damage: str
    damage_type: str
    bbox: Box
    area_px: int
    share_of_part: float | None
    share_of_photo: float
    size_class: SizeClass
    severity: Severity
    base_confidence: float
    agreement: float
    refined_confidence: float
    probability: float
    flagged: bool
    reasons: tuple[Reason, ...]
    mask: dict[str, Any]

    def __post_init__(self) -> None:
        if self.area_px <= 0:
            raise MaskError(f"Damaged part {self.id} has no pixel; regions hold at least one.")
        for name in ("base_confidence", "agreement", "refined_confidence", "probability"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise MaskError(f"Damaged part {self.id}: {name} is {value}, outside [0, 1].")

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "part": self.part,
            "side": self.side,
            "damage": self.damage,
            "damage_type": self.damage_type,
            "bbox": list(self.bbox),
            "area_px": self.area_px,
            "share_of_part": None if self.share_of_part is None else round(self.share_of_part, 4),
            "share_of_photo": round(self.share_of_photo, 4),
            "size_class": self.size_class.value,
            "severity": self.severity.value,
            "base_confidence": round(self.base_confidence, 4),
            "agreement": round(self.agreement, 4),
            "refined_confidence": round(self.refined_confidence, 4),
            "probability": round(self.probability, 4),
            "flagged": self.flagged,
            "reasons": [reason.to_json() for reason in self.reasons],
            "mask": self.mask,
        }


@dataclass(frozen=True, eq=False)
class PhotoResult:
    """What the models say about one photo. Compared by identity: it holds arrays.

    `parts_map`, `damage_map`: (H, W) uint8 label maps of finest ids at display-photo size; all
    0 where the photo shows no vehicle. `vehicle_probability`, `damaged_probability` in [0, 1];
    `damage_area_percent` in percent of the photo's pixels.
    """

    file: str
    width: int
    height: int
    vehicle: bool
    vehicle_probability: float
    damaged: bool
    damaged_probability: float
    parts: tuple[VisiblePart, ...]
    view: View | None
    damage_area_percent: float
    damaged_parts: tuple[DamagedPart, ...]
    dropped_specks: int
    parts_map: NDArray[np.uint8]
    damage_map: NDArray[np.uint8]

    def __post_init__(self) -> None:
        for name in ("parts_map", "damage_map"):
            label_map: NDArray[np.uint8] = getattr(self, name)
            if label_map.dtype != np.uint8 or label_map.shape != (self.height, self.width):
                raise MaskError(
                    f"{name} of {self.file} is {label_map.dtype} {label_map.shape}; it must be "
                    f"uint8 ({self.height}, {self.width})."
                )

    def to_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "width": self.width,
            "height": self.height,
            "vehicle": self.vehicle,
            "vehicle_probability": round(self.vehicle_probability, 4),
            "damaged": self.damaged,
            "damaged_probability": round(self.damaged_probability, 4),
            "parts": [part.to_json() for part in self.parts],
            "view": None if self.view is None else self.view.value,
            "damage_area_percent": round(self.damage_area_percent, 2),
            "damaged_parts": [item.to_json() for item in self.damaged_parts],
            "dropped_specks": self.dropped_specks,
        }


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What the case says about one (part, side, damage): its damaged parts of all photos merged.

    `photos` are file names (or ids) in case order, `best_photo` the one with the highest
    probability, `damaged_parts` the ids of the merged regions.
    """

    part: str
    side: Side | None
    damage: str
    photos: tuple[str, ...]
    best_photo: str
    damaged_parts: tuple[str, ...]
    probability: float
    flagged: bool
    reasons: tuple[Reason, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "side": self.side,
            "damage": self.damage,
            "photos": list(self.photos),
            "best_photo": self.best_photo,
            "damaged_parts": list(self.damaged_parts),
            "probability": round(self.probability, 4),
            "flagged": self.flagged,
            "reasons": [reason.to_json() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class PhotoFailure:
    """A photo that could not be assessed: the stable code of the error and the reason in words."""

    file: str
    code: str
    message: str

    def to_json(self) -> dict[str, str]:
        return {"file": self.file, "code": self.code, "message": self.message}


@dataclass(frozen=True)
class CaseResult:
    """The models' word on a whole case; `flags` say why a person must look at the case.

    `failed` are the photos that could not be assessed; `photos` holds the others.
    """

    model_version: str
    taxonomy: dict[str, str]
    photos: tuple[PhotoResult, ...]
    report: tuple[ReportLine, ...]
    flags: tuple[Reason, ...]
    failed: tuple[PhotoFailure, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "model_version": self.model_version,
            "taxonomy": self.taxonomy,
            "photos": [photo.to_json() for photo in self.photos],
            "report": [line.to_json() for line in self.report],
            "flags": [flag.to_json() for flag in self.flags],
            "failed": [failure.to_json() for failure in self.failed],
        }
