"""Networks and the cards that describe them.

This package imports no torch: `card` is read by processes that only run OpenVINO. The
networks themselves are in `inference.models.build` (`build`, `build_segmentation`, …).
"""

from inference.models.card import InputSpec, ModelVersionFiles, ModuleCard, load_model_version

__all__ = ["InputSpec", "ModelVersionFiles", "ModuleCard", "load_model_version"]
