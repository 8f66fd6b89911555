import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from inference.data.partial import Head, LabelSets, paint_labels
from inference.data.readers import read_labelled
from inference.data.records import LabelledPhoto
from inference.errors import LabelError, TaxonomyError
from inference.masks import encode_indexed, encode_rle
from inference.taxonomy import DAMAGE, IGNORE, PARTS
from inference.taxonomy.mapping import SetMapping, load_mapping
from tests.inference.tiny_data import HEIGHT, WIDTH, write_annotations, write_coco_set

OWN_NAMES = "taxonomy"


@pytest.fixture
def mapping() -> SetMapping:
    return load_mapping(OWN_NAMES)


def painted(photo: LabelledPhoto, mapping: SetMapping) -> np.ndarray[Any, Any]:
    layer = mapping.layers["parts"]
    return paint_labels(photo, layer, LabelSets(Head.finest(PARTS)), photo.size)


def hood() -> int:
    return Head.finest(PARTS).labels.index("Hood")


def write_photo(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((HEIGHT, WIDTH, 3), 90, np.uint8))


def write_coco(folder: Path, segmentation: object, **image: object) -> Path:
    write_photo(folder / "images" / "one.png")
    row = {"id": 1, "file_name": "one.png", "height": HEIGHT, "width": WIDTH} | image
    annotation = {"id": 1, "image_id": 1, "category_id": 1, "segmentation": segmentation}
    write_annotations(folder, [row], [annotation], [{"id": 1, "name": "Hood"}])
    return folder


def write_via(folder: Path, *shapes: Mapping[str, object], wrapped: bool = False) -> Path:
    write_photo(folder / "one.png")
    regions = [{"shape_attributes": shape, "region_attributes": {}} for shape in shapes]
    data: dict[str, Any] = {"one.png1": {"filename": "one.png", "regions": regions}}
    content = {"_via_img_metadata": data} if wrapped else data
    (folder / "via_region_data.json").write_text(json.dumps(content))
    return folder


SQUARE = {"name": "polygon", "all_points_x": [10, 20, 20, 10], "all_points_y": [5, 5, 15, 15]}


def test_coco_polygons_cover_their_pixels_exactly(tmp_path: Path, mapping: SetMapping) -> None:
    folder = write_coco(tmp_path, [[10, 5, 20, 5, 20, 15, 10, 15]])

    (photo,) = read_labelled(folder, mapping)

    expected = np.zeros((HEIGHT, WIDTH), np.uint8)
    expected[5:15, 10:20] = hood()
    assert (painted(photo, mapping) == expected).all()


def test_coco_rle_gives_back_the_same_pixels(tmp_path: Path, mapping: SetMapping) -> None:
    mask = np.random.default_rng(1).random((HEIGHT, WIDTH)) < 0.4
    folder = write_coco(tmp_path, encode_rle(mask))

    (photo,) = read_labelled(folder, mapping)

    assert ((painted(photo, mapping) == hood()) == mask).all()


def test_a_layer_that_labelled_does_not_name_is_ignored(
    tmp_path: Path, mapping: SetMapping
) -> None:
    folder = write_coco(tmp_path, [[1, 1, 9, 1, 9, 9]], labelled=["damage"])

    (photo,) = read_labelled(folder, mapping)

    assert (painted(photo, mapping) == IGNORE).all()


def test_the_source_of_a_copy_is_named_as_a_key(tmp_path: Path, mapping: SetMapping) -> None:
    folder = write_coco(tmp_path, [[1, 1, 9, 1, 9, 9]], source="damage-claims/images/7.jpg")

    (photo,) = read_labelled(folder, mapping)

    assert photo.source == "damage-claims/7.jpg"


def test_small_regions_lie_on_large_ones(tmp_path: Path, mapping: SetMapping) -> None:
    folder = write_coco_set(tmp_path / "set", photos=1, names=("Wheel", "Hood"))
    data = json.loads((folder / "annotations.json").read_text())
    data["annotations"][0]["segmentation"] = [[2, 2, 6, 2, 6, 6, 2, 6]]
    data["annotations"][1]["segmentation"] = [[0, 0, 40, 0, 40, 40, 0, 40]]
    (folder / "annotations.json").write_text(json.dumps(data))

    (photo,) = read_labelled(folder, mapping)

    assert painted(photo, mapping)[4, 4] == Head.finest(PARTS).labels.index("Wheel")


