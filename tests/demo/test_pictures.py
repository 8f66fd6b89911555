import io

import numpy as np
import pytest
from PIL import Image

from inference.taxonomy import DAMAGE, PARTS
from reviewapp.demo.pictures import SyntheticPhoto, synthetic_case, synthetic_photos

SEED = 2  # a right side, so that the mirror image is looked at too


@pytest.fixture(scope="module")
def photos() -> list[SyntheticPhoto]:
    return synthetic_photos(SEED)


def names(photo: SyntheticPhoto) -> set[str]:
    return {PARTS.by_id[int(value)].label for value in np.unique(photo.parts) if value}


def test_a_case_shows_its_vehicle_from_far_and_near(photos: list[SyntheticPhoto]) -> None:
    files = [photo.file_name for photo in photos]
    assert len(files) == len(set(files)) >= 3
    assert any("close-up" in name for name in files)


def test_the_same_seed_is_the_same_case(photos: list[SyntheticPhoto]) -> None:
    assert synthetic_case(SEED) == [(photo.file_name, photo.jpeg) for photo in photos]


def test_the_truth_has_the_photos_size(photos: list[SyntheticPhoto]) -> None:
    for photo in photos:
        with Image.open(io.BytesIO(photo.jpeg)) as image:
            assert image.size[::-1] == photo.parts.shape == photo.damage.shape


def test_every_photo_shows_damage_on_the_vehicle(photos: list[SyntheticPhoto]) -> None:
    for photo in photos:
        assert photo.damage.any()
        assert photo.parts[photo.damage > 0].all()


def test_the_truth_names_only_known_classes(photos: list[SyntheticPhoto]) -> None:
    for photo in photos:
        assert set(np.unique(photo.parts)) <= {0, *PARTS.by_id}
        assert set(np.unique(photo.damage)) <= {0, *DAMAGE.by_id}


def test_a_right_side_has_right_parts_only(photos: list[SyntheticPhoto]) -> None:
    seen = names(photos[0])
    assert photos[0].file_name == "1-right-side.jpg"
    assert "Front Door Shell right" in seen
    assert not [name for name in seen if name.endswith(" left")]
