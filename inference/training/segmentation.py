"""Training of parts, damage, or both in one network."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from tqdm import tqdm

from inference.data.augment import Example, Recipe, recipe
from inference.data.dataset import HeadSource, row_pixels
from inference.errors import TrainingError
from inference.models.segmentation import SegmentationNet, build_segmentation
from inference.taxonomy import LayerName
from inference.training.checkpoint import save_weights
from inference.training.config import ScheduleConfig, SegmentationConfig
from inference.training.decision import (
    best_background_shift,
    best_start_share,
    shift_background,
)
from inference.training.devices import CPU
from inference.training.dilated import use_subgrids
from inference.training.encoder_start import load_encoder, load_network, start_weights
from inference.training.head_loss import head_loss
from inference.training.photos import FROM_DISK, Sources, TrainingPhotos
from inference.training.pseudo_labels import PseudoLabeller
from inference.training.sampling import Sampler, largest_class
from inference.training.validation import Panel, normalised


class SegmentationTask:
    """The loop's task for segmentation: data in memory, network, losses, judges."""

    def __init__(
        self,
        config: SegmentationConfig,
        data: Path,
        device: torch.device = CPU,
        sources: Sources = FROM_DISK,
    ) -> None:
        self.config = config
        self.photos = TrainingPhotos(config, data, sources)
        heads = list(self.photos.label_sets)
        self.network: nn.Module = started_network(config, self.photos, data).to(device)
        self.examples = self._load_examples(sources)
        self._refuse_empty_classes()
        self._sampler = Sampler(config, self.photos.training, self._damage_classes(heads), data)
        self._losses = [
            head_loss(config.heads[head], sets, device)
            for head, sets in self.photos.label_sets.items()
        ]
        self._weights = [config.heads[head].weight for head in heads]
        self._recipe = self._recipe_at(config.augment.crop)
        self._early_recipe = self._recipe_at(config.augment.early_crop)
        steps_per_epoch = config.schedule.photos_per_epoch // config.schedule.batch
        self._early_steps = config.augment.early_epochs * steps_per_epoch
        self._panel = Panel(config, self.photos)

    def _load_examples(self, sources: Sources) -> list[Example]:
        """Every training photo decoded, with people's labels and, where wanted, pseudo-labels."""
        config = self.config
        heads = [
            HeadSource(sets, frozenset(item.name for item in config.sets if head not in item.heads))
            for head, sets in self.photos.label_sets.items()
        ]
        label = PseudoLabeller(self.network.eval(), self.photos.label_sets, config.input)
        certain = {item.name: item.pseudo_labels for item in config.sets}
        examples = []
        for photo in tqdm(self.photos.training, "photos", file=sys.stderr, mininterval=5):
            mapping = self.photos.mappings[photo.set_name]
            example = sources.load(photo, mapping, heads, config.augment.cached_long_side)
            wanted = {
                head: least
                for head, least in certain[photo.set_name].items()
                if photo.key not in self.photos.superseded(head)
            }
            examples.append(label(example, wanted) if wanted else example)
        return examples

    def _recipe_at(self, crop: int) -> Recipe:
        config = self.config.augment
        return recipe(
            config.recipe,
            crop,
            [sets.mirrored for sets in self.photos.label_sets.values()],
            outside=config.outside,
            zoom_chance=config.zoom_chance,
            colour_chance=config.colour_chance,
        )

    def _damage_classes(self, heads: list[LayerName]) -> list[int]:
        """The channel of each training photo's largest damage, 0 where it has none."""
        if "damage" not in heads:
            return [0] * len(self.examples)
        index = heads.index("damage")
        table = self.photos.label_sets["damage"].table
        return [largest_class(example.labels[index], table) for example in self.examples]

    def _refuse_empty_classes(self) -> None:
        for index, (name, sets) in enumerate(self.photos.label_sets.items()):
            pixels = row_pixels(self.examples, index)
            empty = [label for row, label in enumerate(sets.head.labels) if not pixels[row]]
            if empty:
                raise TrainingError(
                    f"No training photo shows {empty} exactly, so the head {name!r} cannot learn "
                    "them. Add labels, or name them in `without`."
                )

    def parameter_groups(self, schedule: ScheduleConfig) -> list[dict[str, object]]:
        encoder = list(self.network.get_submodule("network.encoder").parameters())
        known = {id(parameter) for parameter in encoder}
        rest = [item for item in self.network.parameters() if id(item) not in known]
        for parameter in encoder:
            parameter.requires_grad_(schedule.encoder_lr > 0)
        groups: list[dict[str, object]] = [{"params": rest, "lr": schedule.lr}]
        if schedule.encoder_lr > 0:
            groups.append({"params": encoder, "lr": schedule.encoder_lr})
        return groups

    def batch(self, step: int) -> tuple[Tensor, ...]:
        """Photos (N, 3, crop, crop) float32 and one label map (N, crop, crop) per head."""
        rng = np.random.default_rng([self.config.seed, step])
        vary = self._early_recipe if step < self._early_steps else self._recipe
        seen = [vary(self.examples[i], rng) for i in self._sampler.batch(step)]
        pixels = torch.from_numpy(np.stack([item.pixels for item in seen]))
        labels = [
            torch.from_numpy(np.stack([item.labels[head] for item in seen]))
            for head in range(len(self._losses))
        ]
        return pixels, *labels

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        shrink = self.config.schedule.loss_shrink
        photos = normalised(batch[0], self.config.input.mean, self.config.input.std)
        with torch.autocast(
            photos.device.type, torch.bfloat16, enabled=self.config.schedule.precision == "bfloat16"
        ):
            logits: Mapping[str, Tensor] = self.network(photos, shrink)
        terms = [
            weight * loss(scores.float(), labels[:, ::shrink, ::shrink].long())
            for scores, labels, loss, weight in zip(
                logits.values(), batch[1:], self._losses, self._weights, strict=True
            )
        ]
        return torch.stack(terms).sum()

    def validate(self, network: nn.Module) -> tuple[float, Mapping[str, float]]:
        figures = self._panel.figures(network)
        return self._panel.score(figures), figures


