"""The recipe that ours is measured against: plain, and slow where plain is slow.

Pillow decodes every photo fully, the models run eagerly in PyTorch one photo at a time at full
resolution, and regions are grown pixel by pixel in Python. It gives the same regions.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor, nn
from torch.nn import functional

from inference.models import ModelVersionFiles, ModuleCard
from inference.models.build import build
from inference.postprocessing import RegionRules
from inference.preprocessing import fitted_size
from inference.taxonomy import BACKGROUND, Merge, layer

NEIGHBOURS = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]


class PlainRecipe:
    """A model version in eager float32."""

    def __init__(self, version: ModelVersionFiles) -> None:
        self.version = version
        self.networks: dict[str, nn.Module] = {
            name: build(version.module(name)) for name in ("presence", "whole", "parts", "damage")
        }
        self._rules = RegionRules.from_json(version.assessment)

    def assess(self, source: bytes | Path) -> list[tuple[int, int, int]]:
        """(part, damage, area) of every damaged region of one photo; specks left out."""
        data = source.read_bytes() if isinstance(source, Path) else source
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
        for name in ("presence", "whole"):
            self._classify(name, image)
        size = fitted_size((image.height, image.width), 1600)
        parts = self._label_map("parts", image, size, self._rules.parts_merge)
        damage = self._label_map("damage", image, size, self._rules.damage_merge)
        minimum = self._rules.minimum_area_share * parts.size
        return [region for region in grown_regions(parts, damage) if region[2] >= minimum]

    def _classify(self, name: str, image: Image.Image) -> Tensor:
        card = self.version.module(name)
        height, width = card.input.size or (224, 224)
        with torch.inference_mode():
            logits = self.networks[name](_normalised(image.resize((width, height)), card))
            probabilities: Tensor = logits.softmax(dim=1)
        return probabilities

    def _label_map(
        self, name: str, image: Image.Image, size: tuple[int, int], merge: Merge
    ) -> NDArray[np.int64]:
        card = self.version.module(name)
        inner = fitted_size((image.height, image.width), card.input.long_side or 384, enlarge=True)
        multiple = card.input.multiple
        photo = _normalised(image.resize((inner[1], inner[0])), card)
        padding = (0, -inner[1] % multiple, 0, -inner[0] % multiple)
        with torch.inference_mode():
            logits = self.networks[name](functional.pad(photo, padding))[name]
            probabilities = logits.softmax(dim=1)[:, :, : inner[0], : inner[1]]
            full = functional.interpolate(probabilities, size, mode="bilinear")[0].numpy()
        merged = merge.merge_probabilities(full, _class_ids(card, name))
        winner: NDArray[np.int64] = merged.argmax(axis=0)
        return winner


def _class_ids(card: ModuleCard, name: str) -> tuple[int, ...]:
    of = layer("parts" if name == "parts" else "damage")
    return tuple(
        BACKGROUND if label == of.background else of.members_of(label)[0]
        for label in card.heads[name]
    )


def _normalised(image: Image.Image, card: ModuleCard) -> Tensor:
    pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float() / 255.0
    mean, std = (
        torch.tensor(value).view(1, 3, 1, 1) for value in (card.input.mean, card.input.std)
    )
    return (pixels - mean) / std


def grown_regions(
    parts: NDArray[np.int64], damage: NDArray[np.int64]
) -> Iterator[tuple[int, int, int]]:
    """Flood fill in Python: (part, damage, area) per region of equal pairs, 8 neighbours."""
    height, width = damage.shape
    seen = damage == BACKGROUND
    for y in range(height):
        for x in range(width):
            if seen[y, x]:
                continue
            pair = parts[y, x], damage[y, x]
            waiting, area = [(y, x)], 0
            seen[y, x] = True
            while waiting:
                row, column = waiting.pop()
                area += 1
                for dy, dx in NEIGHBOURS:
                    r, c = row + dy, column + dx
                    inside = 0 <= r < height and 0 <= c < width
                    if inside and not seen[r, c] and (parts[r, c], damage[r, c]) == pair:
                        seen[r, c] = True
                        waiting.append((r, c))
            yield int(pair[0]), int(pair[1]), area
