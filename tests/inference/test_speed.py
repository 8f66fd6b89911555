"""The plain recipe finds the same regions, and a bench says its ratios."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from inference.cli.bench import photos_of
from inference.cli.main import main
from inference.evaluation.plain_recipe import PlainRecipe, grown_regions
from inference.evaluation.speed import decode_speed, drawn_photo, forward_flops, milliseconds
from inference.masks import LabelMap
from inference.models import load_model_version
from inference.postprocessing import RegionRules, regions_of_label_maps
from inference.taxonomy import DAMAGE, PARTS

SHAPES = st.shared(st.tuples(st.integers(1, 12), st.integers(1, 12)))


@given(
    arrays(np.uint8, SHAPES, elements=st.integers(0, 2)),
    arrays(np.uint8, SHAPES, elements=st.integers(0, 3)),
)
@settings(deadline=None, max_examples=50)
def test_fast_and_plain_regions_are_the_same(parts: LabelMap, damage: LabelMap) -> None:
    rules = RegionRules.named(minimum_area_share=0.0)
    fast = regions_of_label_maps("photo", parts, damage, rules).damaged_parts
    merged = [
        table[label_map].astype(np.int64)
        for table, label_map in (
            (PARTS.merge("sides").prediction_table, parts),
            (DAMAGE.merge("categorical").prediction_table, damage),
        )
    ]
    assert sorted(item.area_px for item in fast) == sorted(
        area for _, _, area in grown_regions(*merged)
    )


def test_the_plain_recipe_names_the_region(tiny_folder: Path, jpeg: bytes) -> None:
    ((part, damage, area),) = PlainRecipe(load_model_version(tiny_folder)).assess(jpeg)
    rules = RegionRules.named()
    assert (rules.parts_merge.classes[part - 1], rules.damage_merge.classes[damage - 1]) == (
        "Hood",
        "Deformity",
    )
    assert area == 120 * 80


def test_a_drawn_photo_is_a_photo_of_that_size() -> None:
    assert Image.open(io.BytesIO(drawn_photo(320, 160))).size == (320, 160)


def test_decode_says_how_much_faster_reduced_is() -> None:
    assert decode_speed(384, 1)["full_over_reduced"] > 1.0


def test_time_is_positive() -> None:
    assert milliseconds(lambda: sum(range(1000)), 3) > 0


def test_flops_grow_with_the_photo(tiny_folder: Path) -> None:
    card = load_model_version(tiny_folder).module("parts")
    assert forward_flops(card, 64, 64) > 3 * forward_flops(card, 32, 32)


def test_photos_of_the_set_are_taken_where_there_are_any(tmp_path: Path) -> None:
    folder = tmp_path / "damage-claims" / "images"
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(drawn_photo(64, 64))
    assert [name for name, _ in photos_of(tmp_path, 4)] == ["a.jpg"]


def test_bench_prints_one_json_object(
    tiny_folder: Path, converted_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--photos", "1", "--repeats", "1", "--json", "--model", str(tiny_folder)]
    assert main(["bench", *words, "--cache-dir", str(converted_dir)]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["assessment"]["openvino"]["plain_over_this"] > 0
