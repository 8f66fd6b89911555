"""What the fast path costs in accuracy, against the same model version run plainly.

The fast path is the product: the backend at its precision, photos in batches, JPEGs decoded at
a reduced scale, nets that answer at a quarter of their input's size. Plainly: full decode, eager
PyTorch in float32, one photo at a time, at the input's full size.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from inference.backends import Backend, Network, Outputs
from inference.backends.photo_network import PhotoNetwork, photo_network
from inference.data.records import LabelledPhoto
from inference.evaluation.segmentation import evaluate_layer
from inference.models import ModelVersionFiles, ModuleCard
from inference.predictor import Networks, Predictor
from inference.preprocessing import MAX_PIXELS
from inference.taxonomy import LayerName
from inference.taxonomy.mapping import SetMapping

JUDGED: tuple[tuple[LayerName, str], ...] = (("parts", "reduced"), ("damage", "categorical"))


class PlainNetwork:
    """A module in eager float32 that sees its photos one by one and answers at full size."""

    def __init__(self, network: PhotoNetwork) -> None:
        self._network = network
        self._network.shrink = 1

    def __call__(self, photos: NDArray[np.uint8]) -> Outputs:
        with torch.inference_mode():
            one_by_one = [self._network(torch.from_numpy(photo[None])) for photo in photos]
        return {
            head: torch.cat(answers).numpy()
            for head, answers in zip(
                self._network.heads, zip(*one_by_one, strict=True), strict=True
            )
        }


class PlainBackend:
    """What the fast path is compared with, on the CPU."""

    name = "plain"
    device = "cpu"

    def precision(self, card: ModuleCard) -> str:
        """Always float32, whatever the card says."""
        return "float32"

    def prepare(self, cards: Sequence[ModuleCard]) -> None:
        """Eager networks keep nothing on disk."""

    def load(self, card: ModuleCard) -> Network:
        return PlainNetwork(photo_network(card))


class FullyDecoded(Networks):
    """Networks for which no JPEG is decoded at a reduced scale."""

    def long_side(self, names: Sequence[str]) -> int:
        return MAX_PIXELS


def accuracy_lost(
    version: ModelVersionFiles,
    backend: Backend,
    photos: Sequence[LabelledPhoto],
    mapping: SetMapping,
) -> dict[str, Any]:
    """mIoU of both ways on the same photos, and `lost` = plain − fast, positive where it costs.

    Keys are the layers of `JUDGED`; `LabelError` where no photo is labelled in one of them.
    """
    fast = Predictor(Networks(version, backend))
    plain = Predictor(FullyDecoded(version, PlainBackend()))
    lost: dict[str, Any] = {"backend": backend.name, "photos": len(photos), "set": mapping.name}
    for layer, taxonomy in JUDGED:
        plain_miou, fast_miou = (
            evaluate_layer(predictor, photos, mapping, layer, taxonomy, measures=()).to_json()[
                "miou"
            ]
            for predictor in (plain, fast)
        )
        lost[layer] = {
            "taxonomy": taxonomy,
            "plain_miou": plain_miou,
            "fast_miou": fast_miou,
            "lost": plain_miou - fast_miou,
        }
    return lost
