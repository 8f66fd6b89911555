"""Photos in, photo results and case results out: the library's front door."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from inference.backends import open_backend
from inference.decoding import VehicleFacts
from inference.errors import UnreadablePhotoError
from inference.models import ModelVersionFiles, load_model_version
from inference.postprocessing import RegionRules, regions_of_predictions
from inference.predictor.networks import HeadOutput, Networks
from inference.preprocessing import DecodedPhoto, decode_photo
from inference.results import CaseResult, PhotoFailure, PhotoResult
from inference.synthesis import SynthesisRules, synthesise

Source = bytes | Path
Item = TypeVar("Item")
MODULES = ("presence", "whole", "parts", "damage")
# So many photos are decoded at a time: enough to fill batches, few enough to hold.
_WINDOW = 16
_DECODERS = 2
_DEFAULT_THRESHOLD = 0.5


@dataclass(frozen=True)
class CasePhotos:
    """The photos of one case, by name, and what is known of its vehicle."""

    photos: Sequence[tuple[str, Source]]
    facts: VehicleFacts | None = None


class Predictor:
    """A model version on a backend. Networks load at first use, or at once with `load_all`."""

    def __init__(self, networks: Networks) -> None:
        self.networks = networks
        self.version: ModelVersionFiles = networks.version
        self.region_rules = RegionRules.from_json(self.version.assessment)
        self.synthesis_rules = SynthesisRules.from_json(self.version.assessment)

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        backend: str = "openvino",
        device: str | None = None,
        cache_dir: Path | None = None,
    ) -> "Predictor":
        """The model version in `folder`; `WeightsError` where it is incomplete or changed.

        With `openvino` no torch is imported; converted networks are kept under `cache_dir`.
        """
        version = load_model_version(folder)
        return cls(Networks(version, open_backend(backend, device=device, cache_dir=cache_dir)))

    def load_all(self) -> None:
        """Convert and load every network now."""
        self.networks.load(MODULES)

    def record(self) -> dict[str, Any]:
        """All that an assessment must remember so that it can be made again."""
        return {
            "model_version": self.version.version,
            "weights_sha256": self.version.sha256,
            "taxonomy": self.taxonomy(),
            "assessment": dict(self.version.assessment),
            "code_version": self.version.code_version,
            "backend": self.networks.backend.name,
            "device": self.networks.backend.device,
            "precision": {name: card.precision for name, card in self.version.modules.items()},
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
        waiting = [
            (number, name, source, case.facts)
            for number, case in enumerate(cases)
            for name, source in case.photos
        ]
        results: list[list[PhotoResult | PhotoFailure]] = [[] for _ in cases]
        for window in _windows(waiting):
            decoded = self._decode([(name, source) for _, name, source, _ in window], MODULES)
            facts = [item[3] for item in window]
            for (number, *_), result in zip(window, self._predict(decoded, facts), strict=True):
                results[number].append(result)
        return results

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
        for window in _windows(photos):
            decoded = [_readable(item) for item in self._decode(window, heads)]
            yield from zip(decoded, self.networks.segment(heads, decoded), strict=True)

    def classify(
        self, photos: Sequence[tuple[str, Source]], module: str
    ) -> Iterator[tuple[DecodedPhoto, float]]:
        """Probability of *vehicle* (`presence`) or *damaged* (`whole`) per photo."""
        for window in _windows(photos):
            decoded = [_readable(item) for item in self._decode(window, (module,))]
            yield from zip(decoded, self.networks.classify(module, decoded), strict=True)

    def threshold(self, module: str) -> float:
        """From this probability on, the classifier's second class is said."""
        threshold = self.version.module(module).threshold
        return _DEFAULT_THRESHOLD if threshold is None else threshold

    def _decode(
        self, photos: Sequence[tuple[str, Source]], modules: Sequence[str]
    ) -> list[DecodedPhoto | PhotoFailure]:
        long_side = self.networks.long_side(modules)

        def decode(photo: tuple[str, Source]) -> DecodedPhoto | PhotoFailure:
            name, source = photo
            try:
                return decode_photo(name, source, long_side=long_side)
            except UnreadablePhotoError as error:
                return PhotoFailure(name, error.code, error.message)

        with ThreadPoolExecutor(_DECODERS) as pool:
            return list(pool.map(decode, photos))

    def _predict(
        self, decoded: Sequence[DecodedPhoto | PhotoFailure], facts: Sequence[VehicleFacts | None]
    ) -> Iterator[PhotoResult | PhotoFailure]:
        readable = [item for item in decoded if isinstance(item, DecodedPhoto)]
        presence = dict(
            zip(map(id, readable), self.networks.classify("presence", readable), strict=True)
        )
        vehicles = [item for item in readable if presence[id(item)] >= self.threshold("presence")]
        damaged = self.networks.classify("whole", vehicles)
        heads = self.networks.segment(("parts", "damage"), vehicles)
        found = {
            id(item): (whole, outputs)
            for item, whole, outputs in zip(vehicles, damaged, heads, strict=True)
        }
        for item, known in zip(decoded, facts, strict=True):
            if isinstance(item, PhotoFailure):
                yield item
            elif id(item) in found:
                yield self._vehicle_photo(item, presence[id(item)], *found[id(item)], known)
            else:
                yield _photo_without_vehicle(item, presence[id(item)])

    def _vehicle_photo(
        self,
        photo: DecodedPhoto,
        vehicle_probability: float,
        damaged_probability: float,
        heads: dict[str, HeadOutput],
        facts: VehicleFacts | None,
    ) -> PhotoResult:
        size = photo.display_size
        parts = heads["parts"].decode(self.region_rules.parts_merge, size, facts)
        damage = heads["damage"].decode(self.region_rules.damage_merge, size)
        regions = regions_of_predictions(photo.file, parts, damage, self.region_rules)
        return PhotoResult(
            file=photo.file,
            width=size[1],
            height=size[0],
            vehicle=True,
            vehicle_probability=vehicle_probability,
            damaged=damaged_probability >= self.threshold("whole"),
            damaged_probability=damaged_probability,
            parts=regions.parts,
            view=regions.view,
            damage_area_percent=regions.damage_area_percent,
            damaged_parts=regions.damaged_parts,
            dropped_specks=regions.dropped_specks,
            parts_map=parts.finest,
            damage_map=regions.damage_map,
        )


def _windows(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _WINDOW):
        yield items[start : start + _WINDOW]


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
