"""Losses on set-valued labels: cross entropy, dice, focal, and weighted sums of them.

`labels` (N, H, W) hold rows of `table` (rows, C), the channels that a pixel may be; 255 is
left out. With one channel a row they are the usual losses (Ma et al. 2023; Lin et al. 2017).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional

from inference.errors import ConfigError
from inference.taxonomy import IGNORE

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]
"""(logits (N, C, H, W), labels (N, H, W) int64, table (rows, C) bool) → scalar"""

FOCAL_GAMMA = 2.0
_TINY = 1e-6


def log_allowed(log_probabilities: Tensor, labels: Tensor, table: Tensor) -> Tensor:
    """Log of the summed probability of each pixel's allowed channels, (N, H, W); 0 if ignored.

    Exact labels are gathered; only pixels with a true set pay for the sum.
    """
    known = labels != IGNORE
    safe = labels.where(known, torch.zeros_like(labels))
    exact = log_probabilities.gather(
        1, safe.clamp(max=log_probabilities.shape[1] - 1).unsqueeze(1)
    ).squeeze(1)
    several = known & (labels >= log_probabilities.shape[1])
    if several.any():
        chosen = log_probabilities.permute(0, 2, 3, 1)[several]
        allowed = table[labels[several]]
        summed = chosen.masked_fill(~allowed, float("-inf")).logsumexp(dim=1)
        exact = exact.masked_scatter(several, summed)
    return exact * known


def cross_entropy(logits: Tensor, labels: Tensor, table: Tensor) -> Tensor:
    """Mean negative log of the allowed probability over the labelled pixels."""
    known = (labels != IGNORE).sum().clamp(min=1)
    return -log_allowed(logits.log_softmax(1), labels, table).sum() / known


def focal(logits: Tensor, labels: Tensor, table: Tensor) -> Tensor:
    """Cross entropy with each pixel weighted by (1 - allowed probability) ** 2."""
    log_p = log_allowed(logits.log_softmax(1), labels, table)
    known = (labels != IGNORE).sum().clamp(min=1)
    return -((1.0 - log_p.exp()) ** FOCAL_GAMMA * log_p).sum() / known


def dice(logits: Tensor, labels: Tensor, table: Tensor) -> Tensor:
    """1 - mean dice coefficient over the classes that the batch shows.

    A pixel with a set counts for whichever allowed channel is predicted there: its summed
    allowed probability is no error, the rest is.
    """
    channels = logits.shape[1]
    known = labels != IGNORE
    probabilities = logits.softmax(1) * known.unsqueeze(1)
    exact = known & (labels < channels)
    target = functional.one_hot(labels.where(exact, torch.zeros_like(labels)), channels)
    target = target.permute(0, 3, 1, 2).to(logits.dtype) * exact.unsqueeze(1)
    several = known & ~exact
    if several.any():
        probabilities = probabilities * _outside_allowed(labels, several, table, channels)
    overlap = (probabilities * target).sum((0, 2, 3))
    total = (probabilities + target).sum((0, 2, 3))
    shown = target.sum((0, 2, 3)) > 0
    if not shown.any():
        return logits.sum() * 0.0
    return 1.0 - (2.0 * overlap[shown] / (total[shown] + _TINY)).mean()


def _outside_allowed(labels: Tensor, several: Tensor, table: Tensor, channels: int) -> Tensor:
    keep = torch.ones((*labels.shape, channels), dtype=torch.bool, device=labels.device)
    keep[several] = ~table[labels[several]]
    return keep.permute(0, 3, 1, 2)


def binary_focal(logits: Tensor, labels: Tensor, table: Tensor) -> Tensor:
    """Focal loss of one sigmoid per class (the multi-label decoder), background left to chance.

    Only exact labels say which classes are absent; a set says that those outside it are.
    """
    known = (labels != IGNORE).unsqueeze(1)
    allowed = table[labels.where(labels != IGNORE, torch.zeros_like(labels))]
    allowed = allowed.permute(0, 3, 1, 2)
    single = allowed.sum(1, keepdim=True) == 1
    counted = known & (single | ~allowed)
    target = allowed.to(logits.dtype)
    entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    weight = (1.0 - torch.exp(-entropy)) ** FOCAL_GAMMA * counted
    return (weight * entropy).sum() / counted.sum().clamp(min=1) * logits.shape[1]


LOSSES: Mapping[str, Loss] = {
    "cross_entropy": cross_entropy,
    "dice": dice,
    "focal": focal,
    "binary_focal": binary_focal,
}


def weighted_sum(weights: Mapping[str, float]) -> Loss:
    """A loss from names and weights, such as `{"dice": 1.0, "cross_entropy": 1.0}`."""
    if not weights:
        raise ConfigError(f"A head needs at least one loss of: {', '.join(LOSSES)}.")
    if unknown := sorted(set(weights) - set(LOSSES)):
        raise ConfigError(f"{unknown} are no losses; there are: {', '.join(LOSSES)}.")

    def loss(logits: Tensor, labels: Tensor, table: Tensor) -> Tensor:
        terms = [weight * LOSSES[name](logits, labels, table) for name, weight in weights.items()]
        return torch.stack(terms).sum()

    return loss
