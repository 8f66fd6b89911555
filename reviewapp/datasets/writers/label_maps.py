"""Label maps as indexed PNG: the values are finest class ids, the palette the taxonomy's."""

from inference.masks import Colour, LabelMap, encode_indexed
from inference.taxonomy import Layer


def palette(layer: Layer) -> tuple[Colour, ...]:
    """Colours by class id; 0 is black."""
    return ((0, 0, 0), *(_rgb(item.colour) for item in layer.classes))


def _rgb(colour: str) -> Colour:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def indexed_png(label_map: LabelMap, layer: Layer) -> bytes:
    return encode_indexed(label_map, palette(layer))
