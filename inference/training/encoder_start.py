"""Loading start weights from local files: an encoder's, or a whole network's."""

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
        for name, tensor in read_weights(path).items():
            if name in own and own[name].shape == tensor.shape:
                fitting.setdefault(name, tensor)
    if len(fitting) < len(own) // 2:
        raise ConfigError(
            f"Of the {len(own)} tensors of {type(target).__name__}, {[str(p) for p in paths]} "
            f"fit {len(fitting)}: they were made for another encoder."
        )
    target.load_state_dict(fitting, strict=False)


def load_network(network: nn.Module, path: Path) -> None:
    """Load all weights of a network of the same architecture and classes, to go on from them.

    Raises `ConfigError` where the file is missing or made for another network.
    """
    own = network.state_dict()
    given = read_weights(path)
    wanted = {name for name, tensor in own.items() if tensor.is_floating_point()}
    other = sorted(
        (wanted ^ set(given))
        | {name for name in wanted & set(given) if own[name].shape != given[name].shape}
    )
    if other:
        raise ConfigError(
            f"{path} is no start for this network: {len(other)} of {len(wanted)} tensors differ "
            f"(the first: {other[0]}). Take weights of the same architecture, encoder and "
            "classes, or leave `model.start` out."
        )
    network.load_state_dict(given, strict=False)


def read_weights(path: Path) -> dict[str, Tensor]:
    """The float tensors of a safetensors file, under this library's names; `ConfigError` where
    it cannot be read."""
    try:
        state = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ConfigError(f"The start weights {path} cannot be read: {error}") from error
    return {_renamed(name): tensor.float() for name, tensor in state.items()}


def _renamed(name: str) -> str:
    for old, new in _RENAMED.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name
