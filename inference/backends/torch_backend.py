"""Networks in PyTorch: float32 or bfloat16 as the card says, channels-last, CPU or CUDA."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from inference.backends.base import Outputs
from inference.backends.photo_network import PhotoNetwork, photo_network
from inference.errors import ConfigError
from inference.models import ModuleCard

_PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class TorchNetwork:
    """A module on a device."""

    def __init__(self, network: PhotoNetwork, device: torch.device, precision: torch.dtype) -> None:
        self._network = network
        self._device = device
        self._precision = precision

    def __call__(self, photos: NDArray[np.uint8]) -> Outputs:
        batch = torch.from_numpy(photos).to(self._device, non_blocking=True)
        lower = self._precision is not torch.float32
        with (
            torch.inference_mode(),
            torch.autocast(self._device.type, dtype=self._precision, enabled=lower),
        ):
            outputs = self._network(batch)
        return {
            head: output.float().cpu().numpy()
            for head, output in zip(self._network.heads, outputs, strict=True)
        }


class TorchBackend:
    """Eager PyTorch on one device."""

    name = "torch"

    def __init__(self, device: str) -> None:
        self.device = device

    def prepare(self, cards: Sequence[ModuleCard]) -> None:
        """Eager networks keep nothing on disk; that the weights fit shows when they load."""

    def load(self, card: ModuleCard) -> TorchNetwork:
        network = photo_network(card).to(self.device)
        # torch's type stubs lack this overload.
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return TorchNetwork(network, torch.device(self.device), _precision(card))


def _precision(card: ModuleCard) -> torch.dtype:
    try:
        return _PRECISIONS[card.precision]
    except KeyError:
        raise ConfigError(
            f"Module {card.name} wants {card.precision!r}; there are {', '.join(_PRECISIONS)}."
        ) from None


def open_backend(device: str | None, cache_dir: Path) -> TorchBackend:
    """PyTorch on `device`, by default CUDA where there is one. It keeps no files."""
    has_cuda = torch.cuda.is_available()
    if device == "cuda" and not has_cuda:
        raise ConfigError("There is no CUDA device here; choose the device 'cpu'.")
    return TorchBackend(device or ("cuda" if has_cuda else "cpu"))
