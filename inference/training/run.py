"""One training from a configuration file: the entry point of `train`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from inference.training.classifier import ClassifierTask
from inference.training.config import ClassifierConfig, TrainingConfig
from inference.training.config_file import read_config
from inference.training.devices import CPU
from inference.training.loop import Outcome, Task, run
from inference.training.segmentation import SegmentationTask


def train(
    config_path: Path,
    data: Path,
    folder: Path,
    changes: Sequence[str] = (),
    device: torch.device = CPU,
) -> Outcome:
    """Train what `config_path` with `changes` describes on the sets in `data`; go on where
    `folder` stands."""
    config = read_config(config_path, changes)
    task = _task(config, data, device)
    return run(task, config.schedule, config.seed, folder, fingerprint(config))


def _task(config: TrainingConfig, data: Path, device: torch.device) -> Task:
    if isinstance(config, ClassifierConfig):
        return ClassifierTask(config, data, device)
    return SegmentationTask(config, data, device)


def fingerprint(config: TrainingConfig) -> str:
    """SHA-256 of all values of a configuration but its length: a training may be lengthened."""
    values = asdict(config)
    values["schedule"].pop("epochs")
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
