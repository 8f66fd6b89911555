"""Splits by case: photos that belong together never end up on both sides.

Photos are joined into groups (same source, same case, near-duplicates); a group's side is
decided by a hash of its smallest key, so it stays where it is when other groups come or go.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from inference.data.near_duplicates import near_duplicate_pairs
from inference.data.records import ClassedPhoto, LabelledPhoto
from inference.errors import LabelError

Split = Literal["train", "validation"]
Photo = LabelledPhoto | ClassedPhoto

BLOCKS = "blocks.json"
CASES_TRUTH = "cases/truth.json"


class Groups:
    """Keys joined into disjoint groups (union-find)."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._parent = {key: key for key in keys}

    def join(self, one: str, other: str) -> None:
        """Put both into one group; the smaller key leads. Unknown keys become known."""
        low, high = sorted((self.leader(one), self.leader(other)))
        self._parent[high] = low

    def leader(self, key: str) -> str:
        """The smallest key of the group that `key` is in."""
        root = self._parent.setdefault(key, key)
        while root != self._parent[root]:
            root = self._parent[root]
        self._parent[key] = root
        return root

    def members(self) -> dict[str, list[str]]:
        """Leader → all keys of its group."""
        members: dict[str, list[str]] = defaultdict(list)
        for key in self._parent:
            members[self.leader(key)].append(key)
        return members


def group_photos(photos: Sequence[Photo], data: Path) -> Groups:
    """Groups over all photos by source, `blocks.json`, `cases/truth.json`, near-duplicates."""
    groups = Groups(photo.key for photo in photos)
    for photo in photos:
        if isinstance(photo, LabelledPhoto) and photo.source:
            groups.join(photo.key, photo.source)
    for joined in _belonging_together(photos, data):
        for key in joined[1:]:
            groups.join(joined[0], key)
    for one, other in near_duplicate_pairs({photo.key: photo.path for photo in photos}):
        groups.join(one, other)
    return groups


def _belonging_together(photos: Sequence[Photo], data: Path) -> list[list[str]]:
    joined: list[list[str]] = []
    for name in sorted({photo.set_name for photo in photos}):
        path = data / name / BLOCKS
        if path.is_file():
            joined += [[f"{name}/{file}" for file in block] for block in _read(path)]
    if (data / CASES_TRUTH).is_file():
        for case in _read(data / CASES_TRUTH):
            joined.append([f"damage-claims/{row['damage_claims_file']}" for row in case["photos"]])
    return joined


def _read(path: Path) -> list[Any]:
    try:
        rows: list[Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LabelError(f"{path} cannot be read: {error}") from error
    return rows


def split_of(leader: str, fraction: float) -> Split:
    """The side of the group with this leader; about `fraction` of the groups validate."""
    number = int.from_bytes(hashlib.sha256(leader.encode()).digest()[:8], "big")
    return "validation" if number < fraction * 2**64 else "train"


def split_photos(photos: Sequence[Photo], data: Path, fraction: float) -> Mapping[str, Split]:
    """Key of each photo → its side."""
    groups = group_photos(photos, data)
    return {photo.key: split_of(groups.leader(photo.key), fraction) for photo in photos}
