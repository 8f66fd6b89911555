"""The training file: everything that a killed training needs to go on exactly."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as serialised
from torch import nn

from inference.errors import TrainingError

FILE = "training.pt"


@dataclass
class Progress:
    """Where a training stands. Random state needs no place here: every step seeds itself from
    the configuration's seed and its own number."""

    config: str
    epoch: int = 0
    best_score: float = float("-inf")
    best_epoch: int = 0
    history: list[dict[str, float]] = field(default_factory=list)


def save(
    folder: Path,
    progress: Progress,
    network: nn.Module,
    averaged: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> None:
    """Write the training file beside the old one and rename it over."""
    state = {
        "progress": vars(progress),
        "network": network.state_dict(),
        "averaged": averaged.state_dict(),
        "optimizer": optimizer.state_dict(),
    }
    beside = folder / f"{FILE}.new"
    torch.save(state, beside)
    beside.replace(folder / FILE)


def restore(
    folder: Path,
    config: str,
    network: nn.Module,
    averaged: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> Progress:
    """Take up the training in `folder`, or begin one where there is none.

    Raises `TrainingError` where the file is broken or belongs to another configuration.
    """
    path = folder / FILE
    if not path.exists():
        return Progress(config)
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        progress = Progress(**state["progress"])
    except (OSError, RuntimeError, KeyError, TypeError, EOFError, pickle.UnpicklingError) as error:
        raise TrainingError(
            f"{path} cannot be read ({error}); delete it to begin again."
        ) from error
    if progress.config != config:
        raise TrainingError(
            f"{path} was begun with another configuration; use another folder, or delete it."
        )
    network.load_state_dict(state["network"])
    averaged.load_state_dict(state["averaged"])
    optimizer.load_state_dict(state["optimizer"])
    return progress


def save_weights(path: Path, network: nn.Module) -> None:
    """The network's weights as fp16 safetensors, written beside and renamed over `path`."""
    state = {
        name: tensor.detach().to(torch.float16).contiguous()
        for name, tensor in network.state_dict().items()
        if tensor.is_floating_point()
    }
    beside = path.with_suffix(".new")
    # `save_file` would make a file that only its owner may read, which a container's user is not.
    beside.write_bytes(serialised(state))
    beside.replace(path)
