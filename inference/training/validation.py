"""Mean IoU on validation photos while training, decoded and counted as `evaluate` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.data.partial import Head
from inference.data.records import LabelledPhoto
from inference.errors import TrainingError
from inference.evaluation.counts import Counts, PhotoCounts, confusion, total
from inference.evaluation.judging import Judge
from inference.evaluation.metrics import iou_by_class, mean_iou
from inference.models import InputSpec, ModuleCard
from inference.predictor import HeadOutput
from inference.preprocessing import Fit, decode_photo
from inference.taxonomy import LayerName, Merge
from inference.training.config import HeadConfig, InputConfig, JudgeConfig, SegmentationConfig
from inference.training.devices import device_of
from inference.training.photos import TrainingPhotos
from inference.training.thresholds import ThresholdChoice

# As the backends run segmentation nets.
_SHRINK = 2


@dataclass(frozen=True)
class TrainedOutput(HeadOutput):
    """A head's answer during training; a merged head's classes stand for their first member."""

    ids: tuple[int, ...] = ()

    @cached_property
    def class_ids(self) -> tuple[int, ...]:
        return self.ids


@dataclass
class PhotoJudge:
    """One figure: a head on a set under a taxonomy, counted photo by photo."""

    config: JudgeConfig
    judge: Judge
    photos: Mapping[str, LabelledPhoto]
    truth: dict[str, NDArray[np.uint8]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.config.name

    def counts(self, key: str, output: HeadOutput) -> Counts:
        """The confusion of one photo."""
        if key not in self.truth:
            self.truth[key] = self.judge.truth(self.photos[key])
        truth = self.truth[key]
        predicted = self.judge.predicted(output, (truth.shape[0], truth.shape[1]))
        return confusion(truth, predicted, len(self.judge.names))


class Panel:
    """All judges of a training; a photo that several look at is predicted once."""

    def __init__(self, config: SegmentationConfig, photos: TrainingPhotos) -> None:
        self._spec = config.input
        self._heads = {name: sets.head for name, sets in photos.label_sets.items()}
        self._cards = {name: _card(name, self._heads, config) for name in self._heads}
        self.judges = [_judge(item, photos) for item in config.judges]
        self._clusters = photos.clusters
        self._photos = {key: photo for judge in self.judges for key, photo in judge.photos.items()}
        self._cache: dict[str, tuple[NDArray[np.uint8], Fit]] = {}

    def figures(self, network: nn.Module) -> dict[str, float]:
        """Every judge's mIoU, background counted, for this network in evaluation mode."""
        counted = self.counted(network)
        return {
            judge.name: judged_miou(
                total(counted[judge.name], len(judge.judge.names)), judge.judge.classes
            )
            for judge in self.judges
        }

    def score(self, figures: Mapping[str, float]) -> float:
        """The mean of the judges' figures by their weights: what picks a checkpoint."""
        weights = [judge.config.weight for judge in self.judges]
        return float(np.average([figures[judge.name] for judge in self.judges], weights=weights))

    def counted(self, network: nn.Module) -> dict[str, list[PhotoCounts]]:
        """By the name of each judge the counts of its photos, one by one."""
        thresholds = self.thresholds(network)
        counted: dict[str, list[PhotoCounts]] = {judge.name: [] for judge in self.judges}
        for key, outputs in self.outputs(network, thresholds):
            for judge in self.judges:
                if key in judge.photos:
                    counts = judge.counts(key, outputs[judge.config.head])
                    row = PhotoCounts(judge.photos[key].path.name, self._clusters[key], counts)
                    counted[judge.name].append(row)
        return counted

    def thresholds(self, network: nn.Module) -> dict[LayerName, dict[str, float]]:
        """Per multi-label head the threshold of each class that gives it the best IoU on the
        photos of the head's first judge."""
        choices = {
            name: ThresholdChoice(self._heads[name])
            for name, card in self._cards.items()
            if card.decoder == "multi-label"
        }
        if not choices:
            return {}
        judges = {judge.config.head: judge for judge in reversed(self.judges)}
        for key, outputs in self.outputs(network, {}):
            for name, choice in choices.items():
                if key in judges[name].photos:
                    photo = judges[name].photos[key]
                    choice.add(photo, judges[name].judge.mapping, outputs[name].values)
        return {name: choice.best() for name, choice in choices.items()}

    def outputs(
        self, network: nn.Module, thresholds: Mapping[LayerName, Mapping[str, float]]
    ) -> Iterator[tuple[str, dict[LayerName, TrainedOutput]]]:
        """Key and every head's answer, photo by photo."""
        for key, photo in self._photos.items():
            pixels, fit = self._loaded(photo)
            with torch.inference_mode():
                photo_pixels = torch.from_numpy(pixels)[None].to(device_of(network))
                photos = normalised(photo_pixels, self._spec.mean, self._spec.std)
                logits: dict[LayerName, Tensor] = network(photos, _SHRINK)
            yield (
                key,
                {
                    name: self._output(name, scores, fit, thresholds.get(name, {}))
                    for name, scores in logits.items()
                },
            )

    def _output(
        self, name: LayerName, scores: Tensor, fit: Fit, thresholds: Mapping[str, float]
    ) -> TrainedOutput:
        card = self._cards[name]
        several = card.decoder == "multi-label"
        values = (scores.sigmoid() if several else scores.softmax(1))[0].cpu().numpy()
        return TrainedOutput(
            card=card if not thresholds else _with_thresholds(card, thresholds),
            head=name,
            values=fit.crop_back(values),
            ids=representatives(self._heads[name]),
        )

    def _loaded(self, photo: LabelledPhoto) -> tuple[NDArray[np.uint8], Fit]:
        if photo.key not in self._cache:
            fit = Fit.to_long_side(photo.size, self._spec.long_side, self._spec.multiple)
            pixels = fit.network_input(decode_photo(photo.path.name, photo.path).pixels)
            self._cache[photo.key] = pixels, fit
        return self._cache[photo.key]


