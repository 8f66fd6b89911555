"""The backends by name.

A backend is imported by its name and only when asked for: this is the one place that imports at
run time, because with OpenVINO a worker must never pay for torch (0.5 GB of memory, 3 s), and a
machine may have only one of the two installed.
"""

import importlib
from pathlib import Path
from types import MappingProxyType
from typing import cast

from inference.backends.base import PRECISIONS, Backend, Network, Outputs, default_cache_dir
from inference.errors import ConfigError

__all__ = [
    "BACKENDS",
    "PRECISIONS",
    "Backend",
    "Network",
    "Outputs",
    "default_cache_dir",
    "open_backend",
]

BACKENDS = MappingProxyType(
    {
        "openvino": "inference.backends.openvino_backend",
        "torch": "inference.backends.torch_backend",
    }
)


def open_backend(
    name: str,
    *,
    device: str | None = None,
    cache_dir: Path | None = None,
    precision: str | None = None,
) -> Backend:
    """The backend with this name on `device` (default: its best), its files under `cache_dir`.

    `precision` overrides what the cards of the modules say. `ConfigError` for what there is not.
    """
    if name not in BACKENDS:
        raise ConfigError(f"{name!r} is no backend; there are: {', '.join(BACKENDS)}.")
    try:
        module = importlib.import_module(BACKENDS[name])
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"The backend {name!r} needs {error.name}, which is not installed: "
            f'pip install ".[{name}]".'
        ) from error
    return cast("Backend", module.open_backend(device, cache_dir or default_cache_dir(), precision))
