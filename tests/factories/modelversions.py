"""Model versions without weights: a card as `model.json` has it, no file behind it."""

from typing import Any

from reviewapp.modelversions.models import ModelVersion

FLAG_THRESHOLD = 0.7


def card(name: str = "test-1") -> dict[str, Any]:
    return {
        "name": name,
        "taxonomy_version": "1",
        "assessment": {
            "parts_merge": "sides",
            "damage_merge": "categorical",
            "minimum_area_share": 0.0004,
            "agreement": "visible",
            "flag_threshold": FLAG_THRESHOLD,
            "calibration": {"kind": "identity"},
        },
    }


def make_model_version(*, name: str = "test-1", active: bool = True) -> ModelVersion:
    """The model version of this name, made at the first call."""
    version, _ = ModelVersion.objects.get_or_create(
        name=name,
        defaults={
            "folder": f"/nowhere/{name}",
            "weights_sha256": "0" * 64,
            "taxonomy_version": "1",
            "card": card(name),
            "active": active,
        },
    )
    return version
