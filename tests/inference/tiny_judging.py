"""Outputs and labels that evaluations are tried on."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masks import encode_rle
from inference.models import load_model_version
from inference.predictor import HeadOutput
from tests.inference.tiny_models import PART_LABELS


def says(folder: Path, rows: list[list[str]]) -> HeadOutput:
    """A parts output that is sure of the named class at every pixel."""
    values = np.zeros((len(PART_LABELS), len(rows), len(rows[0])), np.float32)
    for y, row in enumerate(rows):
        for x, name in enumerate(row):
            values[PART_LABELS.index(name), y, x] = 1.0
    return HeadOutput(load_model_version(folder).module("parts"), "parts", values)


def coco_set(folder: Path, regions: dict[str, NDArray[np.bool_]], **image: Any) -> Path:
    """A set of one photo with these masks by name."""
    (folder / "images").mkdir(parents=True)
    height, width = next(iter(regions.values())).shape
    cv2.imwrite(str(folder / "images" / "a.png"), np.full((height, width, 3), 128, np.uint8))
    ids = {name: number for number, name in enumerate(regions, start=1)}
    data = {
        "images": [{"id": 1, "file_name": "a.png", "width": width, "height": height, **image}],
        "categories": [{"id": number, "name": name} for name, number in ids.items()],
        "annotations": [
            {"id": ids[name], "image_id": 1, "category_id": ids[name],
             "segmentation": encode_rle(mask)}
            for name, mask in regions.items()
        ],
    }  # fmt: skip
    (folder / "annotations.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def left_half(height: int = 64, width: int = 64) -> NDArray[np.bool_]:
    mask = np.zeros((height, width), np.bool_)
    mask[:, : width // 2] = True
    return mask
