"""A data folder like `../shared/data`, drawn by code: coloured rectangles with known labels."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np

HEIGHT, WIDTH = 48, 64
COLOURS = {"Hood": (200, 30, 30), "Wheel": (30, 30, 200), "Scratch": (30, 220, 30)}


def write_coco_set(
    folder: Path,
    *,
    photos: int,
    names: tuple[str, ...] = ("Hood", "Wheel", "Scratch"),
    seed: int = 0,
) -> Path:
    """A COCO set in the manner of `every-part-and-damage`: one rectangle of each name a photo."""
    (folder / "images").mkdir(parents=True)
    rng = np.random.default_rng(seed)
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number in range(1, photos + 1):
        pixels = rng.integers(90, 140, (HEIGHT, WIDTH, 3)).astype(np.uint8)
        for category, name in enumerate(names, start=1):
            x, y = int(rng.integers(0, 40)), int(rng.integers(0, 24))
            cv2.rectangle(pixels, (x, y), (x + 19, y + 19), COLOURS[name], cv2.FILLED)
            corners = [x, y, x + 20, y, x + 20, y + 20, x, y + 20]
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": category,
                    "segmentation": [corners],
                }
            )
        name = f"{seed:02}-{number:03}.png"
        cv2.imwrite(str(folder / "images" / name), pixels[:, :, ::-1])
        images.append({"id": number, "file_name": name, "height": HEIGHT, "width": WIDTH})
    categories = [{"id": index, "name": name} for index, name in enumerate(names, start=1)]
    write_annotations(folder, images, annotations, categories)
    return folder


def write_annotations(folder: Path, images: Any, annotations: Any, categories: Any) -> None:
    content = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "annotations.json").write_text(json.dumps(content))


def write_class_folder(folder: Path, *, photos: int, colour: tuple[int, int, int]) -> Path:
    """Photos of one colour with noise."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(sum(colour))
    for number in range(photos):
        noise = rng.integers(-60, 60, (40, 40, 3))
        pixels = np.clip(noise + colour, 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"{number:03}.png"), pixels)
    return folder