def normalised(pixels: Tensor, mean: tuple[float, ...], std: tuple[float, ...]) -> Tensor:
    """uint8 RGB (N, H, W, 3) → float32 (N, 3, H, W), channels last in memory."""
    middle, width = (torch.tensor(value, device=pixels.device) for value in (mean, std))
    return ((pixels.float() / 255.0 - middle) / width).permute(0, 3, 1, 2)


def representatives(head: Head) -> tuple[int, ...]:
    """Per channel the first finest class that falls into it."""
    return tuple(head.channel_of.index(channel) for channel in range(len(head.labels)))


def divided(head: Head, merge: Merge) -> list[str]:
    """The classes of the head that fall into several classes of `merge`."""
    targets: dict[int, set[int]] = {}
    for class_id, channel in enumerate(head.channel_of):
        if channel >= 0:
            targets.setdefault(channel, set()).add(int(merge.prediction_table[class_id]))
    return [head.labels[channel] for channel, found in targets.items() if len(found) > 1]


def require_coarser(head: Head, merge: Merge) -> None:
    """`TrainingError` where a class of the head falls into several classes of `merge`."""
    if split := divided(head, merge):
        raise TrainingError(
            f"A head with the classes {split} cannot be judged under {merge.name!r}, which "
            "divides them. Judge it under its own taxonomy or a coarser one."
        )


def _judge(config: JudgeConfig, photos: TrainingPhotos) -> PhotoJudge:
    layer = photos.mappings[config.set].layers.get(config.head)
    chosen = [photo for photo in photos.validation(config.set) if config.head in photo.layers]
    if layer is None or not chosen:
        raise TrainingError(f"No validation photo of {config.set!r} has {config.head} labels.")
    merge = layer.layer.merge(config.taxonomy)
    require_coarser(photos.label_sets[config.head].head, merge)
    if config.photos:
        chosen = chosen[:: max(1, len(chosen) // config.photos)]
    return PhotoJudge(config, Judge(layer, merge), {photo.key: photo for photo in chosen})


def judged_miou(counts: Counts, classes: tuple[int, ...]) -> float:
    """mIoU over the classes that occur; `TrainingError` where no pixel is labelled."""
    figure = mean_iou(iou_by_class(counts, classes))
    if figure is None:
        raise TrainingError("No validation photo has a labelled pixel.")
    return figure


def _card(
    name: LayerName, heads: Mapping[LayerName, Head], config: SegmentationConfig
) -> ModuleCard:
    spec: InputConfig = config.input
    of_head: HeadConfig = config.heads[name]
    return ModuleCard(
        name=name,
        kind="segmentation",
        architecture=config.model.architecture,
        encoder=config.model.encoder,
        options=config.model.options,
        path=Path(),
        sha256="",
        heads={key: head.labels for key, head in heads.items()},
        input=InputSpec(
            (spec.mean[0], spec.mean[1], spec.mean[2]),
            (spec.std[0], spec.std[1], spec.std[2]),
            long_side=spec.long_side,
            multiple=spec.multiple,
        ),
        precision=config.schedule.precision,
        decoder=of_head.decoder,
        thresholds={},
        threshold=None,
        figures={},
        trained_on=(),
    )


def _with_thresholds(card: ModuleCard, thresholds: Mapping[str, float]) -> ModuleCard:
    fields = {name: getattr(card, name) for name in card.__dataclass_fields__}
    return ModuleCard(**(fields | {"thresholds": thresholds}))
