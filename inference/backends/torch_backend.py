"""Networks in PyTorch, channels-last: eager on the CPU, as recorded graphs on CUDA.

In bfloat16 convolutions and products run in it by autocast; normalisation of the photo and
soft-max stay in float32. In float32 nothing is rounded to TF32, which cuDNN would do unasked.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.backends.base import Network, Outputs, precision_of
from inference.backends.cuda_graphs import ByShape, RecordedForward
from inference.backends.photo_network import PhotoNetwork, photo_network
from inference.errors import ConfigError
from inference.models import ModuleCard

_PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class TorchForward:
    """A module on a device: photos (N, H, W, 3) uint8 there → one tensor per head, float32."""

    def __init__(self, network: PhotoNetwork, device: str, precision: str) -> None:
        self.heads = network.heads
        self._network = network
        self._device = device
        self._dtype = _PRECISIONS[precision]

    def __call__(self, photos: Tensor) -> tuple[Tensor, ...]:
        lower = self._dtype is not torch.float32
        # A recorded graph must not hold casts of weights that autocast frees afterwards.
        cast = torch.autocast(
            self._device, dtype=self._dtype, enabled=lower, cache_enabled=self._device == "cpu"
        )
        with torch.no_grad(), cast:
            outputs = self._network(photos)
        return tuple(output.float() for output in outputs)


class TorchNetwork:
    """A module run eagerly on the CPU."""

    def __init__(self, forward: TorchForward) -> None:
        self._forward = forward

    def __call__(self, photos: NDArray[np.uint8]) -> Outputs:
        outputs = self._forward(torch.from_numpy(photos))
        return dict(zip(self._forward.heads, (one.numpy() for one in outputs), strict=True))


class GraphedNetwork:
    """A module on CUDA: one recorded graph for each of the last input shapes."""

    def __init__(self, forward: TorchForward) -> None:
        self._heads = forward.heads
        self._by_shape = ByShape(RecordedForward.recorder(forward))

    def __call__(self, photos: NDArray[np.uint8]) -> Outputs:
        return dict(zip(self._heads, self._by_shape(photos), strict=True))


class TorchBackend:
    """PyTorch on one device."""

    name = "torch"

    def __init__(self, device: str, precision: str | None = None) -> None:
        self.device = device
        self._precision = precision

    def precision(self, card: ModuleCard) -> str:
        """As asked for or as the card says; a CPU without bfloat16 units does it slowly."""
        return precision_of(card, self.device, self._precision)

    def prepare(self, cards: Sequence[ModuleCard]) -> None:
        """Torch networks keep nothing on disk; that the weights fit shows when they load."""

    def load(self, card: ModuleCard) -> Network:
        precision = self.precision(card)
        network = photo_network(card).to(self.device)
        # torch's type stubs lack this overload.
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        forward = TorchForward(network, self.device, precision)
        return GraphedNetwork(forward) if self.device == "cuda" else TorchNetwork(forward)


def open_backend(device: str | None, cache_dir: Path, precision: str | None = None) -> TorchBackend:
    """PyTorch on `device`, by default CUDA where there is one. It keeps no files."""
    has_cuda = torch.cuda.is_available()
    if device == "cuda" and not has_cuda:
        raise ConfigError("There is no CUDA device here; choose the device 'cpu'.")
    if device != "cpu" and has_cuda:
        compute_exactly()
    return TorchBackend(device or ("cuda" if has_cuda else "cpu"), precision)


def compute_exactly() -> None:
    """float32 on CUDA is float32, and the same photo gives the same bits."""
    torch.backends.cudnn.conv.fp32_precision = "ieee"  # type: ignore[attr-defined]
    torch.backends.cuda.matmul.fp32_precision = "ieee"
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
