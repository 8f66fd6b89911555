"""Loading start weights from local files: an encoder's, or a whole network's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from inference.errors import ConfigError
from inference.models import ModuleCard, load_model_version
from inference.taxonomy import LayerName

# The last convolution of MobileNetV2 under torchvision's names, and under timm's.
_RENAMED = {"features.18.0.": "conv_head.", "features.18.1.": "bn2."}
_ENCODER = "network.encoder.model."
# The last convolution of a segmentation net: a channel for every class of its heads.
_LAST = "network.segmentation_head.0."


def load_encoder(encoder: nn.Module, paths: Sequence[Path]) -> None:
    """Load safetensors files into an encoder (the module itself, or its `model`): an encoder's
    own weights, or those of a segmentation network, whose encoder is taken.

    Later files fill what earlier ones lack. Raises `ConfigError` where a file is missing, or
    all together fit less than half of the encoder's tensors.
    """
    if not paths:
        return
    target = getattr(encoder, "model", encoder)
    own = target.state_dict()
    fitting: dict[str, Tensor] = {}
    for path in paths:
        for full, tensor in read_weights(path).items():
            name = full.removeprefix(_ENCODER)
            if name in own and own[name].shape == tensor.shape:
                fitting.setdefault(name, tensor)
    if len(fitting) < len(own) // 2:
        raise ConfigError(
            f"Of the {len(own)} tensors of {type(target).__name__}, {[str(p) for p in paths]} "
            f"fit {len(fitting)}: they were made for another encoder."
        )
    target.load_state_dict(fitting, strict=False)


def load_network(network: nn.Module, given: Mapping[str, Tensor], path: Path) -> None:
    """Load all weights of a network of the same architecture and classes, to go on from them.

    Raises `ConfigError` where what `path` gave was made for another network.
    """
    own = network.state_dict()
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


Heads = Mapping[LayerName, Sequence[str]]
"""Class labels in channel order, head by head."""


def start_file(path: Path, heads: Heads) -> Path:
    """The weights file behind `model.start`: itself, or that of a model version's module."""
    return _module(path, heads).path if path.is_dir() else path


def start_weights(path: Path, heads: Heads) -> dict[str, Tensor]:
    """The weights behind `model.start`: a file as it is, or those of a model version's folder,
    with the channels of these heads only. So one of two heads learns on in a network of its own.

    Raises `ConfigError` where the file cannot be read, or no module has all these classes.
    """
    if not path.is_dir():
        return read_weights(path)
    card = _module(path, heads)
    given = read_weights(card.path)
    known = [(head, label) for head, labels in card.heads.items() for label in labels]
    channels = [known.index((head, label)) for head, labels in heads.items() for label in labels]
    return {
        name: tensor[channels] if name.startswith(_LAST) else tensor
        for name, tensor in given.items()
    }


def _module(folder: Path, heads: Heads) -> ModuleCard:
    """The module of the model version in `folder` that has all classes of `heads`."""
    modules = load_model_version(folder).modules
    for card in modules.values():
        if all(set(labels) <= set(card.heads.get(head, ())) for head, labels in heads.items()):
            return card
    raise ConfigError(
        f"{folder} is no start for this network: none of its modules ({', '.join(modules)}) has "
        f"all classes of the heads {', '.join(heads)}. Take a model version that was trained on "
        "them, or leave `model.start` out."
    )


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
