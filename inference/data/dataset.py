"""Photos and label maps of a training, decoded once and kept in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inference.data.augment import Example, Labels
from inference.data.partial import LabelSets, paint_labels
from inference.data.records import LabelledPhoto, Size
from inference.errors import LabelError
from inference.preprocessing import Pixels, decode_photo, fitted_size, resize
from inference.taxonomy import IGNORE, LayerName
from inference.taxonomy.mapping import SetMapping


@dataclass(frozen=True)
class HeadSource:
    """What a head learns from a photo: its layer's table, or nothing from some sets."""

    sets: LabelSets
    unused_sets: frozenset[str] = frozenset()

    @property
    def layer(self) -> LayerName:
        return self.sets.head.layer.name


def load_example(
    photo: LabelledPhoto,
    mapping: SetMapping,
    heads: Sequence[HeadSource],
    long_side: int | None,
) -> Example:
    """Decode a photo to at most `long_side` pixels and paint its label map for every head.

    Raises `UnreadablePhotoError`, and `LabelError` where the label file gives another size.
    """
    pixels = load_pixels(photo, long_side)
    size = (pixels.shape[0], pixels.shape[1])
    return Example(pixels, tuple(head_labels(photo, mapping, head, size) for head in heads))


def load_pixels(photo: LabelledPhoto, long_side: int | None) -> Pixels:
    """The photo alone, as `load_example` decodes it."""
    decoded = decode_photo(photo.path.name, photo.path)
    if decoded.original_size != photo.size:
        raise LabelError(
            f"{photo.path} has {decoded.original_size} pixels (height, width); its label file "
            f"says {photo.size}."
        )
    return resize(decoded.pixels, fitted_size(photo.size, long_side) if long_side else photo.size)


def head_labels(photo: LabelledPhoto, mapping: SetMapping, head: HeadSource, size: Size) -> Labels:
    """The label map (*size) of one head; all 255 where the head learns nothing from the photo."""
    layer = mapping.layers.get(head.layer)
    if layer is None or photo.set_name in head.unused_sets:
        return np.full(size, IGNORE, np.uint8)
    return paint_labels(photo, layer, head.sets, size)


def row_pixels(
    examples: Sequence[Example], head: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """(256,): pixels of each label row over all examples, to find classes without any."""
    total = np.zeros(256, np.int64)
    for example in examples:
        total += np.bincount(example.labels[head].ravel(), minlength=256)
    return total


def rows_of_layers(mappings: Mapping[str, SetMapping], sets: LabelSets) -> None:
    """Fill the table with every set of classes that these mappings use, in a fixed order."""
    for name in sorted(mappings):
        layer = mappings[name].layers.get(sets.head.layer.name)
        if layer is None:
            continue
        for foreign in (layer.unlabelled, *layer.names.values()):
            sets.row(foreign.train)
