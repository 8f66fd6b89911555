"""From finished trainings to a model version: safetensors, `model.json`, model card, splits."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import inference
from inference.data.coco import ANNOTATIONS
from inference.errors import TrainingError
from inference.models.card import CARD_FILE, FORMAT, file_sha256
from inference.predictor import SideAgreement, side_agreement, test_time
from inference.taxonomy.taxonomy import VERSION
from inference.training.card_figures import figures_as_run
from inference.training.classifier import class_photos, validated
from inference.training.config import ClassifierConfig, SegmentationConfig, TrainingConfig
from inference.training.curves import best_figures, read_curves
from inference.training.encoder_start import start_file
from inference.training.loop import BEST_WEIGHTS
from inference.training.measured import Measured, measured_share, to_json
from inference.training.model_readme import model_readme
from inference.training.photos import TrainingPhotos
from inference.training.segmentation import finish

SPLITS_FILE = "splits.json"
README_FILE = "README.md"
LICENCE = (
    "research and evaluation; get written permission or train on your own photos before "
    "commercial use"
)
# How assessments use a new model version until `calibrate` has chosen threshold and curve.
ASSESSMENT: Mapping[str, Any] = {
    "parts_merge": "sides",
    "damage_merge": "categorical",
    "agreement": "visible",
    "minimum_area_share": 0.0004,
    "flag_threshold": 0.5,
    "calibration": {"kind": "identity"},
}
_DISTRIBUTION = "vehicle-damage-review"


@dataclass(frozen=True)
class FinishedTraining:
    """A configuration and the folder in which it was trained."""

    config: TrainingConfig
    folder: Path


def export(trainings: Sequence[FinishedTraining], data: Path, out: Path, version: str) -> Path:
    """Write the model version `version` of these trainings' best weights into the folder `out`,
    and measure it as it will run.

    Raises `TrainingError` where a training has no weights yet.
    """
    beside = out.with_name(f".{out.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    modules: dict[str, Any] = {}
    networks: list[tuple[SegmentationConfig, TrainingPhotos]] = []
    for training in trainings:
        if isinstance(training.config, ClassifierConfig):
            modules |= _classifier(training, training.config, data, beside)
            continue
        photos = TrainingPhotos(training.config, data)
        modules |= _segmentation(training, training.config, photos, data, beside)
        networks.append((training.config, photos))
    card: dict[str, Any] = {
        "format": FORMAT,
        "version": version,
        "taxonomy": VERSION,
        "code_version": code_version(),
        "trained": date.today().isoformat(),  # noqa: DTZ011  (the trainer's own day)
        "modules": modules,
        "assessment": _assessment([config for config, _ in networks]),
        "licence": LICENCE,
    }
    _write_json(beside / CARD_FILE, card)
    _write_json(beside / SPLITS_FILE, {"validation": _validation([sets for _, sets in networks])})
    for config, photos in networks:
        figures = figures_as_run(beside, config, photos)
        for head in config.heads:
            modules[head]["figures"] = to_json(_of_head(figures, head))
    card["figures"] = {name: fields["figures"] for name, fields in modules.items()}
    _write_json(beside / CARD_FILE, card)
    (beside / README_FILE).write_text(model_readme(card), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    beside.rename(out)
    return out


def _assessment(networks: Sequence[SegmentationConfig]) -> dict[str, Any]:
    """How assessments use the model version: the defaults, and what its networks ask for."""
    looks = {name: item.to_json() for net in networks for name, item in net.test_time.items()}
    assessment = dict(ASSESSMENT) | ({test_time.KEY: looks} if looks else {})
    for net in networks:
        if "parts" in net.heads and net.side_agreement != SideAgreement():
            assessment[side_agreement.KEY] = asdict(net.side_agreement)
    return assessment


def _validation(trained_on: Sequence[TrainingPhotos]) -> dict[str, list[str]]:
    """By set the file names of the photos that judged."""
    return {
        name: [photo.path.name for photo in photos.validation(name)]
        for photos in trained_on
        for name in photos.mappings
    }


def code_version() -> str:
    """The library's version and a digest of its source, such as `0.1.0+3f9a…`."""
    root = Path(inference.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    try:
        number = metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        number = "0"
    return f"{number}+{digest.hexdigest()[:12]}"


def _common(training: FinishedTraining, weights: Path) -> dict[str, Any]:
    """What every module's card says."""
    return {
        "architecture": training.config.model.architecture,
        "file": weights.name,
        "sha256": file_sha256(weights),
        "precision": "float32",
        "seed": training.config.seed,
        "epochs": training.config.schedule.epochs,
        "epoch": int(best_figures(training.folder)["epoch"]),
        "curves": curves_json(training.folder),
    }


def curves_json(folder: Path) -> dict[str, list[list[float]]]:
    """Loss and validation score of a training as points (epoch, value)."""
    rows = read_curves(folder)
    return {
        name: [[row["epoch"], round(row[name], 4)] for row in rows if name in row]
        for name in ("loss", "score")
    }


def _copied(training: FinishedTraining, out: Path) -> Path:
    """The training's best weights, copied into `out`."""
    source = training.folder / BEST_WEIGHTS
    if not source.is_file():
        raise TrainingError(
            f"{training.folder} has no {BEST_WEIGHTS}: {training.config.name} was never validated."
        )
    return Path(shutil.copyfile(source, out / f"{training.config.name}.safetensors"))


def _classifier(
    training: FinishedTraining, config: ClassifierConfig, data: Path, out: Path
) -> dict[str, Any]:
    weights = _copied(training, out)
    right = validated(config, data, weights)
    fields = _common(training, weights) | {
        "kind": "classifier",
        "figures": to_json({name: measured_share(photos) for name, photos in right.items()}),
        "classes": [item.label for item in config.classes],
        "options": {
            "hidden": config.hidden,
            "pool": config.pool,
            "options": config.model.options,
        },
        "input": {
            "size": [config.size, config.size],
            "mean": list(config.mean),
            "std": list(config.std),
        },
        "threshold": 0.5,
        "trained_on": [
            {"set": folder, "photos": len(names), "manifest_sha256": _names_sha256(names)}
            for folder, names in _photos_by_folder(config, data).items()
        ],
    }
    if config.model.encoder_start:
        fields["encoder_from"] = file_sha256(Path(config.model.encoder_start))
    return {config.name: fields}


def _segmentation(
    training: FinishedTraining,
    config: SegmentationConfig,
    photos: TrainingPhotos,
    data: Path,
    out: Path,
) -> dict[str, Any]:
    weights = _copied(training, out)
    finished = finish(config, photos, weights)
    # Figures come last: they are measured with the finished model version.
    fields = _common(training, weights) | {
        "kind": "segmentation",
        "encoder": config.model.encoder,
        "options": config.model.options,
        "heads": {name: list(labels) for name, labels in photos.classes.items()},
        "input": {
            "long_side": config.input.long_side,
            "multiple": config.input.multiple,
            "mean": list(config.input.mean),
            "std": list(config.input.std),
        },
        "trained_on": _trained_on(config, photos, data),
    }
    if config.model.start:
        start = start_file(Path(config.model.start), photos.classes)
        fields |= {"started_from": file_sha256(start), "start_share": finished.start_share}
    return {
        head: fields
        | {
            "decoder": of_head.decoder,
            "thresholds": dict(finished.thresholds.get(head, {})),
            "background_shift": finished.background_shifts.get(head, 0.0),
            "figures": {},
        }
        for head, of_head in config.heads.items()
    }


def _trained_on(
    config: SegmentationConfig, photos: TrainingPhotos, data: Path
) -> list[dict[str, Any]]:
    """The sets learnt from: how many of their photos, and the SHA-256 of their manifests."""
    return [
        {
            "set": item.name,
            "photos": sum(photo.set_name == item.name for photo in photos.training),
            "manifest_sha256": file_sha256(data / item.name / ANNOTATIONS),
            **({"pseudo_labels": item.pseudo_labels} if item.pseudo_labels else {}),
        }
        for item in config.sets
        if item.share > 0
    ]


def _of_head(figures: Mapping[str, Measured], head: str) -> dict[str, Measured]:
    """The figures whose name ends in the head's."""
    return {name: figure for name, figure in figures.items() if name.split()[-1] == head}


def _photos_by_folder(config: ClassifierConfig, data: Path) -> dict[str, list[str]]:
    by_folder: dict[str, list[str]] = {}
    for photo in class_photos(config, data):
        by_folder.setdefault(photo.folder, []).append(photo.path.name)
    return by_folder


def _names_sha256(names: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
