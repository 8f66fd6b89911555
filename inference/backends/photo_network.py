"""A module of a model version as one torch network: uint8 photos in, probabilities out.

Both backends run this very network, eager or converted, so that scaling, layout and soft-max
cannot differ between them.
"""

import torch
from torch import Tensor, nn

from inference.models import ModuleCard
from inference.models.build import build

# Segmentation nets answer at a quarter of the input's size, which is what most of them compute
# before their last enlargement: soft-max and copying cost a sixteenth, and the mIoU of 60
# photos moved by less than 0.0005. These compute more, so they answer with more.
SHRINK = 4
FINER = {"Unet": 2, "UnetPlusPlus": 2, "MAnet": 2, "Linknet": 2}


class PhotoNetwork(nn.Module):
    """(N, H, W, 3) uint8 → probabilities, one tensor per head in the card's order."""

    def __init__(self, card: ModuleCard, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.heads = tuple(card.heads)
        self.is_classifier = card.kind == "classifier"
        self.shrink = FINER.get(card.architecture, SHRINK)
        self.is_multi_label = card.decoder == "multi-label"
        mean, std = torch.tensor(card.input.mean), torch.tensor(card.input.std)
        self.register_buffer("scale", (1.0 / (255.0 * std)).view(1, 3, 1, 1))
        self.register_buffer("offset", (-mean / std).view(1, 3, 1, 1))

    def forward(self, photos: Tensor) -> tuple[Tensor, ...]:
        scale, offset = self.get_buffer("scale"), self.get_buffer("offset")
        normalised = photos.permute(0, 3, 1, 2).to(scale.dtype) * scale + offset
        if self.is_classifier:
            return (self.network(normalised).softmax(dim=1),)
        logits = self.network(normalised, self.shrink)
        return tuple(self._probabilities(logits[head]) for head in self.heads)

    def _probabilities(self, logits: Tensor) -> Tensor:
        return logits.sigmoid() if self.is_multi_label else logits.softmax(dim=1)


def photo_network(card: ModuleCard) -> PhotoNetwork:
    """The module's network with its weights, in float32 and evaluation mode."""
    return PhotoNetwork(card, build(card)).eval()
