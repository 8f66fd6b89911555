"""Networks in OpenVINO on the CPU, loaded from converted files without torch.

A module is converted once, in a process of its own, and kept by the SHA-256 of its weights and
of how it is fed. Precision is set, never left to the plugin: its default differs by machine.
There are float32, and bfloat16 on a CPU that has units for it (AVX512-BF16, AMX); elsewhere the
plugin would silently compute in float32, so it is refused. There is no int8: it needs a
calibrated network, another file with an accuracy of its own, and so a model version of its own.
"""

import hashlib
import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray

from inference.backends.base import Outputs, precision_of
from inference.errors import ConfigError, WeightsError
from inference.models import ModuleCard

_PRECISIONS = {"float32": openvino.Type.f32, "bfloat16": openvino.Type.bf16}
log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
# The plugin keeps prepared kernels of every shape it ever saw, about 20 MB a shape: over many
# photos a worker would grow past any limit. So many are those of the last few shapes.
_KEPT_KERNELS = 600
_CONVERSION = "inference.backends.conversion"
# Part of the file name: raise it when the network around the module changes.
_RECIPE = 2


class OpenVinoNetwork:
    """A compiled module with one inference request."""

    def __init__(self, compiled: openvino.CompiledModel, heads: tuple[str, ...]) -> None:
        self._request = compiled.create_infer_request()
        self._heads = heads

    def __call__(self, photos: NDArray[np.uint8]) -> Outputs:
        self._request.infer([photos], share_inputs=True)
        return {
            head: np.array(self._request.get_output_tensor(index).data, np.float32)
            for index, head in enumerate(self._heads)
        }


class OpenVinoBackend:
    """OpenVINO's CPU plugin, tuned for the latency of one batch at a time."""

    name = "openvino"

    def __init__(self, device: str, cache_dir: Path, precision: str | None = None) -> None:
        self.device = device
        self._cache_dir = cache_dir
        self._precision = precision
        self._core = openvino.Core()

    def precision(self, card: ModuleCard) -> str:
        """As asked for or as the card says; `ConfigError` where this CPU has no units for it."""
        wanted = precision_of(card, self.device, self._precision)
        can = self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        if wanted == "bfloat16" and "BF16" not in can:
            raise ConfigError(
                f"Module {card.name} is to compute in bfloat16, for which this CPU has no units "
                f"({', '.join(can)}); choose the precision float32."
            )
        return wanted

    def prepare(self, cards: Sequence[ModuleCard]) -> None:
        """Convert the modules that have no file here yet, all in one process."""
        missing = {self._file(card): card for card in cards if not self._file(card).is_file()}
        if missing:
            _convert(missing)

    def load(self, card: ModuleCard) -> OpenVinoNetwork:
        self.prepare([card])
        compiled = self._core.compile_model(
            self._file(card),
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": _PRECISIONS[self.precision(card)],
                "PERFORMANCE_HINT": "LATENCY",
                "CACHE_DIR": str(self._cache_dir / "compiled"),
                "CPU_RUNTIME_CACHE_CAPACITY": _KEPT_KERNELS,
            },
        )
        return OpenVinoNetwork(compiled, tuple(card.heads))

    def _file(self, card: ModuleCard) -> Path:
        return self._cache_dir.resolve() / f"{_identity(card)}.xml"


def _identity(card: ModuleCard) -> str:
    spec = [
        _RECIPE,
        openvino.__version__,
        card.architecture,
        card.encoder,
        dict(card.options),
        {head: list(labels) for head, labels in card.heads.items()},
        card.input.mean,
        card.input.std,
        card.input.size,
        card.decoder,
    ]
    fed = hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()
    return f"{card.sha256[:32]}-{fed[:16]}"


def _convert(missing: dict[Path, ModuleCard]) -> None:
    names = ", ".join(card.name for card in missing.values())
    log.info("Converting %s for OpenVINO, once; this takes about half a minute.", names)
    folder = next(iter(missing.values())).path.parent
    wanted = [f"{card.name}={file}" for file, card in missing.items()]
    command = [sys.executable, "-m", _CONVERSION, str(folder), *wanted]
    # The command is this interpreter with our own module, which `-m` finds from here.
    done = subprocess.run(  # noqa: S603
        command, cwd=_ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode or not all(file.is_file() for file in missing):
        raise WeightsError(
            f"{names} could not be converted to OpenVINO: {done.stderr.strip()[-2000:]}"
        )


def open_backend(
    device: str | None, cache_dir: Path, precision: str | None = None
) -> OpenVinoBackend:
    """OpenVINO on the CPU, the only device it is used on here."""
    if device not in (None, "cpu"):
        raise ConfigError(f"OpenVINO runs on the device 'cpu' here, not on {device!r}.")
    return OpenVinoBackend("cpu", cache_dir, precision)
