"""Between the library's frozen values and rows. Nothing here decides anything."""

import io
from typing import Any

import numpy as np

from inference import masks
from inference.results import DamagedPart as Region
from inference.results import (
    PhotoFailure,
    Reason,
    ReportLine,
    Severity,
    SizeClass,
    View,
    VisiblePart,
)
from inference.results import PhotoResult as PhotoWord
from inference.taxonomy import Side
from reviewapp.assessment.models import Assessment, DamagedPart, PhotoResult
from reviewapp.assessment.models import ReportLine as ReportLineRow
from reviewapp.assessment.states import PhotoResultState
from reviewapp.foundation.files import file_put
from reviewapp.intake.models import Photo

_SIDES: dict[str, Side | None] = {"": None, "left": "left", "right": "right"}
_COPIED = (
    "assessed_at", "vehicle", "vehicle_probability", "damaged", "damaged_probability", "view",
    "damage_area_percent", "dropped_specks", "parts", "parts_map", "damage_map",
)  # fmt: skip


def photo_name(photo: Photo) -> str:
    """How flags name a photo: phones call every second one IMG_0001.jpg."""
    return f"photo {photo.number}"


def label_map_keys(said: PhotoWord) -> dict[str, str]:
    """Store both label maps; equal bytes are stored once."""
    return {
        name: file_put(io.BytesIO(masks.encode_label_map(label_map)), suffix=".png").key
        for name, label_map in (("parts_map", said.parts_map), ("damage_map", said.damage_map))
    }


def photo_result_values(said: PhotoWord) -> dict[str, Any]:
    return {
        "vehicle": said.vehicle,
        "vehicle_probability": said.vehicle_probability,
        "damaged": said.damaged,
        "damaged_probability": said.damaged_probability,
        "view": said.view.value if said.view else "",
        "damage_area_percent": said.damage_area_percent,
        "dropped_specks": said.dropped_specks,
        "parts": [part.to_json() for part in said.parts],
    }


def damaged_part_rows(result: PhotoResult, said: PhotoWord) -> list[DamagedPart]:
    return [
        DamagedPart(
            photo_result=result,
            number=number,
            part=item.part,
            side=item.side or "",
            damage=item.damage,
            damage_type=item.damage_type,
            bbox=list(item.bbox),
            area_px=item.area_px,
            share_of_part=item.share_of_part,
            share_of_photo=item.share_of_photo,
            size_class=item.size_class.value,
            severity=item.severity.value,
            base_confidence=item.base_confidence,
            mask=item.mask,
            **judged_values(item),
        )
        for number, item in enumerate(said.damaged_parts, start=1)
    ]


def judged_values(item: Region) -> dict[str, Any]:
    """What only the whole case can say of a damaged part."""
    return {
        "agreement": item.agreement,
        "refined_confidence": item.refined_confidence,
        "probability": item.probability,
        "flagged": item.flagged,
        "reasons": [reason.to_json() for reason in item.reasons],
    }


def photo_word(result: PhotoResult) -> PhotoWord:
    """An assessed row as the library's value, for synthesis: its label maps are left empty."""
    photo = result.photo
    shape = (photo.height or 0, photo.width or 0)
    empty = np.broadcast_to(np.uint8(0), shape)
    return PhotoWord(
        file=photo_name(photo),
        width=shape[1],
        height=shape[0],
        vehicle=bool(result.vehicle),
        vehicle_probability=result.vehicle_probability or 0.0,
        damaged=bool(result.damaged),
        damaged_probability=result.damaged_probability or 0.0,
        parts=tuple(_visible_part(part) for part in result.parts),
        view=View(result.view) if result.view else None,
        damage_area_percent=result.damage_area_percent or 0.0,
        damaged_parts=tuple(_region(item) for item in result.damaged_parts.all()),
        dropped_specks=result.dropped_specks,
        parts_map=empty,
        damage_map=empty,
    )


def photo_failure(result: PhotoResult) -> PhotoFailure:
    return PhotoFailure(photo_name(result.photo), "photo_failed", result.failure_reason)


def report_line_row(
    assessment: Assessment, number: int, line: ReportLine, best_photo: Photo
) -> ReportLineRow:
    return ReportLineRow(
        assessment=assessment,
        number=number,
        part=line.part,
        side=line.side or "",
        damage=line.damage,
        probability=line.probability,
        flagged=line.flagged,
        reasons=[reason.to_json() for reason in line.reasons],
        best_photo=best_photo,
    )


def copy_onto(earlier: PhotoResult, result: PhotoResult) -> None:
    """What was said of the photo before stands in the new result too; the case judges it anew."""
    for name in _COPIED:
        setattr(result, name, getattr(earlier, name))
    result.state = PhotoResultState.ASSESSED
    result.save(update_fields=[*_COPIED, "state"])
    copies = list(earlier.damaged_parts.all())
    for item in copies:
        item.pk = None
        item.id = DamagedPart._meta.pk.get_default()
        item.photo_result, item.line = result, None
        item._state.adding = True
    DamagedPart.objects.bulk_create(copies)


def _visible_part(part: dict[str, Any]) -> VisiblePart:
    x, y, width, height = part["box"]
    return VisiblePart(
        part["part"], part["side"], (x, y, width, height), part["area_px"], part["confidence"]
    )


def _region(item: DamagedPart) -> Region:
    x, y, width, height = item.bbox
    return Region(
        id=str(item.pk),
        part=item.part,
        side=_SIDES[item.side],
        damage=item.damage,
        damage_type=item.damage_type,
        bbox=(x, y, width, height),
        area_px=item.area_px,
        share_of_part=item.share_of_part,
        share_of_photo=item.share_of_photo,
        size_class=SizeClass(item.size_class),
        severity=Severity(item.severity),
        base_confidence=item.base_confidence,
        agreement=item.agreement,
        refined_confidence=item.refined_confidence,
        probability=item.probability,
        flagged=item.flagged,
        reasons=tuple(Reason(**reason) for reason in item.reasons),
        mask=item.mask,
    )
