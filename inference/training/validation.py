"""Mean IoU on validation photos while training, counted as `evaluate` does."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.data.judging import counted_as, judged_classes, judged_labels
from inference.data.records import LabelledPhoto
from inference.errors import TrainingError
from inference.preprocessing import Fit, decode_photo
from inference.taxonomy import BACKGROUND, IGNORE
from inference.training.config import InputConfig, JudgeConfig
from inference.training.photos import TrainingPhotos


class Judge:
    """The mIoU of one head on one set under one taxonomy, background counted."""

    def __init__(self, config: JudgeConfig, photos: TrainingPhotos) -> None:
        self.name = f"{config.set} {config.taxonomy} {config.head}"
        self.head = config.head
        self._mapping = photos.mappings[config.set].layers[config.head]
        self._merge = self._mapping.layer.merge(config.taxonomy)
        self._groups = _channel_groups(photos, config)
        self._classes = judged_classes(self._mapping, self._merge)
        self._counted_as = counted_as(self._mapping, self._merge)
        chosen = [photo for photo in photos.validation(config.set) if config.head in photo.layers]
        if not chosen:
            raise TrainingError(f"No validation photo of {config.set!r} has {config.head} labels.")
        chosen = chosen[:: max(1, len(chosen) // config.photos)] if config.photos else chosen
        self.photos = {photo.key: photo for photo in chosen}
        self._truth: dict[str, NDArray[np.uint8]] = {}
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        size = len(self._merge.classes) + 1
        self._counts = np.zeros((size, size), np.int64)

    def count(self, key: str, probabilities: NDArray[np.float32]) -> None:
        """Add one photo, the head's probabilities (C, h, w) without padding."""
        if key not in self._truth:
            self._truth[key] = judged_labels(self.photos[key], self._mapping, self._merge)
        truth, size = self._truth[key], len(self._counts)
        merged = np.stack([probabilities[group].sum(0) for group in self._groups])
        merged = _folded(merged, self._counted_as, self._classes)
        # The channels of one pixel lie together, so one call resizes them all.
        resized = cv2.resize(
            np.ascontiguousarray(merged.transpose(1, 2, 0)), truth.shape[::-1]
        ).reshape(*truth.shape, size)
        kept = truth != IGNORE
        pairs = truth[kept].astype(np.int64) * size + resized.argmax(2)[kept]
        self._counts += np.bincount(pairs, minlength=size * size).reshape(size, size)

    def figure(self) -> float:
        """The mean IoU of what was counted."""
        return mean_iou(self._counts, self._classes)


class Panel:
    """All judges of a training; a photo that several look at is predicted once."""

    def __init__(self, judges: list[Judge], spec: InputConfig) -> None:
        self._judges, self._spec = judges, spec
        self._photos = {key: photo for judge in judges for key, photo in judge.photos.items()}
        self._cache: dict[str, tuple[NDArray[np.uint8], Fit]] = {}

    def figures(self, network: nn.Module) -> dict[str, float]:
        """Every judge's figure for this network in evaluation mode."""
        for judge in self._judges:
            judge.reset()
        for key in self._photos:
            predicted = self._predict(key, network)
            for judge in self._judges:
                if key in judge.photos:
                    judge.count(key, predicted[judge.head])
        return {judge.name: judge.figure() for judge in self._judges}

    @torch.inference_mode()
    def _predict(self, key: str, network: nn.Module) -> dict[str, NDArray[np.float32]]:
        pixels, fit = self._loaded(self._photos[key])
        scores = normalised(torch.from_numpy(pixels)[None], self._spec.mean, self._spec.std)
        logits: dict[str, Tensor] = network(scores)
        return {head: fit.crop_back(item.softmax(1)[0].numpy()) for head, item in logits.items()}

    def _loaded(self, photo: LabelledPhoto) -> tuple[NDArray[np.uint8], Fit]:
        if photo.key not in self._cache:
            fit = Fit.to_long_side(photo.size, self._spec.long_side, self._spec.multiple)
            pixels = fit.network_input(decode_photo(photo.path.name, photo.path).pixels)
            self._cache[photo.key] = pixels, fit
        return self._cache[photo.key]


def normalised(pixels: Tensor, mean: tuple[float, ...], std: tuple[float, ...]) -> Tensor:
    """uint8 RGB (N, H, W, 3) → float32 (N, 3, H, W), channels last in memory."""
    scaled = (pixels.float() / 255.0 - torch.tensor(mean)) / torch.tensor(std)
    return scaled.permute(0, 3, 1, 2)


def _channel_groups(photos: TrainingPhotos, config: JudgeConfig) -> list[list[int]]:
    """For each judged class, background first, the channels of the head that fall into it."""
    head = photos.label_sets[config.head].head
    merge = head.layer.merge(config.taxonomy)
    groups: list[set[int]] = [{0}] + [set() for _ in merge.classes]
    for class_id, channel in enumerate(head.channel_of):
        if channel >= 0:
            groups[int(merge.prediction_table[class_id])].add(channel)
    used = [channel for group in groups for channel in group]
    if len(used) != len(set(used)):
        raise TrainingError(
            f"The head {config.head!r} cannot be judged under {config.taxonomy!r}: one of its "
            "classes falls into several there. Judge it under its own taxonomy or a coarser one."
        )
    return [sorted(group) for group in groups]


def _folded(
    merged: NDArray[np.float32], counted: dict[int, tuple[int, ...]], classes: tuple[int, ...]
) -> NDArray[np.float32]:
    """Give the pixels of classes that the set does not name to those they count as."""
    winner = merged.argmax(0)
    for index in range(1, len(merged)):
        if index in classes:
            continue
        targets = list(counted.get(index, (BACKGROUND,)))
        heir = np.array(targets)[merged[targets].argmax(0)]
        rows, columns = np.nonzero(winner == index)
        merged[heir[rows, columns], rows, columns] += merged[index, rows, columns]
        merged[index] = 0.0
    return merged


def mean_iou(counts: NDArray[np.int64], classes: tuple[int, ...]) -> float:
    """Mean of the classes' IoU from counts (true, predicted); classes never seen are left out."""
    both = np.diag(counts).astype(float)
    either = counts.sum(0) + counts.sum(1) - both
    seen = [index for index in classes if counts[index].sum() > 0]
    return float(np.mean([both[index] / either[index] for index in seen]))
