"""COCO JSON of both layers, one file a split, with compressed RLE.

Category ids are the taxonomy's class ids, which are the values in the label maps: parts and
damage count from 1 each, so each layer has its own files. A part is one annotation a photo, all
its islands and holes in it; a damage annotation is one connected region of one damage type.
Photos without any damage stand in the damage files too.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from inference import masks
from inference.masks import Box, LabelMap, Mask, Rle
from inference.taxonomy import BACKGROUND, DAMAGE, IGNORE, PARTS, Layer
from inference.taxonomy.taxonomy import VERSION
from reviewapp.datasets.splits import Split
from reviewapp.datasets.writers.archive import Archive
from reviewapp.datasets.writers.spool import Spool, compact

LAYERS = (PARTS, DAMAGE)

# The class id, and what COCO says of the mask.
Annotation = tuple[int, dict[str, object]]


def part_annotations(parts_map: LabelMap) -> Iterator[Annotation]:
    """One for every part that occurs."""
    for class_id, box in masks.boxes(parts_map).items():
        if class_id not in (BACKGROUND, IGNORE):
            inside = parts_map[_window(box)] == class_id
            yield class_id, _mask(inside, box, parts_map.shape)


def damage_annotations(parts_map: LabelMap, damage_map: LabelMap) -> Iterator[Annotation]:
    """One for every connected region of one damage type, with the part that most of it lies on."""
    for class_id, box in masks.boxes(damage_map).items():
        if class_id in (BACKGROUND, IGNORE):
            continue
        for region, inside in _regions(damage_map[_window(box)] == class_id, box):
            part_id = _most_of(parts_map[_window(region)][inside])
            yield class_id, _mask(inside, region, damage_map.shape) | {"part_id": part_id}


def _regions(mask: Mask, box: Box) -> Iterator[tuple[Box, Mask]]:
    numbers, stats = masks.connected_regions(mask)
    for number, (x, y, width, height, _) in enumerate(stats.tolist(), start=1):
        inside = numbers[_window((x, y, width, height))] == number
        yield (x + box[0], y + box[1], width, height), inside


def _most_of(part_ids: LabelMap) -> int:
    """The most frequent part; 0 where most of the region lies on no known part."""
    counts = np.bincount(part_ids, minlength=256)
    counts[IGNORE] = 0
    return int(counts.argmax())


def _mask(inside: Mask, box: Box, shape: tuple[int, ...]) -> dict[str, object]:
    rle: Rle = masks.encode_rle_in_box(inside, box, (shape[0], shape[1]))
    return {
        "iscrowd": 0,
        "area": int(np.count_nonzero(inside)),
        "bbox": list(box),
        "segmentation": rle,
    }


def _window(box: Box) -> tuple[slice, slice]:
    x, y, width, height = box
    return slice(y, y + height), slice(x, x + width)


class CocoFiles:
    """Collects images and annotations on disk and writes the files at the end."""

    def __init__(self) -> None:
        self._images = {split: Spool() for split in Split}
        self._annotations = {(layer.name, split): Spool() for layer in LAYERS for split in Split}
        self._last_image = self._last_annotation = 0

    def add_image(self, split: Split, image: Mapping[str, object]) -> None:
        """The image that the next annotations belong to; its id is the same in both layers."""
        self._last_image += 1
        self._images[split].append({"id": self._last_image, **image})

    def add_annotations(
        self, layer: Layer, split: Split, annotations: Iterable[Annotation]
    ) -> list[int]:
        """Class ids of the annotations added; annotation ids count up through all files."""
        class_ids = []
        for class_id, annotation in annotations:
            self._last_annotation += 1
            ids = {
                "id": self._last_annotation,
                "image_id": self._last_image,
                "category_id": class_id,
            }
            self._annotations[layer.name, split].append(ids | annotation)
            class_ids.append(class_id)
        return class_ids

    def write(self, archive: Archive) -> None:
        for layer in LAYERS:
            for split in Split:
                archive.add_text(f"coco/{layer.name}_{split}.json", self._file(layer, split))

    def close(self) -> None:
        for spool in (*self._images.values(), *self._annotations.values()):
            spool.close()

    def _file(self, layer: Layer, split: Split) -> Iterator[bytes]:
        yield b'{"info":' + compact(_info(layer, split)) + b',\n"licenses":[],\n"categories":'
        yield compact(categories(layer)) + b',\n"images":'
        yield from self._images[split].array()
        yield b',\n"annotations":'
        yield from self._annotations[layer.name, split].array()
        yield b"}\n"


def _info(layer: Layer, split: Split) -> dict[str, object]:
    return {
        "description": f"Vehicle damage labels: {layer.name}, {split}",
        "version": f"taxonomy {VERSION}",
    }


def categories(layer: Layer) -> list[dict[str, object]]:
    """Every class of the layer, whether it occurs or not: ids never move."""
    return [
        {
            "id": item.id,
            "name": item.label,
            "supercategory": layer.name,
            "side": item.side,
            "minor": item.minor,
            "colour": item.colour,
        }
        for item in layer.classes
    ]
