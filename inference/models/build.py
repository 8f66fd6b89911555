"""From a module's card to its network with the card's weights."""

from __future__ import annotations

import torch
from safetensors.torch import load_file
from torch import nn

from inference.errors import WeightsError
from inference.models.card import ModuleCard
from inference.models.classifier import build_classifier
from inference.models.segmentation import build_segmentation


def build(card: ModuleCard) -> nn.Module:
    """The module's network in float32, evaluation mode, with its weights loaded.

    A segmentation net maps normalised float32 photos (N, 3, H, W) to a dict of logits
    (N, C, H, W), one per head; a classifier to logits (N, classes). Raises `WeightsError`
    where the file does not fit the architecture.
    """
    network = build_empty(card)
    state = {name: tensor.float() for name, tensor in load_file(card.path).items()}
    try:
        _load(network, state)
    except RuntimeError as error:
        raise WeightsError(f"{card.path} does not fit {card.architecture}: {error}") from error
    return network.eval()


def build_empty(card: ModuleCard) -> nn.Module:
    """The module's network with random weights."""
    if card.kind == "classifier":
        return build_classifier(card.architecture, len(card.classes), **card.options)
    heads = {name: len(labels) for name, labels in card.heads.items()}
    return build_segmentation(card.architecture, card.encoder or "", heads, options=card.options)


def _load(network: nn.Module, state: dict[str, torch.Tensor]) -> None:
    # Counters of seen batches are integers that only training needs; they are not stored.
    missing, unexpected = network.load_state_dict(state, strict=False)
    wanted = [name for name in missing if not name.endswith("num_batches_tracked")]
    if wanted or unexpected:
        raise RuntimeError(f"missing {wanted[:5]}, unexpected {unexpected[:5]}")
