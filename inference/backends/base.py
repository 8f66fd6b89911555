"""What every backend is: it loads a module of a model version and runs it on uint8 photos."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from inference.errors import ConfigError
from inference.models import ModuleCard

Device = Literal["cpu", "cuda"]
PRECISIONS = ("float32", "bfloat16")
Outputs = dict[str, NDArray[np.float32]]
"""Head → probabilities: (N, C, h, w) of a segmentation net, (N, C) of a classifier, whose head
is named `classes`. h and w may be smaller than the input's by a whole factor."""


class Network(Protocol):
    """A loaded module."""

    def __call__(self, photos: NDArray[np.uint8]) -> Outputs:
        """Run on photos (N, H, W, 3) uint8 RGB, not normalised, of one shape."""


class Backend(Protocol):
    """Runs networks on one device at an explicit precision."""

    name: str
    device: str
    """What an assessment records, as `cpu`, `cuda`."""

    def precision(self, card: ModuleCard) -> str:
        """What the module computes in here, as an assessment records it: one of `PRECISIONS`.

        `ConfigError` where this device cannot, or there is no such precision.
        """

    def prepare(self, cards: Sequence[ModuleCard]) -> None:
        """Do once what loading these modules needs and can be kept on disk."""

    def load(self, card: ModuleCard) -> Network:
        """The module ready to run; `WeightsError` where its weights do not fit."""


def precision_of(card: ModuleCard, device: str, asked: str | None) -> str:
    """What was asked for, or else what the module's card says for this device."""
    wanted = asked or card.precision_on.get(device, card.precision)
    if wanted not in PRECISIONS:
        raise ConfigError(
            f"Module {card.name} is to compute in {wanted!r}; there are {', '.join(PRECISIONS)}."
        )
    return wanted


def default_cache_dir() -> Path:
    """Where converted networks are kept: `INFERENCE_CACHE_DIR`, or the user's cache."""
    named = os.environ.get("INFERENCE_CACHE_DIR")
    if named:
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "vehicle-damage-review"
