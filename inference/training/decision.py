"""After training: what the validation photos decide.

How much of the start weights stays in the mean with what was learnt from them, and how much the
background must be shown to win a pixel.

Damage covers few pixels, so a network trained on all of them says *no damage* too readily. A
constant added to the background's logit moves that line; the best one for the judges' mIoU is
chosen on validation photos and becomes part of the weights, so nothing is left to do at
inference. (Logit adjustment; Menon et al. 2021.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from inference.evaluation.counts import Counts
from inference.taxonomy import BACKGROUND, LayerName
from inference.training.validation import Panel, PhotoJudge, TrainedOutput, judged_miou

SHIFTS = (0.0, -0.25, -0.5, -0.75, -1.0, -1.5)

T = TypeVar("T")


def best_start_share(
    panel: Panel, network: nn.Module, start: Mapping[str, Tensor], shares: Sequence[float]
) -> float:
    """The share of `start` in the mean with `network` for which the judges' score is highest;
    the network becomes that mean. The first of equal ones wins."""
    learnt = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    scores = []
    for share in shares:
        become_mean(network, learnt, start, share)
        scores.append(panel.score(panel.figures(network)))
    best = shares[int(np.argmax(scores))]
    become_mean(network, learnt, start, best)
    return best


@torch.no_grad()
def become_mean(
    network: nn.Module, learnt: Mapping[str, Tensor], start: Mapping[str, Tensor], share: float
) -> None:
    """Weights and batch statistics of `network` become (1 - share) · learnt + share · start."""
    for name, tensor in network.state_dict().items():
        if name in start:
            tensor.copy_(torch.lerp(learnt[name], start[name].to(tensor), share))


def best_background_shift(panel: Panel, network: nn.Module, head: LayerName) -> float:
    """The constant of `SHIFTS` under which the weighted mean of the head's figures is highest.

    0 wins a tie: nothing is changed without need.
    """
    judges = [judge for judge in panel.judges if judge.config.head == head]
    counted: list[list[list[Counts]]] = [[[] for _ in judges] for _ in SHIFTS]
    for key, outputs in panel.outputs(network, {}):
        for place, shift in enumerate(SHIFTS):
            shifted = shifted_output(outputs[head], shift)
            for counts, judge in zip(counted[place], judges, strict=True):
                if key in judge.photos:
                    counts.append(judge.counts(key, shifted))
    scores = [_score(judges, counts) for counts in counted]
    return SHIFTS[int(np.argmax(scores))]


def shifted_output(output: TrainedOutput, shift: float) -> TrainedOutput:
    """The soft-max probabilities as if `shift` had been added to the background's logit."""
    values = output.values.copy()
    values[BACKGROUND] *= np.float32(np.exp(shift))
    return replace(output, values=values / values.sum(axis=0))


def _score(judges: Sequence[PhotoJudge], counted: Sequence[list[Counts]]) -> float:
    figures = [
        judged_miou(np.sum(counts, axis=0), judge.judge.classes)
        for judge, counts in zip(judges, counted, strict=True)
    ]
    return float(np.average(figures, weights=[judge.config.weight for judge in judges]))


@torch.no_grad()
def shift_background(network: nn.Module, channel: int, shift: float) -> None:
    """Add `shift` to the bias of `channel` in the network's last convolution."""
    bias = network.get_parameter("network.segmentation_head.0.bias")
    bias[channel] += shift
