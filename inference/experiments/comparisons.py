"""What is compared with what: one TOML file a comparison, in `training/configs/experiments`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.errors import ConfigError
from inference.training.default_set import CONFIGS

BASE = CONFIGS / "experiment.toml"
FOLDER = CONFIGS / "experiments"
_KEYS = frozenset({"title", "question", "judges", "variants", "note", "cost"})
_VARIANT_KEYS = frozenset({"name", "changes"})


@dataclass(frozen=True)
class Variant:
    """A training: the base configuration with `changes` (`KEY=VALUE`, as `train --set`)."""

    name: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Variants of one thing; every other variant is compared with the first one.

    `judges` are the figures shown (`SET TAXONOMY HEAD`); `cost` also shows what a photo costs.
    """

    name: str
    title: str
    question: str
    judges: tuple[str, ...]
    variants: tuple[Variant, ...]
    note: str = ""
    cost: bool = False


def read_comparisons(folder: Path = FOLDER) -> list[Comparison]:
    """All comparisons of the folder by name; `ConfigError` where a file is wrong."""
    comparisons = [read_comparison(path) for path in sorted(folder.glob("*.toml"))]
    if not comparisons:
        raise ConfigError(f"{folder} has no comparison (*.toml).")
    return comparisons


def chosen(comparisons: Sequence[Comparison], names: Sequence[str]) -> list[Comparison]:
    """Those with these names, in that order; all where there is no name."""
    by_name = {comparison.name: comparison for comparison in comparisons}
    if unknown := sorted(set(names) - set(by_name)):
        raise ConfigError(f"{unknown} are no comparisons; there are: {', '.join(by_name)}.")
    return [by_name[name] for name in names] or list(comparisons)


def read_comparison(path: Path) -> Comparison:
    """One file; `ConfigError` names the key that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    _refuse_unknown(path, data, _KEYS)
    try:
        comparison = Comparison(
            name=path.stem,
            title=str(data["title"]),
            question=str(data["question"]),
            judges=tuple(map(str, data["judges"])),
            variants=tuple(_variant(path, row) for row in data["variants"]),
            note=str(data.get("note", "")),
            cost=data.get("cost", False) is True,
        )
    except (KeyError, TypeError) as error:
        raise ConfigError(f"{path}: {error} is missing or no list.") from error
    names = [variant.name for variant in comparison.variants]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ConfigError(f"{path}: a comparison needs at least two variants of different names.")
    return comparison


def _variant(path: Path, row: Mapping[str, Any]) -> Variant:
    _refuse_unknown(path, row, _VARIANT_KEYS)
    return Variant(str(row["name"]), tuple(map(str, row.get("changes", ()))))


def _refuse_unknown(path: Path, row: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := sorted(set(row) - known):
        raise ConfigError(f"{path}: unknown {unknown}; known are: {', '.join(sorted(known))}.")
