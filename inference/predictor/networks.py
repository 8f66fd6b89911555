"""The networks of a model version, loaded at first use, run on batches of equal shape."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

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
from inference.models import ModelVersionFiles, ModuleCard
from inference.preprocessing import DecodedPhoto, Fit, Size
from inference.taxonomy import BACKGROUND, DAMAGE, PARTS, Layer, Merge

# What runs at once. On a CPU one photo keeps all cores busy, and more only take memory (measured
# by `bench`); a GPU wants many.
BATCH_PIXELS: Mapping[str, int] = {"cpu": 384 * 384, "cuda": 32 * 512 * 512}
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
    def class_ids(self) -> tuple[int, ...]:
        """The finest id of every channel."""
        return tuple(
            BACKGROUND if label == self.layer.background else self.layer.named(label).id
            for label in self.card.heads[self.head]
        )

    def decode(
        self, merge: Merge, size: Size, facts: VehicleFacts | None = None
    ) -> LayerPrediction:
        """The label map at `size` under `merge`; parts that `facts` rule out are excluded."""
        values = self.values
        if self.head == "parts":
            values = with_facts(values, self.class_ids, facts)
        if self.card.decoder == "multi-label":
            return decode_multi_label(
                values, self.class_ids, merge, size, self.layer, self.card.thresholds
            )
        return decode_softmax(values, self.class_ids, merge, size)


class Networks:
    """Runs the modules of one model version on one backend."""

    def __init__(self, version: ModelVersionFiles, backend: Backend) -> None:
        self.version = version
        self.backend = backend
        self._loaded: dict[str, Network] = {}
        self._batch_pixels = BATCH_PIXELS[backend.device]

    def load(self, names: Sequence[str]) -> None:
        """Load these modules now rather than at first use."""
        self.backend.prepare([self.version.module(name) for name in names])
        for name in names:
            self._network(self.version.module(name))

    def long_side(self, names: Sequence[str]) -> int:
        """So many pixels on the long side are enough for these modules."""
        specs = [self.version.module(name).input for name in names]
        return max(spec.long_side or max(spec.size or (1, 1)) for spec in specs)

    def classify(self, name: str, photos: Sequence[DecodedPhoto]) -> list[float]:
        """The probability of the classifier's second class (vehicle, damaged) per photo."""
        card = self.version.module(name)
        size = card.input.size or (224, 224)
        answers = [0.0] * len(photos)

        def fit_of(photo: DecodedPhoto) -> Fit:
            return Fit.stretched(photo.display_size, size)

        for indices, _, batch in self._batches(photos, fit_of):
            rows = self._network(card)(batch)["classes"]
            for index, row in zip(indices, rows, strict=True):
                answers[index] = float(row[1])
        return answers

    def segment(
        self, names: Sequence[str], photos: Sequence[DecodedPhoto]
    ) -> list[dict[str, HeadOutput]]:
        """Per photo the named heads; modules that share their weights (joint) run once."""
        answers: list[dict[str, HeadOutput]] = [{} for _ in photos]
        sharing: dict[str, list[str]] = defaultdict(list)
        for name in names:
            sharing[self.version.module(name).sha256].append(name)
        for heads in sharing.values():
            self._segment_with(self.version.module(heads[0]), heads, photos, answers)
        return answers

    def _segment_with(
        self,
        card: ModuleCard,
        heads: Sequence[str],
        photos: Sequence[DecodedPhoto],
        answers: list[dict[str, HeadOutput]],
    ) -> None:
        long_side, multiple = card.input.long_side or 384, card.input.multiple

        def fit_of(photo: DecodedPhoto) -> Fit:
            return Fit.to_long_side(photo.display_size, long_side, multiple)

        for indices, fits, batch in self._batches(photos, fit_of):
            outputs = self._network(card)(batch)
            for head in heads:
                own_card = self.version.module(head)
                for place, index in enumerate(indices):
                    values = fits[place].crop_back(outputs[head][place])
                    answers[index][head] = HeadOutput(own_card, head, values)

    def _batches(
        self, photos: Sequence[DecodedPhoto], fit_of: Callable[[DecodedPhoto], Fit]
    ) -> Iterator[tuple[list[int], list[Fit], NDArray[np.uint8]]]:
        """Photos of equal input shape together, as many as the pixel limit allows."""
        groups: dict[Size, list[tuple[int, Fit]]] = defaultdict(list)
        for index, photo in enumerate(photos):
            fit = fit_of(photo)
            groups[fit.outer].append((index, fit))
        for (height, width), members in groups.items():
            count = max(1, self._batch_pixels // (height * width))
            for start in range(0, len(members), count):
                indices = [index for index, _ in members[start : start + count]]
                fits = [fit for _, fit in members[start : start + count]]
                inputs = [
                    fit.network_input(photos[index].pixels)
                    for index, fit in zip(indices, fits, strict=True)
                ]
                yield indices, fits, np.stack(inputs)

    def _network(self, card: ModuleCard) -> Network:
        if card.sha256 not in self._loaded:
            self._loaded[card.sha256] = self.backend.load(card)
        return self._loaded[card.sha256]
