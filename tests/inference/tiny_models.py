"""A complete, tiny model version with weights set by hand: what it says is known beforehand.

Every photo shows a vehicle and is damaged; every pixel is hood with a dent, a little less sure
where the random rest of the network says so.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn

from inference.models.build import build_empty
from inference.models.card import InputSpec, ModuleCard, file_sha256
from inference.taxonomy import DAMAGE, PARTS

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
PART_LABELS = (PARTS.background, *(item.label for item in PARTS.classes[:34]))
DAMAGE_LABELS = (DAMAGE.background, *(item.label for item in DAMAGE.classes))
PHOTO_SIDE = 64
ASSESSMENT: dict[str, Any] = {
    "parts_merge": "sides",
    "damage_merge": "categorical",
    "agreement": "visible",
    "minimum_area_share": 0.0004,
    "flag_threshold": 0.5,
    "calibration": {"kind": "identity"},
}


@dataclass(frozen=True)
class Tiny:
    """What the tiny networks say, by the logit added to the class named."""

    part: str = "Hood"
    damage: str = "Dent"
    vehicle: float = 4.0
    damaged: float = 4.0
    sure: float = 9.0


def write_tiny_models(folder: Path, says: Tiny | None = None, *, joint: bool = False) -> Path:
    """Write the folder of a model version; `joint` puts both heads into one file."""
    says = says or Tiny()
    torch.manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    modules = {
        "presence": _classifier(folder, "presence", ("no vehicle", "vehicle"), says.vehicle),
        "whole": _classifier(folder, "whole", ("whole", "damaged"), says.damaged),
    }
    heads = {"parts": list(PART_LABELS), "damage": list(DAMAGE_LABELS)}
    sure = {"parts": (says.part, says.sure), "damage": (says.damage, says.sure)}
    if joint:
        modules["parts"] = modules["damage"] = _segmentation(folder, "joint", heads, sure)
    else:
        for name in ("parts", "damage"):
            modules[name] = _segmentation(folder, name, {name: heads[name]}, sure)
    card = {
        "format": 1,
        "version": "tiny",
        "taxonomy": "1",
        "code_version": "test",
        "licence": "test",
        "modules": modules,
        "assessment": ASSESSMENT,
    }
    (folder / "model.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def _card(
    kind: Any, name: str, heads: dict[str, tuple[str, ...]], encoder: str | None
) -> ModuleCard:
    return ModuleCard(
        name=name,
        kind=kind,
        architecture="DeepLabV3Plus" if encoder else "mobilenetv2_035",
        encoder=encoder,
        options={"decoder_channels": 16} if encoder else {},
        path=Path(),
        sha256="",
        heads=heads,
        input=InputSpec(MEAN, STD),
        precision="float32",
        decoder="softmax",
        thresholds={},
        threshold=None,
        figures={},
        trained_on=(),
    )


def _classifier(folder: Path, name: str, classes: tuple[str, str], sure: float) -> dict[str, Any]:
    network = build_empty(_card("classifier", name, {"classes": classes}, None)).eval()
    last = [layer for layer in network.modules() if isinstance(layer, nn.Linear)][-1]
    with torch.no_grad():
        last.weight.mul_(0.01)
        last.bias.copy_(torch.tensor([0.0, sure]))
    return {
        "kind": "classifier",
        "architecture": "mobilenetv2_035",
        "classes": list(classes),
        "input": {"size": [PHOTO_SIDE, PHOTO_SIDE], "mean": MEAN, "std": STD},
        "threshold": 0.5,
        "precision": "float32",
        **_saved(network, folder / f"{name}.safetensors"),
    }


def _segmentation(
    folder: Path, name: str, heads: dict[str, list[str]], sure: dict[str, tuple[str, float]]
) -> dict[str, Any]:
    frozen = {head: tuple(labels) for head, labels in heads.items()}
    network = build_empty(_card("segmentation", name, frozen, "mobilenet_v2")).eval()
    last = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d)][-1]
    bias = [
        sure[head][1] if label == sure[head][0] else 0.0
        for head, labels in heads.items()
        for label in labels
    ]
    with torch.no_grad():
        last.weight.mul_(0.1)
        if last.bias is not None:
            last.bias.copy_(torch.tensor(bias))
    return {
        "kind": "segmentation",
        "architecture": "DeepLabV3Plus",
        "encoder": "mobilenet_v2",
        "options": {"decoder_channels": 16},
        "heads": heads,
        "decoder": "softmax",
        "thresholds": {},
        "input": {"long_side": PHOTO_SIDE, "multiple": 16, "mean": MEAN, "std": STD},
        "precision": "float32",
        **_saved(network, folder / f"{name}.safetensors"),
    }


def _saved(network: nn.Module, path: Path) -> dict[str, str]:
    state = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    save_file(state, path)
    return {"file": path.name, "sha256": file_sha256(path)}
