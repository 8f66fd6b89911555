"""Which parts are neighbours on a vehicle, which look alike, and which lie on its flanks."""

import tomllib
from collections.abc import Iterable, Mapping
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import TaxonomyError
from inference.taxonomy.taxonomy import PARTS, Merge

FILE = Path(__file__).with_name("part_relations.toml")

Pairs = frozenset[frozenset[int]]
"""Pairs of finest ids"""


def adjacent_parts(merge: Merge) -> NDArray[np.bool_]:
    """(C, C) bool, symmetric, C = merged classes and background: do the two touch?

    Two merged classes touch where any of their own members do. Background touches nothing.
    """
    return _merged(_ADJACENT, merge)


def similar_parts(merge: Merge) -> NDArray[np.bool_]:
    """(C, C) bool as `adjacent_parts`: are they of one kind (front / rear, left / right)?"""
    return _merged(_SIMILAR, merge)


def read_relations(data: Mapping[str, Any]) -> tuple[Pairs, Pairs]:
    """Adjacent and similar pairs of finest ids; `TaxonomyError` for an unknown or doubled name."""
    written = [(name, other) for name, others in data["adjacent"].items() for other in others]
    pairs = [frozenset(pair) for pair in written]
    if doubled := {tuple(sorted(pair)) for pair in pairs if pairs.count(pair) > 1}:
        raise TaxonomyError(f"{FILE.name}: these pairs are written twice: {sorted(doubled)}.")
    members = [name for group in data["similar"].values() for name in group]
    if twice := {name for name in members if members.count(name) > 1}:
        raise TaxonomyError(f"{FILE.name}: these are in two groups: {sorted(twice)}.")
    adjacent = frozenset(pair for one, other in written for pair in _touching(one, other))
    groups = [PARTS.ids_named(name) for name in dict.fromkeys(i.name for i in PARTS.classes)]
    groups += [_ids(group) for group in data["similar"].values()]
    similar = frozenset(frozenset(pair) for group in groups for pair in combinations(group, 2))
    return adjacent, similar


def _ids(names: Iterable[str]) -> tuple[int, ...]:
    return tuple(class_id for name in names for class_id in PARTS.ids_named(name))


def _touching(one: str, other: str) -> list[frozenset[int]]:
    """Pairs of finest ids with these names, on the same side where both have sides."""
    return [
        frozenset((a, b))
        for a, b in product(PARTS.ids_named(one), PARTS.ids_named(other))
        if None in (sides := (PARTS.by_id[a].side, PARTS.by_id[b].side)) or sides[0] == sides[1]
    ]


def _merged(pairs: Pairs, merge: Merge) -> NDArray[np.bool_]:
    own = [_own_members(members) for members in merge.members]
    table = np.zeros((len(own) + 1, len(own) + 1), np.bool_)
    for (i, one), (j, other) in combinations(enumerate(own, start=1), 2):
        related = any(frozenset(pair) in pairs for pair in product(one, other))
        table[i, j] = table[j, i] = related
    return table


def _own_members(members: tuple[int, ...]) -> tuple[int, ...]:
    """Without the small classes that are only folded in: a reflector in the bumper does not make
    bumpers look like lamps. A merged class of nothing else keeps them."""
    own = tuple(class_id for class_id in members if not _is_folded(class_id))
    return own or members


def _is_folded(class_id: int) -> bool:
    original = PARTS.merge("original")
    place = int(original.prediction_table[class_id])
    return place == 0 or original.classes[place - 1] != PARTS.by_id[class_id].name


_DATA = tomllib.loads(FILE.read_text(encoding="utf-8"))
_ADJACENT, _SIMILAR = read_relations(_DATA)

FLANK: frozenset[int] = frozenset(_ids(_DATA["flank"]["parts"]))
"""Finest ids of the parts of which a photo of a vehicle shows the left or the right ones."""
