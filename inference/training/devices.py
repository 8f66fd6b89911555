"""Where a training computes."""

from __future__ import annotations

from typing import Literal

import torch
from torch import nn

from inference.errors import ConfigError

CPU = torch.device("cpu")


def chosen_device(name: Literal["auto", "cpu", "cuda"]) -> torch.device:
    """The device with this name; `auto` is the GPU where there is one.

    Raises `ConfigError` for a GPU that PyTorch does not see.
    """
    seen = torch.cuda.is_available()
    if name == "cuda" and not seen:
        raise ConfigError(
            f"This PyTorch ({torch.__version__}) sees no CUDA device. Install its CUDA build "
            "(`make install TORCH_INDEX=`) on a machine with a GPU, or train with --device cpu."
        )
    return torch.device("cuda" if seen and name != "cpu" else "cpu")


def device_of(network: nn.Module) -> torch.device:
    """Where the network's weights are."""
    return next(network.parameters()).device
