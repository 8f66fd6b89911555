"""Model versions without weights: a card as `model.json` has it, no file behind it."""

from typing import Any

from reviewapp.modelversions.models import ModelVersion

FLAG_THRESHOLD = 0.7


def card(name: str = "test-1") -> dict[str, Any]:
    return {
        "format": 1,
        "version": name,
        "taxonomy": "1",
        "code_version": "test",
        "licence": "Only for tests.",
        "figures": {},
        "modules": {
            "presence": {
                "kind": "classifier",
                "architecture": "mobilenet_v2",
                "file": "presence.safetensors",
                "sha256": "0" * 64,
                "classes": ["no vehicle", "vehicle"],
                "input": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "size": [224, 224]},
                "precision": "float32",
                "threshold": 0.5,
                "figures": {
                    "accuracy": {
                        "value": 0.981,
                        "interval": [0.97, 0.99],
                        "photos": 907,
                        "classes": {"vehicle": 0.973},
                    }
                },
                "curves": {"loss": [[1, 0.9], [2, 0.25]]},
                "started_from": "a" * 64,
                "trained_on": [{"name": "made-up-photos", "photos": 12}],
            }
        },
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
