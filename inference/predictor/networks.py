"""The networks of a model version, loaded at first use, run on batches of equal shape."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.backends import Backend, Network
from inference.decoding import (
    LayerPrediction,
    VehicleFacts,
    decode_multi_label,
    decode_softmax,
    with_facts,
)
from inference.errors import TaxonomyError
from inference.models import ModelVersionFiles, ModuleCard
from inference.predictor.pipeline import ahead, windows
from inference.predictor.side_agreement import SideAgreement, side_agreement_of
from inference.predictor.test_time import (
    Averaging,
    Variant,
    averaged,
    averaging_by_module,
    mirrored_back,
    mirrored_channels,
)
from inference.preprocessing import DecodedPhoto, Fit, Size
from inference.taxonomy import BACKGROUND, DAMAGE, PARTS, Layer, Merge

# What runs at once. On a CPU one photo keeps all cores busy, and more only take memory (measured
# by `bench`); a GPU wants many.
BATCH_PIXELS: Mapping[str, int] = {"cpu": 384 * 384, "cuda": 32 * 512 * 512}
# Threads for each of decoding, scaling and post-processing, so that one photo keeps pace with the
# networks: on a CPU they share the cores with these, and every thread keeps some memory.
_CORES = os.cpu_count() or 1
WORKERS: Mapping[str, int] = {"cpu": max(1, _CORES // 2), "cuda": min(16, _CORES)}
_BATCHES_AHEAD = 2
_LAYERS: Mapping[str, Layer] = {"parts": PARTS, "damage": DAMAGE}


@dataclass(frozen=True)
class HeadOutput:
    """Probabilities (C, h, w) of one head for one photo, cropped to the photo."""

    card: ModuleCard
    head: str
    values: NDArray[np.float32]

    @cached_property
    def layer(self) -> Layer:
        return _LAYERS[self.head]

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """The finest ids that every channel stands for: several where the head was trained on a
        merge."""
        return tuple(
            (BACKGROUND,) if label == self.layer.background else self.layer.members_of(label)
            for label in self.card.heads[self.head]
        )

    @cached_property
    def class_ids(self) -> tuple[int, ...]:
        """The finest id of every channel, the first of those it stands for."""
        return tuple(ids[0] for ids in self.members)

    def decode(
        self, merge: Merge, size: Size, facts: VehicleFacts | None = None
    ) -> LayerPrediction:
        """The label map at `size` under `merge`; parts that `facts` rule out are excluded.

        `TaxonomyError` where the head was trained on classes that `merge` divides.
        """
        self._refuse_to_divide(merge)
        values = self.values
        if self.head == "parts":
            values = with_facts(values, self.class_ids, facts)
        if self.card.decoder == "multi-label":
            return decode_multi_label(
                values, self.class_ids, merge, size, self.layer, self.card.thresholds
            )
        return decode_softmax(values, self.class_ids, merge, size)

    def _refuse_to_divide(self, merge: Merge) -> None:
        for label, ids in zip(self.card.heads[self.head], self.members, strict=True):
            if len(ids) > 1 and len(set(merge.prediction_table[list(ids)].tolist())) > 1:
                raise TaxonomyError(
                    f"This model knows {label!r} only as one class, which the taxonomy "
                    f"{merge.name!r} divides. Ask for the taxonomy that it was trained on, or a "
                    "coarser one."
                )

    @property
    def mirrored_channels(self) -> list[int]:
        """For each channel the one of its class in a mirrored photo."""
        return mirrored_channels(self.members, self.layer)


@dataclass(frozen=True)
class _Batch:
    """Photos of one input shape: their places among all, how they were fitted, the pixels."""

    indices: list[int]
    fits: list[Fit]
    photos: NDArray[np.uint8]


class Networks:
    """Runs the modules of one model version on one backend."""

    def __init__(self, version: ModelVersionFiles, backend: Backend) -> None:
        self.version = version
        self.backend = backend
        self.averaging: Mapping[str, Averaging] = averaging_by_module(version.assessment)
        self._side_agreement: SideAgreement = side_agreement_of(version)
        self._loaded: dict[str, Network] = {}
        self._batch_pixels = BATCH_PIXELS[backend.device]
        self._scalers = ThreadPoolExecutor(WORKERS[backend.device])

    def load(self, names: Sequence[str]) -> None:
        """Load these modules now rather than at first use."""
        self.backend.prepare([self.version.module(name) for name in names])
        for name in names:
            self._network(self.version.module(name))

    def long_side(self, names: Sequence[str]) -> int:
        """So many pixels on the long side are enough for these modules."""
        return max(self._long_side(self.version.module(name)) for name in names)

    def batch_size(self, size: Size) -> int:
        """So many photos of an input of this size run at once on the backend's device."""
        return max(1, self._batch_pixels // (size[0] * size[1]))

    def classify(self, name: str, photos: Sequence[DecodedPhoto]) -> list[float]:
        """The probability of the classifier's second class (vehicle, damaged) per photo."""
        card = self.version.module(name)
        size = card.input.size or (224, 224)
        answers = [0.0] * len(photos)

        def fit_of(photo: DecodedPhoto) -> Fit:
            return Fit.stretched(photo.display_size, size)

        for batch in self._batches(photos, fit_of):
            rows = self._network(card)(batch.photos)["classes"]
            for index, row in zip(batch.indices, rows, strict=True):
                answers[index] = float(row[1])
        return answers

    def segment(
        self, names: Sequence[str], photos: Sequence[DecodedPhoto]
    ) -> list[dict[str, HeadOutput]]:
        """Per photo the named heads; modules that share weights and input (joint) run once."""
        answers: list[dict[str, HeadOutput]] = [{} for _ in photos]
        sharing: dict[tuple[str, int, tuple[Variant, ...]], list[str]] = defaultdict(list)
        for name in names:
            card = self.version.module(name)
            sharing[card.sha256, card.input.multiple, self._variants(card)].append(name)
        for (_, _, variants), heads in sharing.items():
            seen = self._seen(heads, variants, photos)
            for answer, of_photo in zip(answers, seen, strict=True):
                for head in heads:
                    answer[head] = self._agreed(head, averaged(of_photo[head]))
        return answers

    def _agreed(self, head: str, values: NDArray[np.float32]) -> HeadOutput:
        output = HeadOutput(self.version.module(head), head, values)
        return replace(output, values=self._side_agreement(values, output.members, output.layer))

    def _seen(
        self, heads: Sequence[str], variants: Sequence[Variant], photos: Sequence[DecodedPhoto]
    ) -> list[dict[str, list[NDArray[np.float32]]]]:
        """Per photo and head what the net says of each variant, in the photo's own geometry."""
        card = self.version.module(heads[0])
        seen: list[dict[str, list[NDArray[np.float32]]]] = [defaultdict(list) for _ in photos]
        for variant in variants:

            def fit_of(photo: DecodedPhoto, side: int = variant.long_side) -> Fit:
                return Fit.to_long_side(photo.display_size, side, card.input.multiple)

            for batch in self._batches(photos, fit_of, mirrored=variant.mirrored):
                outputs = self._network(card)(batch.photos)
                for head in heads:
                    for place, index in enumerate(batch.indices):
                        values = batch.fits[place].crop_back(outputs[head][place])
                        seen[index][head].append(self._unmirrored(values, head, variant))
        return seen

    def _unmirrored(
        self, values: NDArray[np.float32], head: str, variant: Variant
    ) -> NDArray[np.float32]:
        if not variant.mirrored:
            return values
        output = HeadOutput(self.version.module(head), head, values)
        return mirrored_back(values, output.mirrored_channels)

    def _batches(
        self,
        photos: Sequence[DecodedPhoto],
        fit_of: Callable[[DecodedPhoto], Fit],
        *,
        mirrored: bool = False,
    ) -> Iterator[_Batch]:
        """Photos of equal input shape together, as many as the pixel limit allows.

        The next batches are scaled while the device runs one.
        """

        def scaled(members: Sequence[tuple[int, Fit]]) -> _Batch:
            indices, fits = [index for index, _ in members], [fit for _, fit in members]
            inputs = [
                fit.network_input(_pixels(photos[index], mirrored=mirrored))
                for index, fit in members
            ]
            return _Batch(indices, fits, np.stack(inputs))

        return ahead(self._scalers, scaled, self._plans(photos, fit_of), _BATCHES_AHEAD)

    def _plans(
        self, photos: Sequence[DecodedPhoto], fit_of: Callable[[DecodedPhoto], Fit]
    ) -> Iterator[list[tuple[int, Fit]]]:
        groups: dict[Size, list[tuple[int, Fit]]] = defaultdict(list)
        for index, photo in enumerate(photos):
            fit = fit_of(photo)
            groups[fit.outer].append((index, fit))
        for size, members in groups.items():
            yield from windows(members, self.batch_size(size))

    def _long_side(self, card: ModuleCard) -> int:
        if card.kind == "classifier":
            return max(card.input.size or (224, 224))
        return max(variant.long_side for variant in self._variants(card))

    def _variants(self, card: ModuleCard) -> tuple[Variant, ...]:
        return self.averaging[card.name].variants(card.input.long_side or 384)

    def _network(self, card: ModuleCard) -> Network:
        if card.sha256 not in self._loaded:
            self._loaded[card.sha256] = self.backend.load(card)
        return self._loaded[card.sha256]


def _pixels(photo: DecodedPhoto, *, mirrored: bool) -> NDArray[np.uint8]:
    return np.asarray(cv2.flip(photo.pixels, 1), np.uint8) if mirrored else photo.pixels
