"""From comparisons to the trainings that they need, each one once."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inference.errors import ConfigError
from inference.experiments.comparisons import BASE, Comparison, Variant
from inference.taxonomy import layer
from inference.training.config import SegmentationConfig
from inference.training.config_file import read_config
from inference.training.photos import head_of
from inference.training.validation import divided

BASE_RUN = "base"


@dataclass(frozen=True)
class Run:
    """One training. `digest` is of all that its configuration states, its length included."""

    name: str
    changes: tuple[str, ...]
    config: SegmentationConfig
    digest: str

    @property
    def folder_name(self) -> str:
        """Other values train in another folder: what was begun is never mixed with them."""
        return f"{self.name}.{self.digest[:8]}"

    @property
    def photos_seen(self) -> int:
        schedule = self.config.schedule
        steps = max(1, schedule.photos_per_epoch // schedule.batch)
        return schedule.epochs * steps * schedule.batch

    @property
    def needs_hub(self) -> bool:
        """Its encoder starts from weights that only the hub has."""
        return bool(self.config.model.encoder_weights)


@dataclass(frozen=True)
class Plan:
    """The run behind every variant; variants with equal configurations share one."""

    comparisons: tuple[Comparison, ...]
    runs: Mapping[tuple[str, str], Run]

    def run(self, comparison: Comparison, variant: Variant) -> Run:
        return self.runs[comparison.name, variant.name]

    def runs_of(self, comparisons: Sequence[Comparison]) -> list[Run]:
        """What these comparisons need, each run once, in their order."""
        found = {
            self.run(comparison, variant).digest: self.run(comparison, variant)
            for comparison in comparisons
            for variant in comparison.variants
        }
        return list(found.values())


def plan(
    comparisons: Sequence[Comparison], *, photos: int | None = None, base: Path = BASE
) -> Plan:
    """Every variant's configuration, with `photos` seen instead of the base's number.

    Raises `ConfigError` where a change or a judge shown does not fit.
    """
    by_digest: dict[str, Run] = {}
    runs: dict[tuple[str, str], Run] = {}
    for comparison in comparisons:
        for variant in comparison.variants:
            run = _run(comparison, variant, photos, base)
            runs[comparison.name, variant.name] = by_digest.setdefault(run.digest, run)
        _refuse_unknown_judges(comparison, base)
    return Plan(tuple(comparisons), runs)


def _run(comparison: Comparison, variant: Variant, photos: int | None, base: Path) -> Run:
    config = _segmentation(base, variant.changes)
    if photos is not None:
        config = _of_length(config, photos)
    config = with_answerable_judges(config)
    text = json.dumps(stated(config), sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    name = slug(f"{comparison.name} {variant.name}") if variant.changes else BASE_RUN
    return Run(name, variant.changes, config, digest)


def stated(value: object) -> object:
    """A configuration as JSON without what has its default, so that a key that the library gets
    later does not make another configuration of it."""
    if dataclasses.is_dataclass(value):
        items = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {field.name: stated(item) for field, item in items if item != _default(field)}
    if isinstance(value, Mapping):
        return {str(key): stated(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [stated(item) for item in value]
    return value


def _default(field: dataclasses.Field[Any]) -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _segmentation(path: Path, changes: Sequence[str]) -> SegmentationConfig:
    config = read_config(path, changes)
    if not isinstance(config, SegmentationConfig):
        raise ConfigError(f"{path}: experiments compare segmentation trainings.")
    return config


def _of_length(config: SegmentationConfig, photos: int) -> SegmentationConfig:
    per_epoch = photos // config.schedule.epochs
    if per_epoch < config.schedule.batch:
        least = config.schedule.epochs * config.schedule.batch
        raise ConfigError(f"--photos {photos}: at least {least} are needed, a batch an epoch.")
    return replace(config, schedule=replace(config.schedule, photos_per_epoch=per_epoch))


def with_answerable_judges(config: SegmentationConfig) -> SegmentationConfig:
    """Without the judges of a head that does not learn (`weight = 0`) or is too coarse for them."""
    judges = tuple(
        judge
        for judge in config.judges
        if config.heads[judge.head].weight > 0
        and not divided(
            head_of(judge.head, config.heads[judge.head]),
            layer(judge.head).merge(judge.taxonomy),
        )
    )
    return replace(config, judges=judges)


def _refuse_unknown_judges(comparison: Comparison, base: Path) -> None:
    known = [judge.name for judge in _segmentation(base, ()).judges]
    if unknown := sorted(set(comparison.judges) - set(known)):
        raise ConfigError(f"{comparison.name}: {unknown} are no judges of {base}; it has: {known}.")


def slug(text: str) -> str:
    """Lower-case words of letters and digits joined by hyphens: a file name."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower().replace("+", "plus").replace("%", "pct")))
