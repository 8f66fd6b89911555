"""Import this before `segmentation_models_pytorch` or `timm`.

Where torch is a CPU build, pip may still pair it with a CUDA build of torchvision, whose
compiled operators then do not load and whose import fails on registering shapes for
`torchvision::nms`. No model here calls those operators, so their names are declared and the
import goes through.
"""

from __future__ import annotations

import torch

_OPERATORS = ("nms", "qnms")


def _declare_operators() -> torch.library.Library | None:
    if torch.version.cuda is not None:
        return None
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for name in _OPERATORS:
        library.define(  # type: ignore[no-untyped-call]
            f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        )
    return library


# Kept referenced: the declarations live only as long as the library object.
DECLARED = _declare_operators()
