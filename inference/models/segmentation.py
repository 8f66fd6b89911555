"""Segmentation networks: one encoder and decoder, one or more heads (independent or joint)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn
from torch.nn import functional

from inference.errors import ConfigError
from inference.models import torchvision_shim  # noqa: F401  (must come before the next)

import segmentation_models_pytorch as smp  # isort: skip

ARCHITECTURES: Mapping[str, type[nn.Module]] = {
    "DeepLabV3Plus": smp.DeepLabV3Plus,
    "DeepLabV3": smp.DeepLabV3,
    "FPN": smp.FPN,
    "Linknet": smp.Linknet,
    "MAnet": smp.MAnet,
    "PAN": smp.PAN,
    "PSPNet": smp.PSPNet,
    "Segformer": smp.Segformer,
    "UPerNet": smp.UPerNet,
    "Unet": smp.Unet,
    "UnetPlusPlus": smp.UnetPlusPlus,
}


class SegmentationNet(nn.Module):
    """Any architecture of segmentation_models_pytorch with named heads.

    The heads share encoder and decoder; each is a slice of the last convolution's channels,
    which computes the same as a convolution per head. Several heads make the *joint* model
    of Ma et al. 2023.
    """

    def __init__(self, network: nn.Module, heads: Mapping[str, int]) -> None:
        super().__init__()
        self.heads = dict(heads)
        self.network = network
        # The head's own upsampling is replaced by one to any size, so that training can
        # compute its loss at half size: a third of the time on a CPU.
        head = network.get_submodule("segmentation_head")
        head.register_module("1", nn.Identity())

    def forward(self, photos: Tensor, shrink: int = 1) -> dict[str, Tensor]:
        """Logits per head, (N, C, H / shrink, W / shrink), for photos (N, 3, H, W).

        `photos` are float32, normalised, H and W multiples of 16 (32 for some architectures).
        """
        logits = self.network(photos)
        size = (photos.shape[-2] // shrink, photos.shape[-1] // shrink)
        if logits.shape[-2:] != size:
            logits = functional.interpolate(logits, size=size, mode="bilinear")
        parts = logits.split(list(self.heads.values()), dim=1)
        return dict(zip(self.heads, parts, strict=True))


def build_segmentation(
    architecture: str,
    encoder: str,
    heads: Mapping[str, int],
    *,
    options: Mapping[str, Any] | None = None,
    encoder_weights: str | None = None,
) -> SegmentationNet:
    """A network with `heads` (name → channels); `encoder_weights="imagenet"` asks the hub."""
    if architecture not in ARCHITECTURES:
        raise ConfigError(
            f"{architecture!r} is no architecture here; there are: {', '.join(ARCHITECTURES)}."
        )
    if not heads:
        raise ConfigError("A segmentation net needs at least one head.")
    try:
        network = ARCHITECTURES[architecture](
            encoder, encoder_weights=encoder_weights, classes=sum(heads.values()), **(options or {})
        )
    except OSError as error:
        raise ConfigError(
            f"The hub did not give weights {encoder_weights!r} for {encoder!r} ({error}). Check "
            "the network, or name a local file as `encoder_files` in the configuration."
        ) from error
    except (KeyError, TypeError, RuntimeError, ValueError) as error:
        raise ConfigError(
            f"{architecture} with encoder {encoder!r} and options {dict(options or {})} cannot "
            f"be built: {error}"
        ) from error
    return SegmentationNet(network, heads)
