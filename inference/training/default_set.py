"""The default set of modules: everything an assessment needs, trained and exported at once."""

from __future__ import annotations

import logging
from pathlib import Path

import torch

from inference.training.config_file import read_config
from inference.training.devices import CPU
from inference.training.export import FinishedTraining, export
from inference.training.run import train

CONFIGS = Path(__file__).with_name("configs")
DEFAULT_SET = ("parts", "damage", "presence", "whole")

log = logging.getLogger(__name__)


def default_trainings(runs: Path) -> list[FinishedTraining]:
    """The default set's configurations and the folders in `runs` where they are trained."""
    return [
        FinishedTraining(read_config(CONFIGS / f"{name}.toml"), runs / name) for name in DEFAULT_SET
    ]


def train_default_set(
    data: Path, runs: Path, out: Path, version: str, device: torch.device = CPU
) -> Path:
    """Train every module in `runs` (taking up what was begun there) and export to `out`."""
    for name in DEFAULT_SET:
        outcome = train(CONFIGS / f"{name}.toml", data, runs / name, device=device)
        log.info("%s: best epoch %d, %s", name, outcome.best_epoch, dict(outcome.figures))
    return export(default_trainings(runs), data, out, version)
