"""Which photos a training learns from and which judge it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inference.data.augment import Example
from inference.data.dataset import HeadSource, load_example, rows_of_layers
from inference.data.partial import Head, LabelSets
from inference.data.readers import read_labelled
from inference.data.records import LabelledPhoto
from inference.data.splits import group_photos, split_of
from inference.errors import ConfigError
from inference.taxonomy import LayerName, layer
from inference.taxonomy.mapping import SetMapping, load_mapping
from inference.training.config import HeadConfig, SegmentationConfig


@dataclass(frozen=True)
class GroupedPhotos:
    """Labelled photos, and for each key the leader of the group it belongs to (its case)."""

    photos: tuple[LabelledPhoto, ...]
    leaders: Mapping[str, str]


Tables = tuple[tuple[str, str], ...]
"""Name of each set and of the mapping that reads it."""


def read_sets(data: Path, tables: Tables) -> GroupedPhotos:
    """All photos of these sets of the folder `data`."""
    photos = [
        photo for name, table in tables for photo in read_labelled(data / name, load_mapping(table))
    ]
    groups = group_photos(photos, data)
    return GroupedPhotos(tuple(photos), {photo.key: groups.leader(photo.key) for photo in photos})


@dataclass(frozen=True)
class Sources:
    """How a training gets its photos. Trainings in one process may share what they have read."""

    read: Callable[[Path, Tables], GroupedPhotos] = read_sets
    load: Callable[[LabelledPhoto, SetMapping, Sequence[HeadSource], int | None], Example] = (
        load_example
    )


FROM_DISK = Sources()


class TrainingPhotos:
    """All sets of a configuration: read, split by case, copies with coarser labels removed.

    `clusters` gives each photo's key the case that it must be resampled together with.
    """

    def __init__(
        self, config: SegmentationConfig, data: Path, sources: Sources = FROM_DISK
    ) -> None:
        tables = {item.name: item.mapping or item.name for item in config.sets}
        for judge in config.judges:
            tables.setdefault(judge.set, judge.set)
        self.mappings: dict[str, SetMapping] = {
            name: load_mapping(table) for name, table in tables.items()
        }
        grouped = sources.read(data, tuple(tables.items()))
        self.all, self.clusters = grouped.photos, grouped.leaders
        self.splits = {
            key: split_of(leader, config.validation_fraction)
            for key, leader in self.clusters.items()
        }
        learnt = {item.name for item in config.sets if item.share > 0}
        self.training = without_superseded(
            [
                photo
                for photo in self.all
                if self.splits[photo.key] == "train" and photo.set_name in learnt
            ]
        )
        self.label_sets = {
            name: self._label_sets(head_of(name, head)) for name, head in config.heads.items()
        }

    @property
    def classes(self) -> dict[LayerName, tuple[str, ...]]:
        """The class labels of every head, in channel order."""
        return {name: tuple(sets.head.labels) for name, sets in self.label_sets.items()}

    def _label_sets(self, head: Head) -> LabelSets:
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


def head_of(name: LayerName, config: HeadConfig) -> Head:
    """The classes that a head of this configuration predicts."""
    if config.taxonomy == "finest":
        return Head.finest(layer(name), config.without)
    if config.without:
        raise ConfigError(f"heads.{name}: `without` goes with the taxonomy 'finest' only.")
    return Head.merged(layer(name), config.taxonomy)


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
