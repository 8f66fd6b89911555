"""What a set's labels say under a taxonomy, for judging predictions (PIPELINE, issue 3 §4)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from inference.data.records import LabelledPhoto
from inference.taxonomy import BACKGROUND, IGNORE, Merge
from inference.taxonomy.mapping import LayerMapping


def judged_id(class_ids: Iterable[int], merge: Merge) -> int:
    """The merged class that all these finest classes fall into; 255 where they do not agree."""
    found = {int(merge.label_table[class_id]) for class_id in class_ids}
    return found.pop() if len(found) == 1 else IGNORE


def judged_labels(
    photo: LabelledPhoto, mapping: LayerMapping, merge: Merge, size: tuple[int, int] | None = None
) -> NDArray[np.uint8]:
    """The photo's label map under `merge`, (H, W) uint8 at its own size; 255 = left out."""
    size = size or photo.size
    painted = np.full(size, judged_id(mapping.unlabelled.judge, merge), np.uint8)
    for region in photo.regions:
        if region.name in mapping.names:
            value = judged_id(mapping.named(region.name).judge, merge)
            region.paint(painted, value, photo.size)
    return painted


def judged_classes(mapping: LayerMapping, merge: Merge) -> tuple[int, ...]:
    """Background and the merged classes that the set names, ascending."""
    named = {judged_id(foreign.judge, merge) for foreign in mapping.names.values()}
    return tuple(sorted((named | {BACKGROUND}) - {IGNORE}))


def counted_as(mapping: LayerMapping, merge: Merge) -> dict[int, tuple[int, ...]]:
    """Merged classes that the set does not name → those that they count as (one of them).

    Those absent from the result, and not named by the set, count as background.
    """
    named = set(judged_classes(mapping, merge))
    table: dict[int, set[int]] = {}
    for class_id, targets in mapping.merged_when_judged.items():
        merged = int(merge.prediction_table[class_id])
        if merged not in named:
            table.setdefault(merged, set()).update(
                int(merge.prediction_table[target]) for target in targets
            )
    return {merged: tuple(sorted(targets & named)) for merged, targets in table.items()}
