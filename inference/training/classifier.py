"""Training of the photo classifiers: vehicle presence, damaged or whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.data.augment import PerThread
from inference.data.classifier_augment import CLASSIFIER_RECIPES
from inference.data.folders import read_class_folder
from inference.data.records import ClassedPhoto
from inference.data.splits import split_photos
from inference.errors import TrainingError
from inference.models.classifier import Classifier, build_classifier
from inference.preprocessing import Pixels, decode_photo, fitted_size, resize
from inference.training.config import ClassifierConfig, ScheduleConfig
from inference.training.devices import CPU, device_of
from inference.training.encoder_start import load_encoder, load_network, read_weights
from inference.training.validation import normalised

_VALIDATION_BATCH = 32
_CACHED = 1.5


def class_photos(config: ClassifierConfig, data: Path) -> list[ClassedPhoto]:
    """All photos of a configuration, of both sides of the split."""
    return [
        photo
        for item in config.classes
        for folder in item.folders
        for photo in read_class_folder(data, folder, item.label)
    ]


class ClassifierTask:
    """The loop's task for a classifier: classes drawn evenly, folders of a class too."""

    def __init__(self, config: ClassifierConfig, data: Path, device: torch.device = CPU) -> None:
        self.config = config
        self._labels = [item.label for item in config.classes]
        photos = class_photos(config, data)
        splits = split_photos(photos, data, config.validation_fraction)
        self.training = [photo for photo in photos if splits[photo.key] == "train"]
        self._validation = Validation(
            config, [photo for photo in photos if splits[photo.key] == "validation"]
        )
        self._pools = self._pools_of(config)
        self._pixels = {photo.key: small(photo, config) for photo in self.training}
        self._augmentation = PerThread(
            partial(CLASSIFIER_RECIPES[config.augment], config.size, config.smallest_crop)
        )
        torch.manual_seed(config.seed)
        network = new_classifier(config)
        load_encoder(network.backbone, config.model.encoder_paths(data))
        self.network: nn.Module = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def _pools_of(self, config: ClassifierConfig) -> list[list[list[ClassedPhoto]]]:
        pools = [
            [
                [photo for photo in self.training if photo.folder == folder]
                for folder in item.folders
            ]
            for item in config.classes
        ]
        for item, folders in zip(config.classes, pools, strict=True):
            if not all(folders):
                raise TrainingError(
                    f"The class {item.label!r} has a folder without training photo."
                )
        return pools

    def parameter_groups(self, schedule: ScheduleConfig) -> list[dict[str, object]]:
        backbone = list(self.network.get_submodule("backbone").parameters())
        for parameter in backbone:
            parameter.requires_grad_(schedule.encoder_lr > 0)
        head = list(self.network.get_submodule("head").parameters())
        groups: list[dict[str, object]] = [{"params": head, "lr": schedule.lr}]
        if schedule.encoder_lr > 0:
            groups.append({"params": backbone, "lr": schedule.encoder_lr})
        return groups

    def batch(self, step: int) -> tuple[Tensor, ...]:
        """Photos (N, size, size, 3) uint8 and class numbers (N,)."""
        rng = np.random.default_rng([self.config.seed, step])
        labels = rng.integers(len(self._labels), size=self.config.schedule.batch)
        seen = [self._draw(int(label), rng) for label in labels]
        return torch.from_numpy(np.stack(seen)), torch.from_numpy(labels)

    def _draw(self, label: int, rng: np.random.Generator) -> Pixels:
        folders = self._pools[label]
        pool = folders[int(rng.integers(len(folders)))]
        photo = pool[int(rng.integers(len(pool)))]
        pixels: Pixels = self._augmentation.seeded(rng)(image=self._pixels[photo.key])["image"]
        return pixels

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        photos = normalised(batch[0], self.config.mean, self.config.std)
        return functional.cross_entropy(
            self.network(photos), batch[1], label_smoothing=self.config.label_smoothing
        )

    def validate(self, network: nn.Module) -> tuple[float, Mapping[str, float]]:
        """Accuracy by folder and over all; the score is the one that the configuration names."""
        right = self._validation.right(network)
        recall = float(
            np.mean(
                [
                    np.mean([answer for folder in item.folders for answer in right[folder]])
                    for item in self.config.classes
                ]
            )
        )
        overall = float(np.mean([answer for answers in right.values() for answer in answers]))
        folders = {f"accuracy {name}": float(np.mean(values)) for name, values in right.items()}
        score = overall if self.config.score == "accuracy" else recall
        return score, {"accuracy": overall, **folders}


class Validation:
    """The validation photos of a classifier, small and in memory."""

    def __init__(self, config: ClassifierConfig, photos: Sequence[ClassedPhoto]) -> None:
        self._config = config
        self._photos = photos
        self._labels = [item.label for item in config.classes]
        size = (config.size, config.size)
        self._pixels = [resize(small(photo, config), size) for photo in photos]

    def right(self, network: nn.Module) -> dict[str, list[bool]]:
        """By folder, photo by photo: does the network name the right class?"""
        right: dict[str, list[bool]] = defaultdict(list)
        for start in range(0, len(self._photos), _VALIDATION_BATCH):
            chunk = slice(start, start + _VALIDATION_BATCH)
            said = self._said(network, np.stack(self._pixels[chunk]))
            for photo, label in zip(self._photos[chunk], said, strict=True):
                right[photo.folder].append(label == photo.label)
        return dict(right)

    @torch.inference_mode()
    def _said(self, network: nn.Module, pixels: Pixels) -> list[str]:
        given = torch.from_numpy(pixels).to(device_of(network))
        scores = network(normalised(given, self._config.mean, self._config.std))
        return [self._labels[index] for index in scores.argmax(1).tolist()]


def validated(config: ClassifierConfig, data: Path, weights: Path) -> dict[str, list[bool]]:
    """For trained weights, photo by photo, whether the answer is right: all, and by folder."""
    photos = class_photos(config, data)
    splits = split_photos(photos, data, config.validation_fraction)
    network = new_classifier(replace(config, model=replace(config.model, encoder_weights="")))
    load_network(network, read_weights(weights), weights)
    chosen = [photo for photo in photos if splits[photo.key] == "validation"]
    right = Validation(config, chosen).right(network.eval())
    every = [answer for answers in right.values() for answer in answers]
    return {"accuracy": every, **{f"accuracy {name}": answers for name, answers in right.items()}}


def small(photo: ClassedPhoto, config: ClassifierConfig) -> Pixels:
    """The photo decoded, a little larger than the network's input, for the crops."""
    pixels = decode_photo(photo.path.name, photo.path).pixels
    long_side = round(config.size * _CACHED)
    return resize(pixels, fitted_size((pixels.shape[0], pixels.shape[1]), long_side))


def new_classifier(config: ClassifierConfig) -> Classifier:
    """The configuration's network with a logit for every class."""
    return build_classifier(
        config.model.architecture,
        len(config.classes),
        hidden=config.hidden,
        dropout=config.dropout,
        pool=config.pool,
        pretrained=bool(config.model.encoder_weights),
        options=config.model.options,
    )
