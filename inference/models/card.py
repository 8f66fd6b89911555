"""A model version on disk: a folder with `model.json` and the weights that it names.

Nothing is loaded whose SHA-256 differs from the card. No torch in here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from inference.errors import WeightsError

FORMAT = 1
CARD_FILE = "model.json"

Kind = Literal["classifier", "segmentation"]
Decoder = Literal["softmax", "multi-label"]


@dataclass(frozen=True, slots=True)
class InputSpec:
    """How a photo becomes a network's input: RGB / 255, minus `mean`, over `std`.

    A classifier has `size` (height, width); a segmentation net has `long_side` in pixels and
    pads right and bottom to `multiple`.
    """

    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    size: tuple[int, int] | None = None
    long_side: int | None = None
    multiple: int = 16


@dataclass(frozen=True, slots=True)
class ModuleCard:
    """One network of a model version.

    `heads` maps a head (`parts`, `damage`) to its class labels in channel order; a classifier
    has one head named `classes`. `path` is the weights file, its content already verified.
    `precision` is that of its arithmetic (`float32`, `bfloat16`), on the devices that
    `precision_on` names (`cpu`, `cuda`) the one given there.
    """

    name: str
    kind: Kind
    architecture: str
    encoder: str | None
    options: Mapping[str, Any]
    path: Path
    sha256: str
    heads: Mapping[str, tuple[str, ...]]
    input: InputSpec
    precision: str
    decoder: Decoder
    thresholds: Mapping[str, float]
    threshold: float | None
    figures: Mapping[str, Any]
    trained_on: tuple[Mapping[str, Any], ...]
    precision_on: Mapping[str, str] = field(default_factory=dict)

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels of the module's own head, in channel order."""
        return self.heads["classes"] if self.kind == "classifier" else self.heads[self.name]


@dataclass(frozen=True, slots=True)
class ModelVersionFiles:
    """A verified model version: its modules, how assessments use it, and its figures."""

    folder: Path
    version: str
    taxonomy: str
    code_version: str
    modules: Mapping[str, ModuleCard]
    assessment: Mapping[str, Any]
    licence: str
    figures: Mapping[str, Any]
    sha256: str
    """SHA-256 over the modules' names and weights: the identity that an assessment records."""

    def module(self, name: str) -> ModuleCard:
        """The module with this name, or `WeightsError` that lists those there are."""
        try:
            return self.modules[name]
        except KeyError:
            raise WeightsError(
                f"Model version {self.version} has no module {name!r}; it has: "
                f"{', '.join(self.modules)}."
            ) from None


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def load_model_version(folder: Path | str) -> ModelVersionFiles:
    """Read and verify the model version in `folder`.

    Raises `WeightsError` when the card or a weights file is missing, malformed, or when the
    SHA-256 of a weights file is not the one in the card.
    """
    folder = Path(folder)
    data = _read_json(folder / CARD_FILE)
    if data.get("format") != FORMAT:
        raise WeightsError(
            f"{folder / CARD_FILE}: format {data.get('format')!r} is unknown; this code reads "
            f"{FORMAT}. Use the code version that wrote it, or train again."
        )
    try:
        modules = {name: _module(name, fields, folder) for name, fields in data["modules"].items()}
        return ModelVersionFiles(
            folder=folder,
            version=data["version"],
            taxonomy=data["taxonomy"],
            code_version=data["code_version"],
            modules=MappingProxyType(modules),
            assessment=MappingProxyType(data["assessment"]),
            licence=data["licence"],
            figures=MappingProxyType(data.get("figures", {})),
            sha256=_joint_sha256(modules),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsError(f"{folder / CARD_FILE} is malformed: {error!r}.") from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WeightsError(
            f"{path} cannot be read ({error.strerror}); a model version is a folder with a "
            f"{CARD_FILE} and the weights that it names."
        ) from error
    except ValueError as error:
        raise WeightsError(f"{path} is no JSON: {error}.") from error
    if not isinstance(data, dict):
        raise WeightsError(f"{path} must hold one JSON object.")
    return data


def _module(name: str, fields: dict[str, Any], folder: Path) -> ModuleCard:
    kind: Kind = fields["kind"]
    if kind not in ("classifier", "segmentation"):
        raise WeightsError(f"{folder}: module {name!r} has the unknown kind {kind!r}.")
    heads = {"classes": fields["classes"]} if kind == "classifier" else fields["heads"]
    if kind == "segmentation" and name not in heads:
        raise WeightsError(f"{folder}: module {name!r} has no head of that name.")
    return ModuleCard(
        name=name,
        kind=kind,
        architecture=fields["architecture"],
        encoder=fields.get("encoder"),
        options=MappingProxyType(fields.get("options", {})),
        path=_verified(folder, fields["file"], fields["sha256"]),
        sha256=fields["sha256"],
        heads=MappingProxyType({head: tuple(labels) for head, labels in heads.items()}),
        input=_input(fields["input"]),
        precision=fields["precision"],
        decoder=fields.get("decoder", "softmax"),
        thresholds=MappingProxyType(fields.get("thresholds", {})),
        threshold=fields.get("threshold"),
        figures=MappingProxyType(fields.get("figures", {})),
        trained_on=tuple(fields.get("trained_on", ())),
        precision_on=MappingProxyType(dict(fields.get("precision_on", {}))),
    )


def _input(fields: dict[str, Any]) -> InputSpec:
    size = fields.get("size")
    return InputSpec(
        mean=_three(fields["mean"]),
        std=_three(fields["std"]),
        size=(int(size[0]), int(size[1])) if size else None,
        long_side=fields.get("long_side"),
        multiple=fields.get("multiple", 16),
    )


def _three(values: list[float]) -> tuple[float, float, float]:
    red, green, blue = (float(value) for value in values)
    return red, green, blue


def _verified(folder: Path, name: str, expected: str) -> Path:
    path = (folder / name).resolve()
    if path.parent != folder.resolve():
        raise WeightsError(f"{folder}: the card names {name!r}, which is not in its folder.")
    if not path.is_file():
        raise WeightsError(f"{path} is missing; the card of {folder.name} names it.")
    found = file_sha256(path)
    if found != expected:
        raise WeightsError(
            f"{path} was changed or damaged: its SHA-256 is {found}, the card says {expected}. "
            "Fetch the model version again.",
            found=found,
            expected=expected,
        )
    return path


def _joint_sha256(modules: Mapping[str, ModuleCard]) -> str:
    lines = "\n".join(f"{name} {module.sha256}" for name, module in sorted(modules.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
