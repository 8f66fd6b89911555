"""Which photos a training learns from and which judge it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from inference.data.dataset import rows_of_layers
from inference.data.partial import Head, LabelSets
from inference.data.readers import read_labelled
from inference.data.records import LabelledPhoto
from inference.data.splits import split_photos
from inference.errors import ConfigError
from inference.taxonomy import LayerName, layer
from inference.taxonomy.mapping import SetMapping, load_mapping
from inference.training.config import HeadConfig, SegmentationConfig


class TrainingPhotos:
    """All sets of a configuration: read, split by case, copies with coarser labels removed."""

    def __init__(self, config: SegmentationConfig, data: Path) -> None:
        tables = {item.name: item.mapping or item.name for item in config.sets}
        for judge in config.judges:
            tables.setdefault(judge.set, judge.set)
        self.mappings: dict[str, SetMapping] = {
            name: load_mapping(table) for name, table in tables.items()
        }
        self.all = [
            photo for name in tables for photo in read_labelled(data / name, self.mappings[name])
        ]
        self.splits = split_photos(self.all, data, config.validation_fraction)
        learnt = {item.name for item in config.sets if item.share > 0}
        self.training = without_superseded(
            [
                photo
                for photo in self.all
                if self.splits[photo.key] == "train" and photo.set_name in learnt
            ]
        )
        self.label_sets = {
            name: self._label_sets(name, head) for name, head in config.heads.items()
        }

    def _label_sets(self, name: LayerName, config: HeadConfig) -> LabelSets:
        of = layer(name)
        if config.taxonomy == "finest":
            head = Head.finest(of, config.without)
        elif config.without:
            raise ConfigError(f"heads.{name}: `without` goes with the taxonomy 'finest' only.")
        else:
            head = Head.merged(of, config.taxonomy)
        sets = LabelSets(head)
        rows_of_layers(self.mappings, sets)
        return sets

    def superseded(self, layer: LayerName) -> frozenset[str]:
        """Keys of the photos of which another set has a copy that it labels in `layer`."""
        return frozenset(
            photo.source for photo in self.all if photo.source and layer in photo.layers
        )

    def validation(self, set_name: str) -> list[LabelledPhoto]:
        """The photos of a set that judge."""
        return [
            photo
            for photo in self.all
            if photo.set_name == set_name and self.splits[photo.key] == "validation"
        ]


def without_superseded(photos: Sequence[LabelledPhoto]) -> list[LabelledPhoto]:
    """Photos without the layers in which a copy of theirs (by `source`) is labelled anew."""
    better = {photo.source: photo.layers for photo in photos if photo.source}
    return [
        replace(photo, layers=photo.layers - better.get(photo.key, frozenset()))
        for photo in photos
        if photo.layers - better.get(photo.key, frozenset())
    ]


def in_set(photos: Iterable[LabelledPhoto], name: str) -> list[int]:
    """Positions of a set's photos."""
    return [index for index, photo in enumerate(photos) if photo.set_name == name]