def test_a_missing_photo_is_named(tmp_path: Path, mapping: SetMapping) -> None:
    folder = write_coco(tmp_path, [[1, 1, 9, 1, 9, 9]])
    (folder / "images" / "one.png").unlink()

    with pytest.raises(LabelError, match=r"one\.png is missing"):
        read_labelled(folder, mapping)


def test_an_unknown_category_is_refused(tmp_path: Path) -> None:
    folder = write_coco(tmp_path, [[1, 1, 9, 1, 9, 9]])

    with pytest.raises(TaxonomyError, match="Hood"):
        read_labelled(folder, load_mapping("damage-claims"))


def test_a_broken_coco_file_is_refused(tmp_path: Path, mapping: SetMapping) -> None:
    (tmp_path / "annotations.json").write_text('{"images": []}')

    with pytest.raises(LabelError, match="no COCO file"):
        read_labelled(tmp_path, mapping)


def test_via_regions_without_attributes_are_damage_of_unknown_type(tmp_path: Path) -> None:
    via = load_mapping("via-car-damage")

    (photo,) = read_labelled(write_via(tmp_path, SQUARE), via)

    sets = LabelSets(Head.finest(DAMAGE))
    labels = paint_labels(photo, via.layers["damage"], sets, photo.size)
    assert sets.table[labels[10, 15]][1:].all()
    assert labels[40, 60] == 0


def test_via_files_of_both_splits_and_versions_are_read(tmp_path: Path) -> None:
    write_via(tmp_path / "train", SQUARE)
    write_via(tmp_path / "val", SQUARE, wrapped=True)
    (tmp_path / "val" / "one.png").rename(tmp_path / "val" / "two.png")
    text = (tmp_path / "val" / "via_region_data.json").read_text()
    (tmp_path / "val" / "via_region_data.json").write_text(text.replace("one.png", "two.png"))

    photos = read_labelled(tmp_path, load_mapping("via-car-damage"))

    assert [photo.path.name for photo in photos] == ["one.png", "two.png"]


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        ({"name": "rect", "x": 4, "y": 5, "width": 10, "height": 8}, 80),
        ({"name": "circle", "cx": 30, "cy": 20, "r": 10}, 314),
        ({"name": "ellipse", "cx": 30, "cy": 20, "rx": 10, "ry": 5, "theta": 0.5}, 157),
    ],
)
def test_via_shapes_keep_their_area(tmp_path: Path, shape: dict[str, object], area: float) -> None:
    (photo,) = read_labelled(write_via(tmp_path, shape), load_mapping("via-car-damage"))

    assert photo.regions[0].area == pytest.approx(area, rel=0.02)


def test_a_via_point_is_refused(tmp_path: Path) -> None:
    folder = write_via(tmp_path, {"name": "point", "cx": 3, "cy": 4})

    with pytest.raises(LabelError, match="point"):
        read_labelled(folder, load_mapping("via-car-damage"))


def test_indexed_label_maps_come_back_to_the_pixel(tmp_path: Path, mapping: SetMapping) -> None:
    write_photo(tmp_path / "photos" / "one.png")
    label_map = np.zeros((HEIGHT, WIDTH), np.uint8)
    label_map[3:30, 4:50] = PARTS.named("Hood").id
    label_map[10:12, 10:12] = IGNORE
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "one.png").write_bytes(encode_indexed(label_map, [(0, 0, 0)]))

    (photo,) = read_labelled(tmp_path, mapping)

    expected = np.where(label_map == PARTS.named("Hood").id, hood(), label_map)
    assert (painted(photo, mapping) == expected).all()
    assert photo.layers == {"parts"}


def test_an_id_that_the_taxonomy_lacks_is_refused(tmp_path: Path, mapping: SetMapping) -> None:
    write_photo(tmp_path / "photos" / "one.png")
    (tmp_path / "damage").mkdir()
    label_map = np.full((HEIGHT, WIDTH), 99, np.uint8)
    (tmp_path / "damage" / "one.png").write_bytes(encode_indexed(label_map, []))

    with pytest.raises(LabelError, match="99"):
        read_labelled(tmp_path, mapping)


def test_a_folder_of_no_known_format_is_refused(tmp_path: Path, mapping: SetMapping) -> None:
    with pytest.raises(LabelError, match="VIA"):
        read_labelled(tmp_path, mapping)
