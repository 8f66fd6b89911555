import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from inference.errors import TrainingError
from inference.training.checkpoint import FILE
from inference.training.config import ScheduleConfig
from inference.training.curves import best_figures
from inference.training.loop import BEST_WEIGHTS, run
from inference.training.schedule import FLOOR, rate_factor

SCHEDULE = ScheduleConfig(epochs=4, photos_per_epoch=6, batch=2, lr=0.05, encoder_lr=0.0)


class Killed(Exception):
    """What a test throws in the middle of a training."""


class Line:
    """A task that learns y = 2x, with dropout so that random state matters."""

    def __init__(self, scores: list[float] | None = None) -> None:
        torch.manual_seed(0)
        self.network: nn.Module = nn.Sequential(nn.Linear(1, 8), nn.Dropout(0.5), nn.Linear(8, 1))
        self.scores = scores
        self.validated = 0
        self.kill_at: int | None = None
        self.loss_factor = 1.0

    def parameter_groups(self, schedule: ScheduleConfig) -> list[dict[str, object]]:
        return [{"params": list(self.network.parameters()), "lr": schedule.lr}]

    def batch(self, step: int) -> tuple[Tensor, ...]:
        x = torch.rand(2, 1, generator=torch.Generator().manual_seed(step))
        return x, 2 * x

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        guess: Tensor = self.network(batch[0])
        return ((guess - batch[1]) ** 2).mean() * self.loss_factor

    def validate(self, network: nn.Module) -> tuple[float, Mapping[str, float]]:
        if self.validated == self.kill_at:
            raise Killed
        score = self.scores[self.validated] if self.scores else float(self.validated)
        self.validated += 1
        return score, {"figure": score}


def weights(folder: Path) -> dict[str, Tensor]:
    return load_file(folder / "last.safetensors")


def test_a_training_learns_and_reports_its_best_epoch(tmp_path: Path) -> None:
    outcome = run(Line([0.1, 0.7, 0.3, 0.2]), SCHEDULE, 1, tmp_path, "config")

    assert outcome.best_epoch == 2
    assert outcome.figures["figure"] == 0.7


def test_the_kept_weights_are_those_of_the_best_epoch(tmp_path: Path) -> None:
    run(Line([0.9, 0.1, 0.1, 0.1]), SCHEDULE, 1, tmp_path / "long", "config")
    run(Line([0.9]), replace(SCHEDULE, epochs=4, validate_every=4), 1, tmp_path / "late", "config")

    best, last = load_file(tmp_path / "long" / BEST_WEIGHTS), weights(tmp_path / "long")

    assert any(not torch.equal(best[name], last[name]) for name in best)
    assert all(torch.equal(last[name], value) for name, value in weights(tmp_path / "late").items())


def test_a_killed_training_goes_on_exactly(tmp_path: Path) -> None:
    run(Line(), SCHEDULE, 1, tmp_path / "whole", "config")
    killed = Line()
    killed.kill_at = 2
    with pytest.raises(Killed):
        run(killed, SCHEDULE, 1, tmp_path / "killed", "config")

    run(Line(), SCHEDULE, 1, tmp_path / "killed", "config")

    expected = weights(tmp_path / "whole")
    assert all(torch.equal(expected[n], v) for n, v in weights(tmp_path / "killed").items())


def test_a_finished_training_is_not_trained_again(tmp_path: Path) -> None:
    run(Line(), SCHEDULE, 1, tmp_path, "config")
    again = Line()

    run(again, SCHEDULE, 1, tmp_path, "config")

    assert again.validated == 0


def test_another_configuration_is_not_taken_up(tmp_path: Path) -> None:
    run(Line(), SCHEDULE, 1, tmp_path, "config")

    with pytest.raises(TrainingError, match="another configuration"):
        run(Line(), SCHEDULE, 1, tmp_path, "other")


def test_a_broken_training_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a checkpoint")

    with pytest.raises(TrainingError, match="delete it"):
        run(Line(), SCHEDULE, 1, tmp_path, "config")


@pytest.mark.parametrize("factor", [float("nan"), float("inf")])
def test_a_loss_that_is_not_finite_stops_the_training(tmp_path: Path, factor: float) -> None:
    task = Line()
    task.loss_factor = factor

    with pytest.raises(TrainingError, match="step 0"):
        run(task, SCHEDULE, 1, tmp_path, "config")


def test_curves_have_a_row_an_epoch_and_a_picture(tmp_path: Path) -> None:
    run(Line([0.1, 0.7, 0.3, 0.2]), SCHEDULE, 1, tmp_path, "config")

    with (tmp_path / "curves.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["score"]) for row in rows] == [0.1, 0.7, 0.3, 0.2]
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert best_figures(tmp_path)["epoch"] == 2


def test_figures_of_a_training_without_validation_are_refused(tmp_path: Path) -> None:
    (tmp_path / "curves.csv").write_text("epoch,loss\n1,0.5\n")

    with pytest.raises(TrainingError, match="no validated epoch"):
        best_figures(tmp_path)


def test_the_rate_rises_over_the_warm_up_then_falls_to_its_floor() -> None:
    schedule = replace(SCHEDULE, epochs=10, warm_up_epochs=1.0)
    factors = [rate_factor(schedule, step, 10) for step in range(100)]

    assert factors[:10] == pytest.approx([(step + 1) / 10 for step in range(10)])
    assert factors[9:] == sorted(factors[9:], reverse=True)
    assert factors[-1] == pytest.approx(FLOOR)


def test_an_inverse_decay_halves_the_rate_when_step_and_rate_multiply_to_one() -> None:
    schedule = replace(SCHEDULE, decay="inverse", inverse_rate=0.01, warm_up_epochs=0.0)

    assert rate_factor(schedule, 100, 1) == pytest.approx(0.5)


def test_a_constant_rate_does_not_fall() -> None:
    schedule = replace(SCHEDULE, decay="constant", warm_up_epochs=0.0)

    assert {rate_factor(schedule, step, 6) for step in range(24)} == {1.0}


@pytest.mark.parametrize("optimizer", ["adamw", "adam", "rmsprop"])
def test_every_optimizer_changes_the_weights(
    optimizer: Literal["adamw", "adam", "rmsprop"], tmp_path: Path
) -> None:
    line = Line()
    before = line.network.get_parameter("0.weight").clone()

    run(line, replace(SCHEDULE, optimizer=optimizer, epochs=1), 1, tmp_path, "config")

    assert not torch.equal(line.network.get_parameter("0.weight"), before)


def test_without_averaging_the_kept_weights_are_the_last_ones(tmp_path: Path) -> None:
    line = Line()

    run(line, replace(SCHEDULE, ema=0.0, epochs=1), 1, tmp_path, "config")

    for name, tensor in line.network.state_dict().items():
        assert torch.equal(weights(tmp_path)[name], tensor.half())


def test_what_is_frozen_keeps_its_batch_statistics(tmp_path: Path) -> None:
    line = Line()
    frozen, learning = nn.BatchNorm2d(1), nn.BatchNorm2d(1)
    frozen.requires_grad_(requires_grad=False)
    shape = nn.Unflatten(1, (1, 1, 1))
    line.network = nn.Sequential(shape, frozen, learning, nn.Flatten(), nn.Linear(1, 1))

    run(line, replace(SCHEDULE, epochs=1), 1, tmp_path, "config")

    assert frozen.running_mean is not None
    assert learning.running_mean is not None
    assert frozen.running_mean.item() == 0.0
    assert learning.running_mean.item() != 0.0
