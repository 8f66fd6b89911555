"""The parts and damage types that exist, their merges and colours, and foreign names."""

from inference.taxonomy.taxonomy import (
    BACKGROUND,
    DAMAGE,
    IGNORE,
    PARTS,
    Layer,
    LayerName,
    Merge,
    PartOrDamageClass,
    Side,
    layer,
)

__all__ = [
    "BACKGROUND",
    "DAMAGE",
    "IGNORE",
    "PARTS",
    "Layer",
    "LayerName",
    "Merge",
    "PartOrDamageClass",
    "Side",
    "layer",
]
