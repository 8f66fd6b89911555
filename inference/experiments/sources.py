"""What several trainings in one process have in common is read, decoded and painted once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache

from inference.data.augment import Example, Labels
from inference.data.dataset import HeadSource, head_labels, load_pixels
from inference.data.records import LabelledPhoto, Size
from inference.preprocessing import Pixels
from inference.taxonomy.mapping import SetMapping
from inference.training.photos import Sources, read_sets


def shared_sources() -> Sources:
    """Sources that remember: about 0.4 MB a photo at 384 pixels, and 0.1 MB for every other
    taxonomy of a head."""
    return Sources(read=lru_cache(maxsize=None)(read_sets), load=ExampleMemory())


class ExampleMemory:
    """As `load_example`, but photos and label maps are kept."""

    def __init__(self) -> None:
        self._pixels: dict[Hashable, Pixels] = {}
        self._labels: dict[Hashable, Labels] = {}

    def __call__(
        self,
        photo: LabelledPhoto,
        mapping: SetMapping,
        heads: Sequence[HeadSource],
        long_side: int | None,
    ) -> Example:
        key = (photo.key, long_side)
        if key not in self._pixels:
            self._pixels[key] = load_pixels(photo, long_side)
        pixels = self._pixels[key]
        size = (pixels.shape[0], pixels.shape[1])
        return Example(pixels, tuple(self._head(photo, mapping, head, size) for head in heads))

    def _head(
        self, photo: LabelledPhoto, mapping: SetMapping, head: HeadSource, size: Size
    ) -> Labels:
        table = head.sets.table
        learns = photo.set_name not in head.unused_sets
        rows = (head.sets.head.labels, table.shape, table.tobytes())
        key = (photo.key, photo.layers, size, mapping.name, learns, rows)
        if key not in self._labels:
            self._labels[key] = head_labels(photo, mapping, head, size)
        return self._labels[key]
