"""How fast, as ratios measured in one run: seconds differ by machine and by its other work."""

import io
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from inference.backends import Backend, Network, Outputs
from inference.evaluation.plain_recipe import PlainRecipe
from inference.models import ModelVersionFiles, ModuleCard
from inference.postprocessing import regions_of_predictions
from inference.predictor import Averaging, CasePhotos, Networks, Predictor, with_averaging
from inference.preprocessing import DISPLAY_LONG_SIDE, decode_photo, fitted_size
from inference.results import CaseResult

# A case has about so many photos; photos of several cases share batches.
PHOTOS_A_CASE = 4
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
    """Full against reduced decode of a 12-megapixel JPEG, both resized to `long_side`.

    `display_photo` is the same of a JPEG as the site keeps it, 1,600 pixels wide.
    """
    small = DISPLAY_LONG_SIDE, DISPLAY_LONG_SIDE * 3 // 4
    return {
        **_decode_speed_of(4000, 3000, long_side, repeats),
        "display_photo": _decode_speed_of(*small, long_side, repeats),
    }


def _decode_speed_of(width: int, height: int, long_side: int, repeats: int) -> dict[str, float]:
    data = drawn_photo(width, height)

    def decode(side: int | None) -> NDArray[np.uint8]:
        pixels = decode_photo("drawn", data, long_side=side).pixels
        fitted = fitted_size((height, width), long_side)
        return np.asarray(cv2.resize(pixels, fitted[::-1], interpolation=cv2.INTER_AREA))

    full = milliseconds(lambda: decode(None), repeats)
    reduced = milliseconds(lambda: decode(long_side), repeats)
    return {"full_ms": full, "reduced_ms": reduced, "full_over_reduced": full / reduced}


def network_flops(network: nn.Module, height: int, width: int) -> int:
    """Floating-point operations of one photo through a network in evaluation mode."""
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        network(torch.zeros((1, 3, height, width)))
    return int(counter.get_total_flops())


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


class Remembered:
    """A backend that remembers every batch its networks were given, to run it again alone."""

    def __init__(self, backend: Backend) -> None:
        self.name, self.device = backend.name, backend.device
        self._backend = backend
        self._calls: list[tuple[Network, NDArray[np.uint8]]] = []

    def precision(self, card: ModuleCard) -> str:
        return self._backend.precision(card)

    def prepare(self, cards: Sequence[ModuleCard]) -> None:
        self._backend.prepare(cards)

    def load(self, card: ModuleCard) -> Network:
        network = self._backend.load(card)

        def run(photos: NDArray[np.uint8]) -> Outputs:
            self._calls.append((network, photos))
            return network(photos)

        return run

    def run_again(self) -> int:
        """Only the networks, on the batches that they were given; returns how many."""
        for network, photos in self._calls:
            network(photos)
        return len(self._calls)


def assessment_speed(
    version: ModelVersionFiles, backends: Sequence[Backend], photos: Sequence[Photo], repeats: int
) -> dict[str, Any]:
    """The whole assessment per photo on every backend, beside the plain recipe on the CPU.

    `share_of_forward` is the part of the time that the networks alone take for the same batches:
    1 would mean that decoding, scaling and post-processing cost nothing.
    """
    plain = PlainRecipe(version)

    def assess_plainly() -> None:
        for _, source in photos:
            plain.assess(source)

    plain_ms = milliseconds(assess_plainly, max(1, repeats // 3)) / len(photos)
    result: dict[str, Any] = {"photos": len(photos), "plain_ms_per_photo": plain_ms}
    for backend in backends:
        taken = _assessment_ms(version, backend, photos, repeats)
        forward = _forward_ms(version, backend, photos, repeats)
        result[backend.name] = {
            "ms_per_photo": taken,
            "photos_per_s": 1e3 / taken,
            "plain_over_this": plain_ms / taken,
            "forward_ms_per_photo": forward,
            "share_of_forward": forward / taken,
        }
    return result


def averaging_speed(
    version: ModelVersionFiles, backend: Backend, photos: Sequence[Photo], repeats: int
) -> dict[str, Any]:
    """What test-time averaging as the model version says costs: the assessment with and without."""
    networks = Networks(version, backend)
    without = with_averaging(version, dict.fromkeys(networks.averaging, Averaging()))
    taken, plain = (_assessment_ms(one, backend, photos, repeats) for one in (version, without))
    return {
        **{name: averaging.to_json() for name, averaging in networks.averaging.items()},
        "backend": backend.name,
        "ms_per_photo": taken,
        "without_ms_per_photo": plain,
        "over_without": taken / plain,
    }


def _assessment_ms(
    version: ModelVersionFiles, backend: Backend, photos: Sequence[Photo], repeats: int
) -> float:
    predictor = Predictor(Networks(version, backend))
    return milliseconds(lambda: assess_cases(predictor, photos), repeats) / len(photos)


def _forward_ms(
    version: ModelVersionFiles, backend: Backend, photos: Sequence[Photo], repeats: int
) -> float:
    remembered = Remembered(backend)
    assess_cases(Predictor(Networks(version, remembered)), photos)
    return milliseconds(remembered.run_again, repeats) / len(photos)


def assess_cases(predictor: Predictor, photos: Sequence[Photo]) -> list[CaseResult]:
    """The photos as cases of a few photos each, all at once, as a worker takes them."""
    cases = [
        CasePhotos(photos[start : start + PHOTOS_A_CASE])
        for start in range(0, len(photos), PHOTOS_A_CASE)
    ]
    return [predictor.synthesise(results) for results in predictor.predict_cases(cases)]
