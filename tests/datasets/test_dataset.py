"""The whole zip, from labels whose files are in memory."""

import dataclasses
import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inference.errors import MaskError
from inference.masks import decode_label_map, encode_label_map
from inference.taxonomy import DAMAGE, PARTS
from reviewapp.datasets.labels import Label
from reviewapp.datasets.splits import Split
from reviewapp.datasets.writers.counts import Counts
from reviewapp.datasets.writers.dataset import dataset_write
from reviewapp.datasets.writers.papers import PLATES
from tests.datasets.maps import HEIGHT, WIDTH, ring_and_island
from tests.factories.pictures import picture_bytes

LABEL = Label(
    case="3f2a9c1b77aa",
    number=2,
    split=Split.TRAIN,
    width=WIDTH,
    height=HEIGHT,
    display="display",
    parts_map="parts",
    damage_map="damage",
    revision=1,
    decided_by="adjuster",
    model_version="v1",
    model_weights="ab" * 32,
)
WHOLE = dataclasses.replace(LABEL, number=3, damage_map="no damage", revision=0)
OTHER_CASE = dataclasses.replace(LABEL, case="77aa3f2a9c1b", number=1, split=Split.TEST)
NAME = "3f2a9c1b77aa-002-" + hashlib.sha256(picture_bytes(WIDTH, HEIGHT)).hexdigest()[:16]
FILES = {
    "display": picture_bytes(WIDTH, HEIGHT),
    "parts": encode_label_map(ring_and_island(25)),
    "damage": encode_label_map(ring_and_island(2)),
    "no damage": encode_label_map(np.zeros((HEIGHT, WIDTH), np.uint8)),
}


def zipped(*labels: Label | None) -> bytes:
    out = io.BytesIO()
    dataset_write(out, labels, read=FILES.__getitem__, on_photo=lambda _: None)
    return out.getvalue()


def opened(*labels: Label | None) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(zipped(*labels)))


def manifest(*labels: Label | None) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(opened(*labels).read("manifest.json"))
    return read


def test_each_photo_comes_with_its_two_label_maps() -> None:
    names = [name for name in opened(LABEL).namelist() if NAME in name]
    assert names == [f"photos/{NAME}.jpg", f"parts/{NAME}.png", f"damage/{NAME}.png"]


@pytest.mark.parametrize(("folder", "class_id"), [("parts", 25), ("damage", 2)])
def test_label_maps_hold_the_same_class_ids(folder: str, class_id: int) -> None:
    png = opened(LABEL).read(f"{folder}/{NAME}.png")
    assert (decode_label_map(png) == ring_and_island(class_id)).all()


@pytest.mark.parametrize("layer", [PARTS, DAMAGE], ids=lambda layer: layer.name)
def test_the_palette_is_the_taxonomys(layer: Any) -> None:
    image = Image.open(io.BytesIO(opened(LABEL).read(f"{layer.name}/{NAME}.png")))
    palette = image.getpalette() or []
    assert image.mode == "P"
    for item in layer.classes:
        assert bytes(palette[3 * item.id : 3 * item.id + 3]).hex() == item.colour[1:]


def test_the_manifest_lists_every_other_file_with_size_and_hash() -> None:
    archive = opened(LABEL, WHOLE)
    listed = {row["path"]: (row["size"], row["sha256"]) for row in manifest(LABEL, WHOLE)["files"]}
    found = {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}
    assert listed == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in found.items()
    }


def test_the_manifest_says_who_decided_on_which_revision() -> None:
    (row,) = manifest(LABEL)["photos"]
    assert row == {
        "name": NAME,
        "case": LABEL.case,
        "split": "train",
        "width": WIDTH,
        "height": HEIGHT,
        "revision": 1,
        "label_maps_by": "adjuster",
        "decided_by": "adjuster",
        "model_version": "v1",
    }


def test_label_maps_without_a_correction_are_the_models() -> None:
    (row,) = manifest(WHOLE)["photos"]
    assert row["label_maps_by"] == "models"


def test_the_manifest_names_the_model_versions() -> None:
    found = manifest(LABEL, WHOLE)["model_versions"]
    assert found == [{"name": "v1", "weights_sha256": "ab" * 32, "photos": 2}]


def test_the_manifest_counts_photos_cases_and_what_they_show() -> None:
    counts = manifest(LABEL, WHOLE, None, OTHER_CASE)["counts"]
    assert {key: counts[key] for key in counts if key != "splits"} == {
        "photos": 3,
        "cases": 2,
        "photos_without_damage": 1,
        "photos_left_out": 1,
    }
    assert counts["splits"]["train"] == {
        "photos": 2,
        "cases": 1,
        "photos_without_damage": 1,
        "damage_regions": 3,
        "parts": {"Front Door Shell left": 2},
        "damage": {"Scratch": 3},
    }


@pytest.mark.parametrize("path", ["manifest.json", "README.txt"])
def test_it_says_that_plates_are_not_yet_blurred(path: str) -> None:
    assert PLATES in opened(LABEL).read(path).decode()


@pytest.mark.parametrize(
    ("path", "images"),
    [("coco/damage_train.json", 2), ("coco/parts_train.json", 2), ("coco/damage_test.json", 1)],
)
def test_each_split_has_its_own_photos(path: str, images: int) -> None:
    assert len(json.loads(opened(LABEL, WHOLE, OTHER_CASE).read(path))["images"]) == images


def test_a_photo_has_the_same_image_id_in_both_layers() -> None:
    archive = opened(LABEL, WHOLE)
    parts, damage = (
        {image["file_name"]: image["id"] for image in json.loads(archive.read(path))["images"]}
        for path in ("coco/parts_train.json", "coco/damage_train.json")
    )
    assert parts == damage


def test_the_taxonomy_file_names_every_class_and_merge() -> None:
    taxonomy = json.loads(opened(LABEL).read("taxonomy.json"))
    for layer in (PARTS, DAMAGE):
        found = taxonomy[layer.name]
        assert [row["label"] for row in found["classes"]] == [item.label for item in layer.classes]
        assert set(found["merges"]) == set(layer.merges)


def test_equal_labels_give_equal_bytes() -> None:
    assert zipped(LABEL, WHOLE, OTHER_CASE) == zipped(LABEL, WHOLE, OTHER_CASE)


def test_two_photos_with_equal_pixels_in_a_case_both_stay() -> None:
    twin = dataclasses.replace(LABEL, number=9)
    names = opened(LABEL, twin).namelist()
    assert len(names) == len(set(names))


def test_no_label_at_all_is_a_whole_export_too() -> None:
    archive = opened()
    assert archive.testzip() is None
    assert json.loads(archive.read("manifest.json"))["photos"] == []


def test_label_maps_of_another_size_than_the_photo_are_refused() -> None:
    with pytest.raises(MaskError):
        zipped(dataclasses.replace(LABEL, width=WIDTH - 1))


def test_progress_is_told_after_every_photo() -> None:
    seen: list[Sequence[int]] = []

    def note(counts: Counts) -> None:
        seen.append((counts.photos, counts.left_out))

    dataset_write(io.BytesIO(), [LABEL, None, WHOLE], read=FILES.__getitem__, on_photo=note)
    assert seen == [(1, 0), (1, 1), (2, 1)]
