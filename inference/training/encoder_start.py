"""Loading an encoder's start weights from local files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from inference.errors import ConfigError

# The last convolution of MobileNetV2 under torchvision's names, and under timm's.
_RENAMED = {"features.18.0.": "conv_head.", "features.18.1.": "bn2."}


def load_encoder(encoder: nn.Module, paths: Sequence[Path]) -> None:
    """Load safetensors files into an encoder (the module itself, or its `model`).

    Later files fill what earlier ones lack. Raises `ConfigError` where a file is missing, or
    all together fit less than half of the encoder's tensors.
    """
    if not paths:
        return
    target = getattr(encoder, "model", encoder)
    own = target.state_dict()
    fitting: dict[str, Tensor] = {}
    for path in paths:
        for name, tensor in _read(path).items():
            if name in own and own[name].shape == tensor.shape:
                fitting.setdefault(name, tensor)
    if len(fitting) < len(own) // 2:
        raise ConfigError(
            f"Of the {len(own)} tensors of {type(target).__name__}, {[str(p) for p in paths]} "
            f"fit {len(fitting)}: they were made for another encoder."
        )
    target.load_state_dict(fitting, strict=False)


def _read(path: Path) -> dict[str, Tensor]:
    try:
        state = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ConfigError(f"The encoder file {path} cannot be read: {error}") from error
    return {_renamed(name): tensor.float() for name, tensor in state.items()}


def _renamed(name: str) -> str:
    for old, new in _RENAMED.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name
