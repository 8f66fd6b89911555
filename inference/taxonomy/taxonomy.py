"""The finest classes of the two layers and their merges, read once from `classes.toml`.

Source: Ma et al. 2023, Tables II and III. Label maps hold ids of the finest classes;
everything coarser is a merge applied to probabilities (summed) or to label maps (looked up).
"""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inference.errors import TaxonomyError

BACKGROUND = 0
IGNORE = 255

LayerName = Literal["parts", "damage"]
Side = Literal["left", "right"]

_FILE = Path(__file__).with_name("classes.toml")


@dataclass(frozen=True, slots=True)
class PartOrDamageClass:
    """One finest class: a part (with its side where it has one) or a damage type."""

    id: int
    name: str
    side: Side | None
    minor: bool
    colour: str

    @property
    def label(self) -> str:
        """The name with its side, as label files write it: `Front Lamps left`."""
        return f"{self.name} {self.side}" if self.side else self.name


@dataclass(frozen=True)
class Merge:
    """A coarser set of classes. Class 0 is background; merged ids count from 1.

    `members[i]` are the finest ids that merged class i + 1 takes up; finest ids in `left_out`
    are *ignore* in labels and background when predicted.
    """

    name: str
    classes: tuple[str, ...]
    sides: tuple[Side | None, ...]
    members: tuple[tuple[int, ...], ...]
    left_out: tuple[int, ...]

    @cached_property
    def prediction_table(self) -> NDArray[np.uint8]:
        """(256,) uint8: finest id → merged id; what the merge leaves out → background."""
        table = np.zeros(256, np.uint8)
        for merged, members in enumerate(self.members, start=1):
            table[list(members)] = merged
        table[IGNORE] = IGNORE
        return table

    @cached_property
    def label_table(self) -> NDArray[np.uint8]:
        """(256,) uint8: as `prediction_table`, but what is left out → 255 (*ignore*)."""
        table = self.prediction_table.copy()
        table[list(self.left_out)] = IGNORE
        return table

    def merge_labels(self, label_map: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Merge a label map (H, W) of finest ids; keeps 255."""
        merged: NDArray[np.uint8] = self.label_table[label_map]
        return merged

    def merge_probabilities(
        self, probabilities: NDArray[np.float32], class_ids: tuple[int, ...]
    ) -> NDArray[np.float32]:
        """Sum probabilities (C, H, W) of the finest `class_ids` into (len(classes) + 1, H, W).

        `class_ids[c]` is the finest id of channel c (0 for background).
        """
        merged = np.zeros((len(self.classes) + 1, *probabilities.shape[1:]), probabilities.dtype)
        for channel, class_id in enumerate(class_ids):
            merged[self.prediction_table[class_id]] += probabilities[channel]
        return merged

    def index(self, name: str) -> int:
        """Merged id of a merged class label; `TaxonomyError` where there is none."""
        try:
            return self.classes.index(name) + 1
        except ValueError:
            raise TaxonomyError(
                f"{name!r} is no class of the taxonomy {self.name!r}; it has: "
                f"{', '.join(self.classes)}."
            ) from None


@dataclass(frozen=True)
class Layer:
    """One of the two layers, *parts* or *damage*, with its finest classes and merges."""

    name: LayerName
    background: str
    classes: tuple[PartOrDamageClass, ...]
    merges: MappingProxyType[str, Merge]

    @cached_property
    def by_id(self) -> MappingProxyType[int, PartOrDamageClass]:
        return MappingProxyType({item.id: item for item in self.classes})

    @cached_property
    def by_label(self) -> MappingProxyType[str, PartOrDamageClass]:
        return MappingProxyType({item.label: item for item in self.classes})

    def named(self, label: str) -> PartOrDamageClass:
        """The finest class with this label (`Front Lamps left`), or `TaxonomyError`."""
        try:
            return self.by_label[label]
        except KeyError:
            raise TaxonomyError(
                f"{label!r} is no class of the layer {self.name!r}; it has: "
                f"{', '.join(self.by_label)}."
            ) from None

    def members_of(self, label: str) -> tuple[int, ...]:
        """Finest ids of a finest class, or of the merged class called so, ascending.

        `TaxonomyError` where neither layer nor merges have it.
        """
        if label not in self.by_label:
            for merge in self.merges.values():
                if label in merge.classes:
                    return tuple(sorted(merge.members[merge.index(label) - 1]))
        return (self.named(label).id,)

    def ids_named(self, name: str) -> tuple[int, ...]:
        """Finest ids with this name, all sides; `TaxonomyError` where there is none."""
        ids = tuple(item.id for item in self.classes if item.name == name)
        if not ids:
            names = dict.fromkeys(item.name for item in self.classes)
            raise TaxonomyError(
                f"{name!r} is no name of the layer {self.name!r}; it has: {', '.join(names)}."
            )
        return ids

    def merge(self, name: str) -> Merge:
        """The merge with this name, or `TaxonomyError` that lists them."""
        try:
            return self.merges[name]
        except KeyError:
            raise TaxonomyError(
                f"{name!r} is no taxonomy of the layer {self.name!r}; it has: "
                f"{', '.join(self.merges)}."
            ) from None

    @cached_property
    def mirrored(self) -> NDArray[np.uint8]:
        """(256,) uint8: finest id → finest id after a horizontal flip (left ↔ right)."""
        table = np.arange(256, dtype=np.uint8)
        opposite = {"left": "right", "right": "left"}
        for item in self.classes:
            if item.side:
                table[item.id] = self.by_label[f"{item.name} {opposite[item.side]}"].id
        return table


def _read_classes(rows: list[dict[str, Any]], layer_name: str) -> tuple[PartOrDamageClass, ...]:
    classes = tuple(
        PartOrDamageClass(
            id=row["id"],
            name=row["name"],
            side=row.get("side"),
            minor=row["minor"],
            colour=row["colour"],
        )
        for row in rows
    )
    ids = [item.id for item in classes]
    labels = [item.label for item in classes]
    if ids != list(range(1, len(ids) + 1)) or len(ids) >= IGNORE:
        raise TaxonomyError(
            f"{_FILE.name}: ids of {layer_name!r} must count up from 1 without gaps."
        )
    if len(set(labels)) != len(labels):
        raise TaxonomyError(
            f"{_FILE.name}: two classes of {layer_name!r} have the same name and side."
        )
    return classes


def _derived_merge(
    name: str,
    classes: tuple[PartOrDamageClass, ...],
    folds: dict[str, str],
    *,
    with_sides: bool,
) -> Merge:
    members: dict[tuple[str, Side | None], list[int]] = {}
    left_out: list[int] = []
    sided = {item.name for item in classes if item.side}
    for item in classes:
        target = folds.get(item.name, item.name)
        if target == "ignore":
            left_out.append(item.id)
            continue
        # Rear Reflector has sides and is taken up by Rear Bumper, which has none.
        key = (target, item.side if with_sides and target in sided else None)
        members.setdefault(key, []).append(item.id)
    return Merge(
        name=name,
        classes=tuple(f"{part} {side}" if side else part for part, side in members),
        sides=tuple(side for _, side in members),
        members=tuple(tuple(ids) for ids in members.values()),
        left_out=tuple(left_out),
    )


def _named_merge(
    name: str,
    table: dict[str, list[str]],
    classes: tuple[PartOrDamageClass, ...],
    folds: dict[str, str],
) -> Merge:
    target_of = {member: merged for merged, members in table.items() for member in members}
    if len(target_of) != sum(len(members) for members in table.values()):
        raise TaxonomyError(f"{_FILE.name}: the merge {name!r} names a class twice.")
    unknown = set(target_of) - {item.name for item in classes}
    if unknown:
        raise TaxonomyError(f"{_FILE.name}: the merge {name!r} names unknown {sorted(unknown)}.")
    members: dict[str, list[int]] = {merged: [] for merged in table}
    left_out: list[int] = []
    for item in classes:
        merged = target_of.get(item.name) or target_of.get(folds.get(item.name, ""))
        if merged is None:
            left_out.append(item.id)
        else:
            members[merged].append(item.id)
    return Merge(
        name=name,
        classes=tuple(table),
        sides=(None,) * len(table),
        members=tuple(tuple(ids) for ids in members.values()),
        left_out=tuple(left_out),
    )


def _read_layer(name: LayerName, data: dict[str, Any]) -> Layer:
    classes = _read_classes(data["classes"], name)
    folds: dict[str, str] = data["folds"]
    merges = {
        "original": _derived_merge("original", classes, folds, with_sides=False),
        "sides": _derived_merge("sides", classes, folds, with_sides=True),
    }
    for merge_name, table in data["merges"].items():
        merges[merge_name] = _named_merge(merge_name, table, classes, folds)
    return Layer(name, data["background"], classes, MappingProxyType(merges))


_DATA = tomllib.loads(_FILE.read_text(encoding="utf-8"))
VERSION: str = _DATA["version"]
PARTS = _read_layer("parts", _DATA["parts"])
DAMAGE = _read_layer("damage", _DATA["damage"])


def layer(name: LayerName) -> Layer:
    """The layer with this name."""
    return PARTS if name == "parts" else DAMAGE
