"""How fast, as ratios measured in one run: seconds differ by machine and by its other work."""

import io
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from inference.backends import BACKENDS, Backend, open_backend
from inference.evaluation.plain_recipe import PlainRecipe
from inference.models import ModelVersionFiles, ModuleCard
from inference.models.build import build
from inference.postprocessing import regions_of_predictions
from inference.predictor import Networks, Predictor
from inference.preprocessing import decode_photo, fitted_size

BATCH_SIZES = (1, 2, 4, 8)
MATRIX_SIDE = 1024
Photo = tuple[str, bytes | Path]


def milliseconds(action: Callable[[], object], repeats: int) -> float:
    """Median of `repeats` runs after one that warms up."""
    action()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        times.append(1e3 * (time.perf_counter() - started))
    return statistics.median(times)


def drawn_photo(width: int, height: int) -> bytes:
    """A JPEG with the detail of a photo, made by ourselves: smoothed noise over a gradient."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (height // 16, width // 16, 3)).astype(np.uint8)
    pixels = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    noise = rng.normal(0, 6, (height, width, 1))
    out = io.BytesIO()
    Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=88)
    return out.getvalue()


def decode_speed(long_side: int, repeats: int) -> dict[str, Any]:
    """Full against reduced decode of a 12-megapixel JPEG, both resized to `long_side`."""
    data = drawn_photo(4000, 3000)

    def decode(side: int | None) -> NDArray[np.uint8]:
        pixels = decode_photo("drawn", data, long_side=side).pixels
        height, width = fitted_size((3000, 4000), long_side)
        return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))

    full = milliseconds(lambda: decode(None), repeats)
    reduced = milliseconds(lambda: decode(long_side), repeats)
    return {"full_ms": full, "reduced_ms": reduced, "full_over_reduced": full / reduced}


def network_speed(
    version: ModelVersionFiles, backends: Sequence[Backend], repeats: int
) -> dict[str, Any]:
    """Milliseconds per photo of every network, backend and batch size, and what a core allows."""
    rate = matrix_product_rate(repeats)
    table: dict[str, Any] = {"matrix_product_gflops_per_s": rate / 1e9}
    seen: set[str] = set()
    for name, card in version.modules.items():
        if card.sha256 not in seen:
            seen.add(card.sha256)
            table[name] = _speed_of(card, backends, rate, repeats)
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
            str(size): _per_photo(network, np.repeat(photo, size, axis=0), repeats)
            for size in BATCH_SIZES
        }
        best = min(per_photo.values())
        result[backend.name] = {
            "ms_per_photo_by_batch": per_photo,
            "share_of_limit": result["limit_ms"] / best,
        }
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


def network_flops(network: nn.Module, height: int, width: int) -> int:
    """Floating-point operations of one photo through a network in evaluation mode."""
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        network(torch.zeros((1, 3, height, width)))
    return int(counter.get_total_flops())


def matrix_product_rate(repeats: int) -> float:
    """Floating-point operations per second of a large float32 matrix product here."""
    one, other = (torch.rand(MATRIX_SIDE, MATRIX_SIDE) for _ in range(2))
    return 2 * MATRIX_SIDE**3 / (1e-3 * milliseconds(lambda: one @ other, repeats))


def postprocessing_speed(predictor: Predictor, photo: Photo, repeats: int) -> dict[str, Any]:
    """From probabilities to damaged parts, for one photo."""
    ((decoded, heads),) = predictor.segment([photo], ("parts", "damage"))
    rules, size = predictor.region_rules, decoded.display_size

    def label_maps() -> object:
        return [
            heads["parts"].decode(rules.parts_merge, size),
            heads["damage"].decode(rules.damage_merge, size),
        ]

    parts = heads["parts"].decode(rules.parts_merge, size)
    damage = heads["damage"].decode(rules.damage_merge, size)
    return {
        "label_maps_ms": milliseconds(label_maps, repeats),
        "regions_ms": milliseconds(
            lambda: regions_of_predictions("photo", parts, damage, rules), repeats
        ),
    }


def assessment_speed(
    version: ModelVersionFiles, backends: Sequence[Backend], photos: Sequence[Photo], repeats: int
) -> dict[str, Any]:
    """The whole assessment per photo on every backend, beside the plain recipe."""
    plain = PlainRecipe(version)

    def assess_plainly() -> None:
        for _, source in photos:
            plain.assess(source)

    plain_ms = milliseconds(assess_plainly, max(1, repeats // 3)) / len(photos)
    result: dict[str, Any] = {"photos": len(photos), "plain_ms_per_photo": plain_ms}
    for backend in backends:
        predictor = Predictor(Networks(version, backend))
        taken = milliseconds(partial(predictor.assess_case, photos), repeats)
        per_photo = taken / len(photos)
        result[backend.name] = {"ms_per_photo": per_photo, "plain_over_this": plain_ms / per_photo}
    return result


def all_backends(device: str | None, cache_dir: Path | None) -> list[Backend]:
    """Every backend that runs on `device`."""
    names = ("torch",) if device == "cuda" else tuple(BACKENDS)
    return [open_backend(name, device=device, cache_dir=cache_dir) for name in names]
