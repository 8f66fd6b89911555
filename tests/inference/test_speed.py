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

from inference.backends import open_backend
from inference.cli.bench import photos_of
from inference.cli.main import main
from inference.data.coco import read_coco
from inference.evaluation.accuracy import PlainBackend, accuracy_lost
from inference.evaluation.machine import known_sets
from inference.evaluation.network_speed import forward_flops
from inference.evaluation.plain_recipe import PlainRecipe, grown_regions
from inference.evaluation.speed import (
    Remembered,
    assess_cases,
    averaging_speed,
    decode_speed,
    drawn_photo,
    milliseconds,
)
from inference.masks import LabelMap
from inference.models import load_model_version
from inference.postprocessing import RegionRules, regions_of_label_maps
from inference.predictor import Averaging, Networks, Predictor, with_averaging
from inference.taxonomy import DAMAGE, PARTS
from inference.taxonomy.mapping import load_mapping
from tests.inference.tiny_data import write_coco_set

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
    words = ["--photos", "1", "--repeats", "1", "--json", "--flip", "--model", str(tiny_folder)]
    assert main(["bench", *words, "--cache-dir", str(converted_dir)]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["assessment"]["openvino"]["plain_over_this"] > 0
    assert figures["assessment"]["openvino"]["share_of_forward"] > 0
    assert figures["networks"]["parts"]["eager_over_openvino"] > 0
    assert figures["networks"]["parts"]["openvino"]["precision"] == "float32"
    assert figures["test_time"]["parts"]["flip"]
    assert figures["machine"]["cores"] >= 1


def test_bench_asks_for_labelled_photos_to_judge(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--accuracy", "1"]) == 2
    assert "--data" in capsys.readouterr().err


@pytest.fixture
def by_torch(tiny_folder: Path) -> Remembered:
    return Remembered(open_backend("torch", device="cpu"))


def test_only_the_networks_run_again(by_torch: Remembered, tiny_folder: Path, jpeg: bytes) -> None:
    version = load_model_version(tiny_folder)
    Predictor(Networks(version, by_torch)).predict_photos([("a.jpg", jpeg)])
    again = by_torch.run_again()
    assert again == len(("presence", "whole", "parts", "damage"))


def test_photos_are_assessed_as_cases_of_a_few(tiny_folder: Path, jpeg: bytes) -> None:
    predictor = Predictor.load(tiny_folder, backend="torch", device="cpu")
    cases = assess_cases(predictor, [(str(number), jpeg) for number in range(5)])
    assert [len(case.photos) for case in cases] == [4, 1]


def test_averaging_is_measured_against_none(tiny_folder: Path, jpeg: bytes) -> None:
    version = with_averaging(load_model_version(tiny_folder), {"parts": Averaging(flip=True)})
    backend = open_backend("torch", device="cpu")
    figures = averaging_speed(version, backend, [("a.jpg", jpeg)], 1)
    assert figures["over_without"] == figures["ms_per_photo"] / figures["without_ms_per_photo"]
    assert figures["parts"] == {"flip": True, "long_sides": []}


def test_what_the_fast_path_loses_is_counted(tiny_folder: Path, tmp_path: Path) -> None:
    folder = write_coco_set(tmp_path / "every-part-and-damage", photos=2)
    mapping = load_mapping("every-part-and-damage")
    photos = read_coco(folder, mapping)
    backend = open_backend("torch", device="cpu")
    lost = accuracy_lost(load_model_version(tiny_folder), backend, photos, mapping)
    assert lost["photos"] == 2
    assert lost["parts"]["lost"] == lost["parts"]["plain_miou"] - lost["parts"]["fast_miou"]
    assert lost["damage"]["taxonomy"] == "categorical"


def test_the_plain_way_answers_at_full_size_photo_by_photo(tiny_folder: Path) -> None:
    card = load_model_version(tiny_folder).module("parts")
    photos = np.random.default_rng(0).integers(0, 255, (2, 32, 48, 3)).astype(np.uint8)
    plain = PlainBackend().load(card)(photos)["parts"]
    fast = open_backend("torch", device="cpu").load(card)(photos)["parts"]
    assert plain.shape[2:] == (32, 48)
    assert np.allclose(plain[:, :, ::4, ::4], fast, atol=0.05)


def test_the_machine_says_only_what_matters_of_its_instructions() -> None:
    assert known_sets("fpu avx2 sse2 avx512_bf16") == ["avx2", "avx512_bf16"]


def test_a_machine_that_says_nothing_is_not_said_to_have_none() -> None:
    assert known_sets("") is None
