"""How the names in foreign label files map to the taxonomy: one table (TOML) a set.

A name maps to a *set* of finest classes. Training takes the summed probability of `train`; an
evaluation counts a pixel where all classes of `judge` fall into one class of its merge and
leaves it out elsewhere. `"ignore"` in place of a list means: not used at all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from inference.errors import TaxonomyError
from inference.taxonomy.taxonomy import BACKGROUND, Layer, LayerName, layer

FOLDER = Path(__file__).with_name("mapping")

ClassIds = tuple[int, ...]
"""Finest ids in ascending order; empty = *ignore*."""


@dataclass(frozen=True, slots=True)
class ForeignName:
    """One name of a set: which finest classes it may be, for training and for judging."""

    train: ClassIds
    judge: ClassIds


@dataclass(frozen=True)
class LayerMapping:
    """A layer of a set.

    `unlabelled` is what a pixel outside every region may be. `merged_when_judged` gives
    finest classes that the set does not name to the classes it counts them under (the nearest
    one where there are several).
    """

    layer: Layer
    names: Mapping[str, ForeignName]
    unlabelled: ForeignName
    merged_when_judged: Mapping[int, ClassIds] = field(default_factory=dict)

    def named(self, name: str) -> ForeignName:
        """What `name` stands for, or `TaxonomyError` that lists the known names."""
        try:
            return self.names[name]
        except KeyError:
            raise TaxonomyError(
                f"{name!r} is no name of this set's layer {self.layer.name!r}; its table has: "
                f'{", ".join(self.names)}. Add it there, or map it to "ignore".'
            ) from None


@dataclass(frozen=True)
class SetMapping:
    """The table of one set of labelled photos."""

    name: str
    layers: Mapping[LayerName, LayerMapping]

    def refuse_unknown(self, names: list[str]) -> None:
        """`TaxonomyError` where a name is in no layer's table, or comes twice."""
        if doubled := sorted({name for name in names if names.count(name) > 1}):
            raise TaxonomyError(f"{self.name}: the label file defines {doubled} twice.")
        known = {name for mapping in self.layers.values() for name in mapping.names}
        if unknown := sorted(set(names) - known):
            raise TaxonomyError(
                f"{self.name}: the table has no entry for {unknown}; it has: "
                f'{", ".join(sorted(known))}. Add them, or map them to "ignore".'
            )


def load_mapping(name: str | Path) -> SetMapping:
    """The table with this name (as the set's folder), or the table in this TOML file."""
    path = Path(name) if str(name).endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(item.stem for item in FOLDER.glob("*.toml")))
        raise TaxonomyError(
            f"There is no mapping {str(name)!r}; there are: {known}. Give a TOML file of your own."
        )
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"{path} is no TOML: {error}.") from error
    names: tuple[LayerName, ...] = ("parts", "damage")
    layers = {key: _layer_mapping(path, layer(key), data[key]) for key in names if key in data}
    if not layers:
        raise TaxonomyError(f"{path} has neither [parts] nor [damage].")
    return SetMapping(path.stem, MappingProxyType(layers))


def _layer_mapping(path: Path, of: Layer, data: dict[str, Any]) -> LayerMapping:
    names = _own_names(of) if data.get("own_names", False) else {}
    for name, value in data.get("names", {}).items():
        if name in names:
            raise TaxonomyError(f"{path}: {name!r} is one of the taxonomy's own names already.")
        names[name] = _foreign_name(path, of, value)
    merged = {
        class_id: _class_ids(path, of, targets)
        for label, targets in data.get("merged_when_judged", {}).items()
        for class_id in _class_ids(path, of, [label])
    }
    return LayerMapping(
        layer=of,
        names=MappingProxyType(names),
        unlabelled=_foreign_name(path, of, data["unlabelled"]),
        merged_when_judged=MappingProxyType(merged),
    )


def _own_names(of: Layer) -> dict[str, ForeignName]:
    """Every class by its label, and `Mirror ?` for a side that is not known."""
    names = {item.label: ForeignName((item.id,), (item.id,)) for item in of.classes}
    for item in of.classes:
        if item.side:
            either = of.ids_named(item.name)
            names[f"{item.name} ?"] = ForeignName(either, either)
    return names


def _foreign_name(path: Path, of: Layer, value: object) -> ForeignName:
    if isinstance(value, dict):
        return ForeignName(
            _class_ids(path, of, value["train"]), _class_ids(path, of, value["judge"])
        )
    ids = _class_ids(path, of, value)
    return ForeignName(ids, ids)


def _class_ids(path: Path, of: Layer, value: object) -> ClassIds:
    if value == "ignore":
        return ()
    if not isinstance(value, list) or not value:
        raise TaxonomyError(f'{path}: {value!r} must be a list of class names or "ignore".')
    ids = [class_id for label in value for class_id in _ids_of(of, str(label))]
    if len(set(ids)) != len(ids):
        raise TaxonomyError(f"{path}: {value!r} names a class twice.")
    return tuple(sorted(ids))


def _ids_of(of: Layer, label: str) -> ClassIds:
    if label == of.background:
        return (BACKGROUND,)
    return (of.by_label[label].id,) if label in of.by_label else of.ids_named(label)
