"""Every backend keeps the same promises, and they agree."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
import pytest
from numpy.typing import NDArray

from inference.backends import BACKENDS, Backend, Network, open_backend
from inference.errors import ConfigError
from inference.models import load_model_version

TOLERANCE = 2e-3
NAMES = tuple(BACKENDS)


def photos(number: int, height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    noise = np.random.default_rng(7).integers(0, 255, (number, height, width, 3))
    return noise.astype(np.uint8)


@pytest.fixture(params=NAMES)
def backend(request: pytest.FixtureRequest, converted_dir: Path) -> Backend:
    return open_backend(request.param, cache_dir=converted_dir)


@pytest.fixture
def parts(backend: Backend, tiny_folder: Path) -> Network:
    return backend.load(load_model_version(tiny_folder).module("parts"))


def test_it_says_its_name_and_device(backend: Backend) -> None:
    assert backend.name in NAMES
    assert backend.device in ("cpu", "cuda")


def test_probabilities_sum_to_one(parts: Network) -> None:
    assert np.allclose(parts(photos(1))["parts"].sum(axis=1), 1.0, atol=1e-4)


def test_the_answer_covers_the_photo_at_a_whole_fraction(parts: Network) -> None:
    answer = parts(photos(2))["parts"]
    assert answer.dtype == np.float32
    assert answer.shape[0] == 2
    assert 48 % answer.shape[2] == 0
    assert 48 / answer.shape[2] == 64 / answer.shape[3]


def test_shapes_may_change_from_call_to_call(parts: Network) -> None:
    assert parts(photos(1, 32, 32))["parts"].shape[2] < parts(photos(1, 64, 32))["parts"].shape[2]


def test_a_photo_gets_the_same_answer_in_any_batch(parts: Network) -> None:
    batch = photos(3)
    alone = parts(np.ascontiguousarray(batch[1:2]))["parts"]
    assert np.allclose(parts(batch)["parts"][1:2], alone, atol=1e-4)


def test_the_same_photo_twice_gives_the_same_bits(parts: Network) -> None:
    assert np.array_equal(parts(photos(1))["parts"], parts(photos(1))["parts"])


def test_an_answer_is_not_changed_by_the_next_call(parts: Network) -> None:
    first = parts(photos(1))["parts"]
    kept = first.copy()
    parts(255 - photos(1))
    assert np.array_equal(first, kept)


def test_a_classifier_answers_one_row_a_photo(backend: Backend, tiny_folder: Path) -> None:
    presence = backend.load(load_model_version(tiny_folder).module("presence"))
    answer = presence(photos(2, 64, 64))["classes"]
    assert answer.shape == (2, 2)
    assert (answer[:, 1] > 0.9).all()


@pytest.mark.parametrize("module", ["parts", "damage", "presence", "whole"])
def test_the_backends_agree(module: str, tiny_folder: Path, converted_dir: Path) -> None:
    card = load_model_version(tiny_folder).module(module)
    one, other = (open_backend(name, cache_dir=converted_dir).load(card) for name in NAMES)
    batch = photos(2, 64, 64)
    for head, answer in one(batch).items():
        assert np.abs(answer - other(batch)[head]).max() < TOLERANCE


def test_openvino_converts_once_and_keeps_the_file(
    tiny_folder: Path, converted_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = load_model_version(tiny_folder).module("whole")
    open_backend("openvino", cache_dir=converted_dir).load(card)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert open_backend("openvino", cache_dir=converted_dir).load(card)


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(ConfigError, match="openvino, torch"):
        open_backend("tensorflow")


def test_openvino_refuses_cuda(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cpu"):
        open_backend("openvino", device="cuda", cache_dir=tmp_path)


def test_it_computes_in_what_the_card_says(backend: Backend, tiny_folder: Path) -> None:
    assert backend.precision(load_model_version(tiny_folder).module("parts")) == "float32"


def test_a_card_may_name_another_precision_for_a_device(tiny_folder: Path) -> None:
    card = load_model_version(tiny_folder).module("parts")
    card = replace(card, precision_on={"cpu": "bfloat16", "cuda": "float32"})
    assert open_backend("torch", device="cpu").precision(card) == "bfloat16"


def test_the_precision_asked_for_wins(tiny_folder: Path) -> None:
    card = replace(load_model_version(tiny_folder).module("parts"), precision="bfloat16")
    asked = open_backend("torch", device="cpu", precision="float32")
    assert asked.precision(card) == "float32"


def test_bfloat16_is_near_float32_and_not_it(tiny_folder: Path) -> None:
    card = load_model_version(tiny_folder).module("parts")
    exact, coarse = (
        open_backend("torch", device="cpu", precision=precision).load(card)(photos(1))["parts"]
        for precision in ("float32", "bfloat16")
    )
    assert 0.0 < np.abs(exact - coarse).max() < 0.05


def test_an_unknown_precision_is_refused(backend: Backend, tiny_folder: Path) -> None:
    card = replace(load_model_version(tiny_folder).module("parts"), precision="int4")
    with pytest.raises(ConfigError, match="float32, bfloat16"):
        backend.precision(card)


def test_openvino_refuses_bfloat16_where_the_cpu_has_no_units(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino.Core, "get_property", lambda *_: ["FP32", "INT8"])
    backend = open_backend("openvino", cache_dir=tmp_path, precision="bfloat16")
    with pytest.raises(ConfigError, match="choose the precision float32"):
        backend.precision(load_model_version(tiny_folder).module("parts"))
