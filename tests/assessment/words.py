"""What models might say of a photo, without models."""

from dataclasses import replace

import numpy as np

from inference.postprocessing import RegionRules, regions_of_label_maps
from inference.results import DamagedPart, PhotoResult
from reviewapp.intake.models import Photo
from tests.factories.assessment import label_maps


def say(
    photo: Photo, *, vehicle: bool = True, damage: bool = True, confidence: float = 0.9
) -> PhotoResult:
    """A word on `photo` as the predictor gives it: regions with this base confidence."""
    return say_of(f"photo {photo.number}", vehicle=vehicle, damage=damage, confidence=confidence)


def say_of(
    name: str, *, vehicle: bool = True, damage: bool = True, confidence: float = 0.9
) -> PhotoResult:
    width, height = 96, 64
    parts_map, damage_map = label_maps(width, height, damage=damage)
    if not vehicle:
        parts_map, damage_map = np.zeros_like(parts_map), np.zeros_like(damage_map)
    regions = regions_of_label_maps(name, parts_map, damage_map, RegionRules.named())
    return PhotoResult(
        file=name,
        width=width,
        height=height,
        vehicle=vehicle,
        vehicle_probability=0.99 if vehicle else 0.02,
        damaged=vehicle and damage,
        damaged_probability=0.97 if vehicle and damage else 0.03,
        parts=regions.parts,
        view=regions.view,
        damage_area_percent=regions.damage_area_percent,
        damaged_parts=tuple(_with(item, confidence) for item in regions.damaged_parts),
        dropped_specks=0,
        parts_map=parts_map,
        damage_map=damage_map,
    )


def _with(item: DamagedPart, confidence: float) -> DamagedPart:
    return replace(
        item,
        base_confidence=confidence,
        refined_confidence=confidence,
        probability=confidence,
    )
