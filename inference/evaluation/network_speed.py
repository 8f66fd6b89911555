"""How fast every network is alone, beside what the machine's arithmetic allows."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from inference.backends import Backend
from inference.evaluation.speed import milliseconds, network_flops
from inference.models import ModelVersionFiles, ModuleCard
from inference.models.build import build
from inference.predictor import Networks

BATCH_SIZES = {"cpu": (1, 2, 4, 8), "cuda": (1, 4, 16, 64)}
# Large enough that arithmetic, not the call, takes the time.
MATRIX_SIDE = {"cpu": 1024, "cuda": 8192}


def network_speed(
    version: ModelVersionFiles, backends: Sequence[Backend], repeats: int
) -> dict[str, Any]:
    """Milliseconds per photo of every network, backend and batch size, beside what the machine
    allows: the rate of a large matrix product in the precision of the first backend.

    `batch_by_rule` is how many photos the product runs at once on that device.
    """
    device = backends[0].device
    precision = backends[0].precision(version.module("parts"))
    rate = matrix_product_rate(repeats, device, precision)
    table: dict[str, Any] = {
        "matrix_product_gflops_per_s": rate / 1e9,
        "matrix_product_precision": precision,
    }
    seen: set[str] = set()
    for name, card in version.modules.items():
        if card.sha256 not in seen:
            seen.add(card.sha256)
            table[name] = _speed_of(card, backends, rate, repeats)
            photo = _input_of(card)
            table[name]["batch_by_rule"] = Networks(version, backends[0]).batch_size(
                (photo.shape[1], photo.shape[2])
            )
    return table


def _speed_of(
    card: ModuleCard, backends: Sequence[Backend], rate: float, repeats: int
) -> dict[str, Any]:
    photo = _input_of(card)
    flops = forward_flops(card, photo.shape[1], photo.shape[2])
    result: dict[str, Any] = {"gflops": flops / 1e9, "limit_ms": 1e3 * flops / rate}
    for backend in backends:
        network = backend.load(card)
        per_photo = {
            size: _per_photo(network, np.repeat(photo, size, axis=0), repeats)
            for size in BATCH_SIZES[backend.device]
        }
        best = min(per_photo, key=per_photo.__getitem__)
        result[backend.name] = {
            "precision": backend.precision(card),
            "ms_per_photo_by_batch": {str(size): taken for size, taken in per_photo.items()},
            "fastest_batch": best,
            "share_of_limit": result["limit_ms"] / per_photo[best],
        }
    if {"torch", "openvino"} <= result.keys():
        eager, fast = (result[name]["ms_per_photo_by_batch"]["1"] for name in ("torch", "openvino"))
        result["eager_over_openvino"] = eager / fast
    return result


def _per_photo(
    network: Callable[[NDArray[np.uint8]], object], batch: NDArray[np.uint8], repeats: int
) -> float:
    return milliseconds(lambda: network(batch), repeats) / len(batch)


def _input_of(card: ModuleCard) -> NDArray[np.uint8]:
    long_side = card.input.long_side or 384
    height, width = card.input.size or (long_side * 3 // 4, long_side)
    noise = np.random.default_rng(0).integers(0, 255, (1, height // 16 * 16, width // 16 * 16, 3))
    return noise.astype(np.uint8)


def forward_flops(card: ModuleCard, height: int, width: int) -> int:
    """Floating-point operations of one photo through the network of a card alone."""
    return network_flops(build(card), height, width)


def matrix_product_rate(repeats: int, device: str = "cpu", precision: str = "float32") -> float:
    """Floating-point operations per second of a large matrix product on this device."""
    side = MATRIX_SIDE[device]
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    one, other = (torch.rand(side, side, device=device).to(dtype) for _ in range(2))

    # Reading one number makes CUDA finish first.
    def product() -> float:
        return float((one @ other)[0, 0])

    return 2 * side**3 / (1e-3 * milliseconds(product, repeats))
