"""The loss of one head: under its own classes and, where wanted, coarser taxonomies too.

Under a coarser taxonomy logits are summed in probability before they are compared. What people
named as a set ("scratch or paint chip") is mostly one class there ("surface damage"), so it
teaches which pixels to find, not only which classes to leave.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from inference.data.partial import LabelSets
from inference.taxonomy import IGNORE, Merge
from inference.training.config import HeadConfig
from inference.training.devices import CPU
from inference.training.losses import Loss, weighted_sum
from inference.training.validation import representatives, require_coarser

HeadLoss = Callable[[Tensor, Tensor], Tensor]
"""(logits (N, C, H, W), labels (N, H, W) int64 rows of the head's table) → scalar"""


@dataclass(frozen=True)
class Coarser:
    """A head's channels and label rows under a coarser taxonomy.

    `groups[g]` are the channels that its class g sums, `rows[r]` is what the label row r becomes
    (255: not known there), `table` (rows, groups) which groups a row allows.
    """

    groups: tuple[tuple[int, ...], ...]
    rows: Tensor
    table: Tensor

    @classmethod
    def of(cls, sets: LabelSets, merge: Merge, device: torch.device = CPU) -> Coarser:
        """`TrainingError` where the taxonomy divides a class of the head."""
        require_coarser(sets.head, merge)
        merged = merge.prediction_table[list(representatives(sets.head))].tolist()
        shown = sorted(set(merged))
        group_of = [shown.index(one) for one in merged]
        left_out = [one in merge.left_out for one in representatives(sets.head)]
        allowed: list[tuple[int, ...]] = [(group,) for group in range(len(shown))]
        rows = np.full(256, IGNORE, np.int64)
        for row, may_be in enumerate(sets.table):
            channels = np.flatnonzero(may_be).tolist()
            if all(left_out[channel] for channel in channels):
                continue
            found = tuple(sorted({group_of[channel] for channel in channels}))
            if len(found) == len(shown):
                continue
            if found not in allowed:
                allowed.append(found)
            rows[row] = allowed.index(found)
        table = torch.zeros((len(allowed), len(shown)), dtype=torch.bool)
        for row, found in enumerate(allowed):
            table[row, list(found)] = True
        groups = (
            tuple(channel for channel, of in enumerate(group_of) if of == group)
            for group in range(len(shown))
        )
        return cls(tuple(groups), torch.from_numpy(rows).to(device), table.to(device))

    def logits(self, logits: Tensor) -> Tensor:
        """(N, C, H, W) → (N, groups, H, W), whose soft-max is the summed probability."""
        summed = [
            logits[:, group[0]] if len(group) == 1 else logits[:, group].logsumexp(1)
            for group in self.groups
        ]
        return torch.stack(summed, 1)


def head_loss(config: HeadConfig, sets: LabelSets, device: torch.device = CPU) -> HeadLoss:
    """The head's loss, plus the same one under each taxonomy of `merged_loss` by its weight."""
    loss: Loss = weighted_sum(config.loss)
    table = torch.from_numpy(sets.table).to(device)
    coarser = [
        (weight, Coarser.of(sets, sets.head.layer.merge(taxonomy), device))
        for taxonomy, weight in config.merged_loss.items()
    ]

    def of(logits: Tensor, labels: Tensor) -> Tensor:
        terms = [loss(logits, labels, table)]
        for weight, view in coarser:
            terms.append(weight * loss(view.logits(logits), view.rows[labels], view.table))
        return torch.stack(terms).sum()

    return of
