"""Photos in, photo results and case results out: the library's front door."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from inference.backends import open_backend
from inference.decoding import VehicleFacts
from inference.errors import UnreadablePhotoError
from inference.models import ModelVersionFiles, load_model_version
from inference.postprocessing import RegionRules, regions_of_predictions
from inference.predictor.networks import WORKERS, HeadOutput, Networks
from inference.predictor.pipeline import ahead, windows
from inference.predictor.test_time import Averaging, with_averaging
from inference.preprocessing import DecodedPhoto, decode_photo
from inference.results import CaseResult, PhotoFailure, PhotoResult
from inference.synthesis import SynthesisRules, synthesise

Source = bytes | Path
MODULES = ("presence", "whole", "parts", "damage")
# So many photos go through the networks together, while as many are decoded ahead and as many
# post-processed behind: enough to fill batches, few enough to hold.
WINDOW: Mapping[str, int] = {"cpu": 2, "cuda": 64}
_DEFAULT_THRESHOLD = 0.5


@dataclass(frozen=True)
class CasePhotos:
    """The photos of one case, by name, and what is known of its vehicle."""

    photos: Sequence[tuple[str, Source]]
    facts: VehicleFacts | None = None


@dataclass(frozen=True)
class _Seen:
    """A photo and what the networks say of it; without a vehicle, `heads` is empty."""

    photo: DecodedPhoto
    vehicle: float
    damaged: float = 0.0
    heads: Mapping[str, HeadOutput] = field(default_factory=dict)


class Predictor:
    """A model version on a backend. Networks load at first use, or at once with `load_all`."""

    def __init__(self, networks: Networks) -> None:
        self.networks = networks
        self.version: ModelVersionFiles = networks.version
        self.region_rules = RegionRules.from_json(self.version.assessment)
        self.synthesis_rules = SynthesisRules.from_json(self.version.assessment)
        device = networks.backend.device
        self._window = WINDOW[device]
        self._decoders = ThreadPoolExecutor(WORKERS[device])
        self._finishers = ThreadPoolExecutor(WORKERS[device])

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        backend: str = "openvino",
        device: str | None = None,
        cache_dir: Path | None = None,
        precision: str | None = None,
        averaging: Mapping[str, Averaging] | None = None,
    ) -> "Predictor":
        """The model version in `folder`; `WeightsError` where it is incomplete or changed.

        With `openvino` no torch is imported; converted networks are kept under `cache_dir`.
        `precision` (`float32`, `bfloat16`) and `averaging` (by module, see `test_time`) override
        what the model version says.
        """
        version = load_model_version(folder)
        if averaging:
            version = with_averaging(version, averaging)
        opened = open_backend(backend, device=device, cache_dir=cache_dir, precision=precision)
        return cls(Networks(version, opened))

    def load_all(self) -> None:
        """Convert and load every network now."""
        self.networks.load(MODULES)

    def record(self) -> dict[str, Any]:
        """All that an assessment must remember so that it can be made again."""
        backend = self.networks.backend
        return {
            "model_version": self.version.version,
            "weights_sha256": self.version.sha256,
            "taxonomy": self.taxonomy(),
            "assessment": dict(self.version.assessment),
            "code_version": self.version.code_version,
            "backend": backend.name,
            "device": backend.device,
            "precision": {
                name: backend.precision(card) for name, card in self.version.modules.items()
            },
        }

    def taxonomy(self) -> dict[str, str]:
        """The taxonomy version and the merges that damaged parts are formed under."""
        return {
            "version": self.version.taxonomy,
            "parts": self.region_rules.parts_merge.name,
            "damage": self.region_rules.damage_merge.name,
        }

    def predict_photos(
        self, photos: Sequence[tuple[str, Source]], facts: VehicleFacts | None = None
    ) -> list[PhotoResult | PhotoFailure]:
        """Every photo alone, in the order given: agreement is 1 until the case is synthesised.

        A photo that cannot be read becomes a `PhotoFailure`; the others go on.
        """
        (results,) = self.predict_cases([CasePhotos(photos, facts)])
        return results

    def predict_cases(self, cases: Sequence[CasePhotos]) -> list[list[PhotoResult | PhotoFailure]]:
        """As `predict_photos` for several cases at once, so that their photos share batches."""
        photos = [photo for case in cases for photo in case.photos]
        facts = [case.facts for case in cases for _ in case.photos]
        predicted = self._predicted(photos, facts)
        return [[next(predicted) for _ in case.photos] for case in cases]

    def assess_case(
        self, photos: Sequence[tuple[str, Source]], facts: VehicleFacts | None = None
    ) -> CaseResult:
        """The models' word on a case: its photos predicted and synthesised."""
        return self.synthesise(self.predict_photos(photos, facts))

    def synthesise(self, results: Sequence[PhotoResult | PhotoFailure]) -> CaseResult:
        """Put photo results together, old and new ones, by this model version's rules."""
        return synthesise(
            [item for item in results if isinstance(item, PhotoResult)],
            self.synthesis_rules,
            model_version=self.version.version,
            taxonomy=self.taxonomy(),
            failed=[item for item in results if isinstance(item, PhotoFailure)],
        )

    def segment(
        self, photos: Sequence[tuple[str, Source]], heads: Sequence[str]
    ) -> Iterator[tuple[DecodedPhoto, dict[str, HeadOutput]]]:
        """Probabilities of `heads` (parts, damage) per photo, for evaluation; no classifier runs.

        Raises `UnreadablePhotoError` at the first photo that cannot be read.
        """
        for window in windows(self._decoded(photos, heads), self._window):
            decoded = [_readable(item) for item in window]
            yield from zip(decoded, self.networks.segment(heads, decoded), strict=True)

    def classify(
        self, photos: Sequence[tuple[str, Source]], module: str
    ) -> Iterator[tuple[DecodedPhoto, float]]:
        """Probability of *vehicle* (`presence`) or *damaged* (`whole`) per photo."""
        for window in windows(self._decoded(photos, (module,)), self._window):
            decoded = [_readable(item) for item in window]
            yield from zip(decoded, self.networks.classify(module, decoded), strict=True)

    def threshold(self, module: str) -> float:
        """From this probability on, the classifier's second class is said."""
        threshold = self.version.module(module).threshold
        return _DEFAULT_THRESHOLD if threshold is None else threshold

    def _decoded(
        self, photos: Sequence[tuple[str, Source]], modules: Sequence[str]
    ) -> Iterator[DecodedPhoto | PhotoFailure]:
        long_side = self.networks.long_side(modules)

        def decode(photo: tuple[str, Source]) -> DecodedPhoto | PhotoFailure:
            name, source = photo
            try:
                return decode_photo(name, source, long_side=long_side)
            except UnreadablePhotoError as error:
                return PhotoFailure(name, error.code, error.message)

        return ahead(self._decoders, decode, photos, self._window)

    def _predicted(
        self, photos: Sequence[tuple[str, Source]], facts: Sequence[VehicleFacts | None]
    ) -> Iterator[PhotoResult | PhotoFailure]:
        """In order; photos are decoded and post-processed in threads beside the networks."""
        decoded = windows(self._decoded(photos, MODULES), self._window)
        seen = chain.from_iterable(self._looked_at(window) for window in decoded)
        both = zip(seen, facts, strict=True)
        return ahead(self._finishers, lambda item: self._result(*item), both, self._window)

    def _looked_at(
        self, window: Sequence[DecodedPhoto | PhotoFailure]
    ) -> Iterator[_Seen | PhotoFailure]:
        readable = [item for item in window if isinstance(item, DecodedPhoto)]
        presence = self.networks.classify("presence", readable)
        threshold = self.threshold("presence")
        vehicles = [
            item for item, says in zip(readable, presence, strict=True) if says >= threshold
        ]
        damaged = iter(self.networks.classify("whole", vehicles))
        heads = iter(self.networks.segment(("parts", "damage"), vehicles))
        said = iter(presence)
        for item in window:
            if isinstance(item, PhotoFailure):
                yield item
            elif (vehicle := next(said)) >= threshold:
                yield _Seen(item, vehicle, next(damaged), next(heads))
            else:
                yield _Seen(item, vehicle)

    def _result(
        self, seen: _Seen | PhotoFailure, facts: VehicleFacts | None
    ) -> PhotoResult | PhotoFailure:
        if isinstance(seen, PhotoFailure):
            return seen
        if not seen.heads:
            return _photo_without_vehicle(seen.photo, seen.vehicle)
        return self._vehicle_photo(seen, facts)

    def _vehicle_photo(self, seen: _Seen, facts: VehicleFacts | None) -> PhotoResult:
        photo, heads = seen.photo, seen.heads
        size = photo.display_size
        parts = heads["parts"].decode(self.region_rules.parts_merge, size, facts)
        damage = heads["damage"].decode(self.region_rules.damage_merge, size)
        regions = regions_of_predictions(photo.file, parts, damage, self.region_rules)
        return PhotoResult(
            file=photo.file,
            width=size[1],
            height=size[0],
            vehicle=True,
            vehicle_probability=seen.vehicle,
            damaged=seen.damaged >= self.threshold("whole"),
            damaged_probability=seen.damaged,
            parts=regions.parts,
            view=regions.view,
            damage_area_percent=regions.damage_area_percent,
            damaged_parts=regions.damaged_parts,
            dropped_specks=regions.dropped_specks,
            parts_map=parts.finest,
            damage_map=regions.damage_map,
        )


def _photo_without_vehicle(photo: DecodedPhoto, vehicle_probability: float) -> PhotoResult:
    height, width = photo.display_size
    return PhotoResult(
        file=photo.file,
        width=width,
        height=height,
        vehicle=False,
        vehicle_probability=vehicle_probability,
        damaged=False,
        damaged_probability=0.0,
        parts=(),
        view=None,
        damage_area_percent=0.0,
        damaged_parts=(),
        dropped_specks=0,
        parts_map=np.zeros((height, width), np.uint8),
        damage_map=np.zeros((height, width), np.uint8),
    )


def _readable(item: DecodedPhoto | PhotoFailure) -> DecodedPhoto:
    if isinstance(item, PhotoFailure):
        raise UnreadablePhotoError(item.message)
    return item