def started_network(config: SegmentationConfig, photos: TrainingPhotos, data: Path) -> nn.Module:
    """The network with its start weights (the encoder's, or all of them), ready to be trained."""
    torch.manual_seed(config.seed)
    network = new_network(config, photos)
    load_encoder(network.get_submodule("network.encoder"), config.model.encoder_paths(data))
    if config.model.start:
        start = Path(config.model.start)
        load_network(network, start_weights(start, photos.classes), start)
    use_subgrids(network)
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def new_network(config: SegmentationConfig, photos: TrainingPhotos) -> SegmentationNet:
    """The configuration's network with a channel for every class of its heads."""
    return build_segmentation(
        config.model.architecture,
        config.model.encoder,
        {name: len(labels) for name, labels in photos.classes.items()},
        options=config.model.options,
        encoder_weights=config.model.encoder_weights or None,
    )


@dataclass(frozen=True)
class Finished:
    """What is decided after training on the validation photos."""

    thresholds: Mapping[LayerName, Mapping[str, float]]
    background_shifts: Mapping[LayerName, float]
    start_share: float


def finish(config: SegmentationConfig, photos: TrainingPhotos, weights: Path) -> Finished:
    """Choose the share of the start weights, background shifts (both become part of the file
    `weights`) and thresholds."""
    network = new_network(replace(config, model=replace(config.model, encoder_weights="")), photos)
    network.load_state_dict(
        {name: tensor.float() for name, tensor in load_file(weights).items()}, strict=False
    )
    network.eval()
    # While training some judges look at a part of their photos; here at all.
    judges = tuple(replace(judge, photos=0) for judge in config.judges)
    panel = Panel(replace(config, judges=judges), photos)
    share = 0.0
    if config.model.start_shares:
        start = start_weights(Path(config.model.start), photos.classes)
        share = best_start_share(panel, network, start, config.model.start_shares)
    shifts: dict[LayerName, float] = {}
    first_channel = 0
    for name, head in config.heads.items():
        if head.shift_background and head.decoder == "softmax":
            shifts[name] = best_background_shift(panel, network, name)
            shift_background(network, first_channel, shifts[name])
        first_channel += len(photos.label_sets[name].head.labels)
    if share or any(shifts.values()):
        save_weights(weights, network)
    return Finished(panel.thresholds(network), shifts, share)
