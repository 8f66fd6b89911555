"""Photo classifiers: vehicle presence, damaged or whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from inference.errors import ConfigError
from inference.models import torchvision_shim  # noqa: F401  (must come before the next)

import timm  # isort: skip


_WINDOW = 5


class Classifier(nn.Module):
    """A timm backbone, pooled, with dropout and a linear layer to the classes.

    `hidden` puts a dense ReLU layer between, as the MobileNetV2 guide does; with `windows` the
    backbone's features are pooled over windows of 5 × 5 first, as there too.
    """

    def __init__(
        self,
        backbone: nn.Module,
        width: int,
        classes: int,
        *,
        hidden: int,
        dropout: float,
        windows: bool = False,
    ) -> None:
        super().__init__()
        self.backbone = backbone
        head: list[nn.Module] = [nn.MaxPool2d(_WINDOW), nn.Flatten()] if windows else []
        if hidden:
            head += [nn.Linear(width, hidden), nn.ReLU()]
        self.head = nn.Sequential(*head, nn.Dropout(dropout), nn.Linear(hidden or width, classes))

    def forward(self, photos: Tensor) -> Tensor:
        """Logits (N, classes) for normalised float32 photos (N, 3, H, W)."""
        logits: Tensor = self.head(self.backbone(photos))
        return logits


def build_classifier(
    architecture: str,
    classes: int,
    *,
    hidden: int = 0,
    dropout: float = 0.2,
    pool: str = "avg",
    pretrained: bool = False,
    options: Mapping[str, Any] | None = None,
) -> Classifier:
    """A classifier over any timm backbone; `pretrained` asks the hub for its weights.

    `pool` is the mean or the maximum of the whole picture (`avg`, `max`), or the maximum of its
    windows of 5 × 5 features (`max5`; one for photos of 224 pixels and a stride of 32).
    """
    windows = pool == "max5"
    try:
        backbone = timm.create_model(
            architecture,
            pretrained=pretrained,
            num_classes=0,
            global_pool="" if windows else pool,
            **(options or {}),
        )
    except OSError as error:
        raise ConfigError(
            f"The hub did not give weights for {architecture!r} ({error}). Check the network, or "
            "name a local file as `encoder_files` in the configuration."
        ) from error
    except (RuntimeError, TypeError, ValueError) as error:
        raise ConfigError(f"The classifier {architecture!r} cannot be built: {error}") from error
    width = backbone.num_features
    if not isinstance(width, int):
        raise ConfigError(f"{architecture!r} does not say how wide its features are.")
    return Classifier(backbone, width, classes, hidden=hidden, dropout=dropout, windows=windows)
