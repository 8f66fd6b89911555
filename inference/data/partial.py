"""Set-valued labels: a pixel may be labelled with *any of* several classes.

A label map of training holds row numbers of a table; row r lists the channels of a head that
the pixel may belong to. The loss takes the summed probability of those channels, so a set that
names parts coarsely ("door"), or only some of them, can train the rest. 255 is *ignore*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inference.data.records import LabelledPhoto, Size
from inference.errors import ConfigError, LabelError
from inference.taxonomy import BACKGROUND, IGNORE, Layer
from inference.taxonomy.mapping import LayerMapping


@dataclass(frozen=True)
class Head:
    """The classes that one head of a network predicts: a layer's finest classes or a merge.

    `channel_of[id]` is the channel of a finest class, -1 where the head lacks it.
    """

    layer: Layer
    labels: tuple[str, ...]
    channel_of: tuple[int, ...]

    @classmethod
    def finest(cls, layer: Layer, without: Iterable[str] = ()) -> Head:
        """All finest classes of the layer but those named in `without`, sides separate."""
        dropped = {class_id for name in without for class_id in layer.ids_named(name)}
        kept = [item for item in layer.classes if item.id not in dropped]
        channels = [-1] * (len(layer.classes) + 1)
        channels[BACKGROUND] = 0
        for channel, item in enumerate(kept, start=1):
            channels[item.id] = channel
        return cls(layer, (layer.background, *(item.label for item in kept)), tuple(channels))

    @classmethod
    def merged(cls, layer: Layer, merge_name: str) -> Head:
        """The classes of a coarser taxonomy."""
        merge = layer.merge(merge_name)
        table = merge.prediction_table[: len(layer.classes) + 1].astype(int)
        table[list(merge.left_out)] = -1
        return cls(layer, (layer.background, *merge.classes), tuple(table.tolist()))

    def channels(self, class_ids: Iterable[int]) -> tuple[int, ...]:
        """The head's channels for a set of finest classes, ascending; what it lacks is gone."""
        return tuple(sorted({self.channel_of[class_id] for class_id in class_ids} - {-1}))


@dataclass
class LabelSets:
    """The table of allowed channels. The first rows are the exact classes, in channel order."""

    head: Head
    _rows: list[tuple[int, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._rows = [(channel,) for channel in range(len(self.head.labels))]

    def row(self, class_ids: Iterable[int]) -> int:
        """The row number for a set of finest classes; 255 where it is empty or says nothing."""
        channels = self.head.channels(class_ids)
        if not channels or len(channels) == len(self.head.labels):
            return IGNORE
        self._ensure(self.head.channels(self.head.layer.mirrored[list(class_ids)].tolist()))
        return self._ensure(channels)

    def _ensure(self, channels: tuple[int, ...]) -> int:
        if channels not in self._rows:
            if len(self._rows) == IGNORE:
                raise ConfigError("More than 254 different sets of classes in one training.")
            self._rows.append(channels)
        return self._rows.index(channels)

    @property
    def table(self) -> NDArray[np.bool_]:
        """(rows, channels): which channels each row allows."""
        table = np.zeros((len(self._rows), len(self.head.labels)), np.bool_)
        for row, channels in enumerate(self._rows):
            table[row, list(channels)] = True
        return table

    @property
    def mirrored(self) -> NDArray[np.uint8]:
        """(256,): row → row after a horizontal flip, left and right swapped."""
        result = np.arange(256, dtype=np.uint8)
        swap = self.channel_swap
        for row, channels in enumerate(self._rows):
            result[row] = self._rows.index(tuple(sorted(swap[channel] for channel in channels)))
        return result

    @property
    def channel_swap(self) -> list[int]:
        """Channel → the channel of the same class on the other side of the vehicle."""
        swap = list(range(len(self.head.labels)))
        for class_id, channel in enumerate(self.head.channel_of):
            if channel >= 0:
                swap[channel] = self.head.channel_of[int(self.head.layer.mirrored[class_id])]
        return swap


def paint_labels(
    photo: LabelledPhoto, mapping: LayerMapping, sets: LabelSets, size: Size
) -> NDArray[np.uint8]:
    """The photo's training label map of one layer, (*size) uint8 of rows of `sets`.

    All 255 where the photo is not labelled in that layer.
    """
    if mapping.layer.name not in photo.layers:
        return np.full(size, IGNORE, np.uint8)
    painted = np.full(size, sets.row(mapping.unlabelled.train), np.uint8)
    for region in photo.regions:
        if region.name in mapping.names:
            region.paint(painted, sets.row(mapping.named(region.name).train), photo.size)
    if not painted.size:
        raise LabelError(f"{photo.path} has no pixel.")
    return painted
