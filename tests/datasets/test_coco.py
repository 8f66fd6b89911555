"""pycocotools reads the COCO files and gives back the label maps to the pixel."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from pycocotools.coco import COCO

from inference.masks import LabelMap
from inference.taxonomy import DAMAGE, IGNORE, PARTS, Layer
from reviewapp.datasets.splits import Split
from reviewapp.datasets.writers.archive import Archive
from reviewapp.datasets.writers.coco import (
    CocoFiles,
    categories,
    damage_annotations,
    part_annotations,
)
from tests.datasets.maps import label_maps, ring_and_island

# pycocotools decodes through an array protocol that NumPy deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

IMAGE: dict[str, object] = {"file_name": "photos/a.jpg", "width": 17, "height": 13}


def coco_of(folder: Path, layer: Layer, parts_map: LabelMap, damage_map: LabelMap) -> COCO:
    files, out = CocoFiles(), io.BytesIO()
    files.add_image(Split.TRAIN, IMAGE)
    files.add_annotations(PARTS, Split.TRAIN, part_annotations(parts_map))
    files.add_annotations(DAMAGE, Split.TRAIN, damage_annotations(parts_map, damage_map))
    archive = Archive(out)
    files.write(archive)
    archive.finish()
    files.close()
    archive.close()
    with zipfile.ZipFile(out) as found:
        found.extractall(folder)
    return COCO(str(folder / f"coco/{layer.name}_train.json"))


def painted(coco: COCO, shape: tuple[int, ...]) -> LabelMap:
    """The label map that all annotations make together; overlaps would show."""
    label_map = np.zeros(shape, np.uint8)
    for annotation in coco.loadAnns(coco.getAnnIds()):
        inside = coco.annToMask(annotation).astype(bool)
        assert not label_map[inside].any()
        label_map[inside] = annotation["category_id"]
    return label_map


def without_ignore(label_map: LabelMap) -> LabelMap:
    return np.where(label_map == IGNORE, 0, label_map).astype(np.uint8)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts_map=label_maps(42), damage_map=label_maps(7))
def test_both_layers_come_back_to_the_pixel(
    tmp_path_factory: pytest.TempPathFactory, parts_map: LabelMap, damage_map: LabelMap
) -> None:
    for layer, label_map in ((PARTS, parts_map), (DAMAGE, damage_map)):
        coco = coco_of(tmp_path_factory.mktemp("coco"), layer, parts_map, damage_map)
        assert (painted(coco, label_map.shape) == without_ignore(label_map)).all()


def test_a_part_keeps_its_hole_and_its_islands_in_one_annotation(tmp_path: Path) -> None:
    parts_map = ring_and_island(3)
    coco = coco_of(tmp_path, PARTS, parts_map, np.zeros_like(parts_map))
    (annotation,) = coco.loadAnns(coco.getAnnIds())
    assert (coco.annToMask(annotation) * 3 == parts_map).all()


def test_every_connected_damage_is_an_annotation_of_its_own(tmp_path: Path) -> None:
    damage_map = ring_and_island(2)
    coco = coco_of(tmp_path, DAMAGE, np.zeros_like(damage_map), damage_map)
    assert len(coco.getAnnIds()) == 3


def test_damage_names_the_part_that_most_of_it_lies_on(tmp_path: Path) -> None:
    parts_map = np.full((20, 20), 25, np.uint8)
    parts_map[:, :8] = IGNORE
    parts_map[:, 8:11] = 27
    damage_map = np.zeros_like(parts_map)
    damage_map[4:6, 2:16] = 3
    coco = coco_of(tmp_path, DAMAGE, parts_map, damage_map)
    assert [item["part_id"] for item in coco.loadAnns(coco.getAnnIds())] == [25]


def test_area_and_box_are_those_of_the_mask(tmp_path: Path) -> None:
    damage_map = np.zeros((30, 40), np.uint8)
    damage_map[5:15, 7:27] = 5
    coco = coco_of(tmp_path, DAMAGE, np.zeros_like(damage_map), damage_map)
    (annotation,) = coco.loadAnns(coco.getAnnIds())
    assert (annotation["area"], annotation["bbox"]) == (200, [7, 5, 20, 10])


def test_a_photo_without_damage_is_listed_too(tmp_path: Path) -> None:
    coco = coco_of(tmp_path, DAMAGE, ring_and_island(3), np.zeros((64, 96), np.uint8))
    assert len(coco.getImgIds()) == 1
    assert coco.getAnnIds() == []


def test_a_split_without_photos_has_its_file(tmp_path: Path) -> None:
    coco_of(tmp_path, PARTS, ring_and_island(3), ring_and_island(3))
    assert json.loads((tmp_path / "coco/parts_test.json").read_text())["images"] == []


@pytest.mark.parametrize("layer", [PARTS, DAMAGE], ids=lambda layer: layer.name)
def test_category_ids_are_the_taxonomys(layer: Layer) -> None:
    assert {item["id"]: item["name"] for item in categories(layer)} == {
        item.id: item.label for item in layer.classes
    }
