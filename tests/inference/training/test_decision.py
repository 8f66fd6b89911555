from collections.abc import Mapping
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch

from inference.models.segmentation import build_segmentation
from inference.training.decision import (
    become_mean,
    best_start_share,
    shift_background,
    shifted_output,
)
from inference.training.validation import Panel, TrainedOutput


@pytest.fixture
def output() -> TrainedOutput:
    values = torch.randn(3, 4, 5).softmax(0).numpy()
    return TrainedOutput(card=None, head="damage", values=values)  # type: ignore[arg-type]


def test_a_shift_moves_the_background_as_its_logit_would(output: TrainedOutput) -> None:
    logits = np.log(output.values)
    logits[0] -= 1.5

    expected = torch.from_numpy(logits).softmax(0).numpy()

    assert shifted_output(output, -1.5).values == pytest.approx(expected, abs=1e-5)


def test_no_shift_changes_nothing(output: TrainedOutput) -> None:
    assert shifted_output(output, 0.0).values == pytest.approx(output.values, abs=1e-6)


def test_the_shift_becomes_part_of_the_weights(tmp_path: Path) -> None:
    network = build_segmentation("Unet", "tu-mobilenetv2_035", {"parts": 3, "damage": 2}).eval()
    photos = torch.zeros(1, 3, 64, 64)
    with torch.inference_mode():
        before = network(photos)

    shift_background(network, 3, -2.0)

    with torch.inference_mode():
        after = network(photos)
    assert torch.equal(after["parts"], before["parts"])
    assert torch.allclose(after["damage"][:, 0], before["damage"][:, 0] - 2.0, atol=1e-5)
    assert torch.equal(after["damage"][:, 1], before["damage"][:, 1])


def test_weights_become_the_mean_with_the_start() -> None:
    network = torch.nn.Linear(2, 1)
    learnt = {name: torch.full_like(value, 4.0) for name, value in network.state_dict().items()}

    become_mean(network, learnt, {"weight": torch.zeros(1, 2)}, 0.25)

    assert torch.equal(network.weight, torch.full((1, 2), 3.0))
    become_mean(network, learnt, {"weight": torch.zeros(1, 2)}, 0.0)
    assert torch.equal(network.weight, torch.full((1, 2), 4.0))


class Likes:
    """A panel whose one figure is best where the weight is 3."""

    def figures(self, network: torch.nn.Linear) -> dict[str, float]:
        return {"figure": -abs(network.weight.item() - 3.0)}

    def score(self, figures: Mapping[str, float]) -> float:
        return figures["figure"]


def test_the_best_share_of_the_start_is_taken() -> None:
    network = torch.nn.Linear(1, 1)
    torch.nn.init.constant_(network.weight, 4.0)
    start = {"weight": torch.zeros(1, 1)}

    share = best_start_share(cast("Panel", Likes()), network, start, (0.0, 0.25, 0.5))

    assert share == 0.25
    assert network.weight.item() == 3.0
