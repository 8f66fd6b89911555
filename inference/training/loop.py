"""The training loop, the same for every module: warm-up and one cycle, averaged weights,
best checkpoint by validation, exact resumption."""

from __future__ import annotations

import copy
import ctypes
import math
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn
from tqdm import tqdm

from inference.errors import TrainingError
from inference.training import checkpoint
from inference.training.config import ScheduleConfig
from inference.training.curves import write_curves
from inference.training.devices import device_of
from inference.training.schedule import rate_factor

Batch = tuple[Tensor, ...]

BEST_WEIGHTS = "best.safetensors"
LAST_WEIGHTS = "last.safetensors"
_GRADIENT_LIMIT = 5.0
_OPTIMIZERS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "adamw": torch.optim.AdamW,
    "adam": torch.optim.Adam,
    "rmsprop": torch.optim.RMSprop,
}


class Task(Protocol):
    """What a kind of module brings to the loop."""

    network: nn.Module

    def parameter_groups(self, schedule: ScheduleConfig) -> list[dict[str, object]]:
        """Parameters with the highest learning rate (`lr`) of each group."""

    def batch(self, step: int) -> Batch:
        """The examples of this step, the same for the same step."""

    def loss(self, batch: Batch) -> Tensor:
        """The loss of one batch under the network in training mode."""

    def validate(self, network: nn.Module) -> tuple[float, Mapping[str, float]]:
        """The score that picks the best checkpoint, and all figures by name."""


@dataclass(frozen=True)
class Outcome:
    """A finished training: its folder, and the validation figures of its best epoch."""

    folder: Path
    best_epoch: int
    figures: Mapping[str, float]


def run(task: Task, schedule: ScheduleConfig, seed: int, folder: Path, config: str) -> Outcome:
    """Train to the end, from where the training in `folder` stands, on the device that the
    task's network is on.

    Raises `TrainingError` at a loss that is not finite.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keep_freed_memory()
    network = task.network
    averaged = copy.deepcopy(network).eval()
    optimizer = _OPTIMIZERS[schedule.optimizer](
        task.parameter_groups(schedule), weight_decay=schedule.weight_decay
    )
    highest = [group["lr"] for group in optimizer.param_groups]
    progress = checkpoint.restore(folder, config, network, averaged, optimizer)
    steps = max(1, schedule.photos_per_epoch // schedule.batch)
    with tqdm(
        total=schedule.epochs * steps,
        initial=progress.epoch * steps,
        file=sys.stderr,
        mininterval=5,
    ) as bar:
        while progress.epoch < schedule.epochs:
            losses = []
            first = progress.epoch * steps
            for step, batch in _batches(task, first, first + steps):
                factor = rate_factor(schedule, step, steps)
                for group, rate in zip(optimizer.param_groups, highest, strict=True):
                    group["lr"] = rate * factor
                torch.manual_seed(seed + step)
                losses.append(_step(task, batch, optimizer, step))
                _average(averaged, network, min(schedule.ema, (1 + step) / (10 + step)))
                bar.update()
                bar.set_postfix(loss=f"{sum(losses) / len(losses):.3f}", refresh=False)
            progress.epoch += 1
            _finish_epoch(task, averaged, schedule, progress, folder, sum(losses) / len(losses))
            checkpoint.save(folder, progress, network, averaged, optimizer)
    figures = next(row for row in progress.history if row["epoch"] == progress.best_epoch)
    return Outcome(folder, progress.best_epoch, figures)


def keep_freed_memory() -> None:
    """Have glibc keep freed blocks: a third of the time of a step on a CPU goes into getting
    the same memory from the system again and again."""
    if sys.platform != "linux":
        return
    trim_threshold, mmap_threshold = -1, -3
    libc = ctypes.CDLL(None)
    libc.mallopt(mmap_threshold, 1 << 30)
    libc.mallopt(trim_threshold, (1 << 31) - 1)


def _batches(task: Task, first: int, end: int) -> Iterator[tuple[int, Batch]]:
    """Batches in order on the network's device, the next ones prepared beside the current step.

    On a CPU one thread keeps ahead of the step; a GPU waits for as many as there are cores.
    """
    device = device_of(task.network)
    ahead = 1 if device.type == "cpu" else os.cpu_count() or 1
    with ThreadPoolExecutor(max_workers=ahead) as pool:
        coming: deque[Future[Batch]] = deque()
        for step in range(first, end + ahead):
            if step < end:
                coming.append(pool.submit(task.batch, step))
            if step - ahead >= first:
                batch = coming.popleft().result()
                yield step - ahead, tuple(tensor.to(device) for tensor in batch)


def _step(task: Task, batch: Batch, optimizer: torch.optim.Optimizer, step: int) -> float:
    _prepare(task.network)
    loss = task.loss(batch)
    value = float(loss.detach())
    if not math.isfinite(value):
        raise TrainingError(
            f"The loss became {value} at step {step}. Lower the learning rate, lengthen the "
            "warm-up, or train in float32."
        )
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(task.network.parameters(), _GRADIENT_LIMIT)
    optimizer.step()
    return value


def _prepare(network: nn.Module) -> None:
    """Training mode, but what is frozen keeps its batch statistics too."""
    network.train()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d) and not module.weight.requires_grad:
            module.eval()


@torch.no_grad()
def _average(averaged: nn.Module, network: nn.Module, decay: float) -> None:
    """Exponential moving average of weights and batch statistics; counters are copied."""
    for mean, tensor in zip(
        averaged.state_dict().values(), network.state_dict().values(), strict=True
    ):
        if mean.is_floating_point():
            mean.lerp_(tensor, 1.0 - decay)
        else:
            mean.copy_(tensor)


def _finish_epoch(
    task: Task,
    averaged: nn.Module,
    schedule: ScheduleConfig,
    progress: checkpoint.Progress,
    folder: Path,
    loss: float,
) -> None:
    row: dict[str, float] = {"epoch": progress.epoch, "loss": loss}
    due = progress.epoch % schedule.validate_every == 0 or progress.epoch == schedule.epochs
    if due:
        score, figures = task.validate(averaged)
        row |= {"score": score, **figures}
        checkpoint.save_weights(folder / LAST_WEIGHTS, averaged)
        if score > progress.best_score:
            progress.best_score, progress.best_epoch = score, progress.epoch
            checkpoint.save_weights(folder / BEST_WEIGHTS, averaged)
        tqdm.write(" ".join(f"{key}={value:.4g}" for key, value in row.items()), file=sys.stderr)
    progress.history.append(row)
    write_curves(folder, progress.history)
