import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.data.near_duplicates import near_duplicate_pairs
from inference.data.records import LabelledPhoto
from inference.data.splits import Groups, group_photos, split_of, split_photos
from inference.errors import LabelError


def write_photo(path: Path, seed: int, *, mirrored: bool = False, scale: int = 8) -> Path:
    """A smooth random picture, the same for the same seed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    small = np.random.default_rng(seed).integers(0, 255, (6, 8, 3)).astype(np.uint8)
    pixels = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(path), pixels[:, ::-1] if mirrored else pixels)
    return path


def photo(
    path: Path, *, set_name: str = "damage-claims", source: str | None = None
) -> LabelledPhoto:
    return LabelledPhoto(path, set_name, 48, 64, (), frozenset({"parts"}), source)


def together(photos: Sequence[LabelledPhoto], data: Path) -> bool:
    groups = group_photos(photos, data)
    return len({groups.leader(item.key) for item in photos}) == 1


@pytest.fixture
def two(tmp_path: Path) -> list[LabelledPhoto]:
    return [photo(write_photo(tmp_path / f"{seed}.png", seed)) for seed in (1, 2)]


def test_photos_that_have_nothing_in_common_stay_apart(
    two: list[LabelledPhoto], tmp_path: Path
) -> None:
    assert not together(two, tmp_path)


def test_a_copy_stays_with_its_source(tmp_path: Path) -> None:
    one = photo(write_photo(tmp_path / "1.png", 1))
    copy = photo(write_photo(tmp_path / "2.png", 2), set_name="better", source=one.key)

    assert together([one, copy], tmp_path)


def test_photos_of_one_block_stay_together(two: list[LabelledPhoto], tmp_path: Path) -> None:
    (tmp_path / "damage-claims").mkdir()
    (tmp_path / "damage-claims" / "blocks.json").write_text(json.dumps([["1.png", "2.png"]]))

    assert together(two, tmp_path)


def test_photos_of_one_case_stay_together(two: list[LabelledPhoto], tmp_path: Path) -> None:
    rows = [{"photos": [{"damage_claims_file": name} for name in ("1.png", "2.png")]}]
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "truth.json").write_text(json.dumps(rows))

    assert together(two, tmp_path)


@pytest.mark.parametrize(
    "change", [{"mirrored": True}, {"scale": 5}], ids=["mirrored", "other size"]
)
def test_near_duplicates_stay_together(tmp_path: Path, change: dict[str, int]) -> None:
    one = photo(write_photo(tmp_path / "1.png", 7))
    other = photo(write_photo(tmp_path / "2.png", 7, **change))  # type: ignore[arg-type]

    assert together([one, other], tmp_path)


def test_different_photos_are_no_near_duplicates(tmp_path: Path) -> None:
    paths = {str(seed): write_photo(tmp_path / f"{seed}.png", seed) for seed in range(30)}

    assert list(near_duplicate_pairs(paths)) == []


def test_a_group_is_led_by_its_smallest_key() -> None:
    groups = Groups(["c", "b", "a"])

    groups.join("c", "b")
    groups.join("b", "a")

    assert groups.leader("c") == "a"
    assert groups.members() == {"a": ["c", "b", "a"]}


def test_about_the_asked_fraction_validates() -> None:
    sides = [split_of(f"set/{number}.jpg", 0.15) for number in range(4000)]

    assert sides.count("validation") / 4000 == pytest.approx(0.15, abs=0.02)


def test_a_larger_fraction_keeps_those_that_validated_before() -> None:
    keys = [f"set/{number}.jpg" for number in range(500)]
    before = {key for key in keys if split_of(key, 0.15) == "validation"}

    assert before <= {key for key in keys if split_of(key, 0.2) == "validation"}


def test_other_photos_do_not_move_a_photo_to_the_other_side(tmp_path: Path) -> None:
    photos = [photo(write_photo(tmp_path / f"{seed}.png", seed)) for seed in range(12)]

    few, many = split_photos(photos[:6], tmp_path, 0.5), split_photos(photos, tmp_path, 0.5)

    assert few == {item.key: many[item.key] for item in photos[:6]}


def test_a_broken_block_list_is_refused(two: list[LabelledPhoto], tmp_path: Path) -> None:
    (tmp_path / "damage-claims").mkdir()
    (tmp_path / "damage-claims" / "blocks.json").write_text("[[")

    with pytest.raises(LabelError, match=r"blocks\.json"):
        group_photos(two, tmp_path)
