"""Pseudo-labels: what people left open on training photos, filled in by the start weights.

Self-training (Lee 2013; Xie et al. 2020, "noisy student"): a network trained before says what
it sees on photos that are not labelled in a layer, or only by a set of classes ("a door"). Where
it is certain its answer becomes the label; the next network learns it under stronger changes of
the photo. What people labelled exactly is never touched, and an answer outside the set that
they named is impossible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from inference.data.augment import Example
from inference.data.partial import LabelSets
from inference.data.records import Size
from inference.preprocessing import Fit, Pixels
from inference.taxonomy import IGNORE, LayerName
from inference.training.config import InputConfig
from inference.training.devices import device_of
from inference.training.validation import normalised

# As in training, the loss is computed at a fraction of the size; so are the answers.
_SHRINK = 4


@dataclass
class PseudoLabeller:
    """A network in evaluation mode with its label sets per head, in the order of its heads."""

    network: nn.Module
    label_sets: dict[LayerName, LabelSets]
    spec: InputConfig

    def __call__(self, example: Example, certain: dict[LayerName, float]) -> Example:
        """The example with labels filled in for every head of `certain`, which gives the least
        probability (among the classes still open) that counts."""
        answers = self._probabilities(example.pixels, list(certain))
        labels = [
            filled(label, answers[name], sets.table, certain[name]) if name in certain else label
            for (name, sets), label in zip(self.label_sets.items(), example.labels, strict=True)
        ]
        return replace(example, labels=tuple(labels))

    @torch.inference_mode()
    def _probabilities(
        self, pixels: Pixels, heads: Sequence[LayerName]
    ) -> dict[LayerName, NDArray[np.float32]]:
        """Per head (C, H, W): the mean of the photo's and its mirror image's probabilities."""
        size: Size = (pixels.shape[0], pixels.shape[1])
        fit = Fit.to_long_side(size, self.spec.long_side, self.spec.multiple)
        given = torch.from_numpy(fit.network_input(pixels))[None].to(device_of(self.network))
        photo = normalised(given, self.spec.mean, self.spec.std)
        seen = self.network(photo, _SHRINK)
        mirrored = self.network(photo.flip(-1), _SHRINK)
        result = {}
        for name in heads:
            swap = self.label_sets[name].channel_swap
            swapped = mirrored[name].softmax(1)[:, swap].flip(-1)
            mean = (seen[name].softmax(1) + swapped) / 2
            inner = torch.from_numpy(fit.crop_back(mean[0].cpu().numpy()))
            result[name] = functional.interpolate(inner[None], size, mode="bilinear")[0].numpy()
        return result


def filled(
    labels: NDArray[np.uint8],
    probabilities: NDArray[np.float32],
    table: NDArray[np.bool_],
    certain: float,
) -> NDArray[np.uint8]:
    """Label rows (H, W) with open pixels decided where `probabilities` (C, H, W) allow it.

    A pixel with a set of classes, or *ignore*, gets the likeliest class of that set if its share
    of the set's probability is at least `certain`; the others stay as they are.
    """
    result = labels.copy()
    for row in open_rows(labels, len(probabilities)):
        where = labels == row
        allowed = np.ones(len(probabilities), np.bool_) if row == IGNORE else table[row]
        channels = np.flatnonzero(allowed).astype(np.uint8)
        among = probabilities[channels][:, where]
        best = among.argmax(axis=0)
        share = among.max(axis=0) / np.maximum(among.sum(axis=0), np.finfo(np.float32).tiny)
        result[where] = np.where(share >= certain, channels[best], np.uint8(row))
    return result


def open_rows(labels: NDArray[np.uint8], channels: int) -> Sequence[int]:
    """The rows in a label map that do not name one class: sets, and 255."""
    present = np.flatnonzero(np.bincount(labels.ravel(), minlength=256))
    return [int(row) for row in present if row >= channels]
