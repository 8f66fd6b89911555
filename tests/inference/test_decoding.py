"""Probabilities become label maps by the two decoders, under any merge."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.decoding import (
    VehicleFacts,
    decode_multi_label,
    decode_softmax,
    with_facts,
)
from inference.errors import ConfigError
from inference.taxonomy import DAMAGE, PARTS

DAMAGE_IDS = (0, *(item.id for item in DAMAGE.classes))
PART_IDS = (0, *(item.id for item in PARTS.classes))
ORIGINAL = DAMAGE.merge("original")


def softmax(seed: int, classes: int, shape: tuple[int, int] = (6, 7)) -> NDArray[np.float32]:
    logits = np.random.default_rng(seed).normal(0, 3, (classes, *shape))
    powers = np.exp(logits - logits.max(axis=0))
    result: NDArray[np.float32] = (powers / powers.sum(axis=0)).astype(np.float32)
    return result


def constant(**values: float) -> NDArray[np.float32]:
    """Damage probabilities of a 2 × 2 photo by type name."""
    probabilities = np.zeros((len(DAMAGE_IDS), 2, 2), np.float32)
    for name, value in values.items():
        index = 0 if name == "none" else DAMAGE.named(name.replace("_", " ")).id
        probabilities[index] = value
    return probabilities


@given(st.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_at_model_size_it_is_the_plain_arg_max(seed: int) -> None:
    probabilities = softmax(seed, len(DAMAGE_IDS))
    decoded = decode_softmax(probabilities, DAMAGE_IDS, ORIGINAL, (6, 7))
    assert np.array_equal(decoded.finest, probabilities.argmax(axis=0))


@given(st.integers(0, 1000), st.tuples(st.integers(1, 40), st.integers(1, 40)))
@settings(deadline=None, max_examples=50)
def test_at_any_size_it_is_the_arg_max_of_the_enlarged(seed: int, size: tuple[int, int]) -> None:
    probabilities = softmax(seed, len(DAMAGE_IDS))
    decoded = decode_softmax(probabilities, DAMAGE_IDS, ORIGINAL, size)
    enlarged = [cv2.resize(values, size[::-1]) for values in probabilities]
    assert np.array_equal(decoded.finest, np.argmax(enlarged, axis=0))


@given(st.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_confidence_is_the_probability_of_the_winner(seed: int) -> None:
    probabilities = softmax(seed, len(PART_IDS))
    merge = PARTS.merge("reduced")
    decoded = decode_softmax(probabilities, PART_IDS, merge, (6, 7))
    merged = merge.merge_probabilities(probabilities, PART_IDS)
    assert np.allclose(decoded.confidence, merged.max(axis=0))


@given(st.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_the_finest_class_belongs_to_the_merged_one(seed: int) -> None:
    merge = DAMAGE.merge("categorical")
    decoded = decode_softmax(softmax(seed, len(DAMAGE_IDS)), DAMAGE_IDS, merge, (13, 11))
    assert np.array_equal(merge.prediction_table[decoded.finest], decoded.merged)


def test_probabilities_are_summed_before_the_arg_max() -> None:
    probabilities = constant(none=0.4, Scratch=0.3, Paint_Chip=0.3)
    decoded = decode_softmax(probabilities, DAMAGE_IDS, DAMAGE.merge("binary"), (2, 2))
    assert decoded.merged.tolist() == [[1, 1], [1, 1]]


def test_a_part_that_the_taxonomy_leaves_out_counts_as_background() -> None:
    probabilities = np.zeros((len(PART_IDS), 1, 1), np.float32)
    probabilities[PARTS.named("License Plate").id] = 1.0
    decoded = decode_softmax(probabilities, PART_IDS, PARTS.merge("reduced"), (1, 1))
    assert decoded.finest.tolist() == [[0]]


def test_interpolation_comes_before_the_arg_max() -> None:
    probabilities = np.zeros((len(DAMAGE_IDS), 1, 2), np.float32)
    probabilities[0, 0] = [1.0, 0.0]
    probabilities[3, 0] = [0.0, 1.0]
    decoded = decode_softmax(probabilities, DAMAGE_IDS, ORIGINAL, (1, 8))
    assert decoded.finest.tolist() == [[0, 0, 0, 0, 3, 3, 3, 3]]


def test_multi_label_paints_minor_parts_over_major_ones() -> None:
    bumper, plate = PARTS.named("Front Bumper").id, PARTS.named("License Plate").id
    probabilities = np.zeros((len(PART_IDS), 1, 1), np.float32)
    probabilities[[bumper, plate], 0, 0] = 0.9, 0.3
    decoded = decode_multi_label(
        probabilities,
        PART_IDS,
        PARTS.merge("inspection"),
        (1, 1),
        PARTS,
        {"License Plate": 0.25},
    )
    assert decoded.finest.tolist() == [[plate]]


def test_multi_label_below_its_threshold_is_background() -> None:
    decoded = decode_multi_label(
        constant(Dent=0.55), DAMAGE_IDS, ORIGINAL, (2, 2), DAMAGE, {"Dent": 0.6}
    )
    assert not decoded.merged.any()


def test_multi_label_members_that_fail_alone_do_not_pass_together() -> None:
    binary = DAMAGE.merge("binary")
    every = constant(Dent=0.4, Scratch=0.4, Broken=0.4)
    limits = {"Dent": 0.5, "Scratch": 0.6, "Broken": 0.3}

    decoded = decode_multi_label(every, DAMAGE_IDS, binary, (1, 1), DAMAGE, limits)

    assert decoded.finest.tolist() == [[DAMAGE.named("Broken").id]]
    assert decoded.confidence.tolist() == [[pytest.approx(0.4)]]
    alone = decode_multi_label(every, DAMAGE_IDS, binary, (1, 1), DAMAGE, limits | {"Broken": 0.5})
    assert not alone.merged.any()


def test_a_second_door_on_a_one_door_side_is_the_first() -> None:
    rear, front = (PARTS.named(f"{name} Door Shell left").id for name in ("Rear", "Front"))
    probabilities = np.zeros((len(PART_IDS), 1, 1), np.float32)
    probabilities[[rear, front, 0], 0, 0] = 0.5, 0.2, 0.3
    known = with_facts(probabilities, PART_IDS, VehicleFacts(doors_per_side=1))
    assert known[[rear, front, 0], 0, 0].tolist() == pytest.approx([0.0, 0.7, 0.3])


def test_parts_that_a_truck_lacks_are_excluded_and_the_rest_still_sums_to_one() -> None:
    probabilities = softmax(3, len(PART_IDS))
    known = with_facts(probabilities, PART_IDS, VehicleFacts(body_type="truck"))
    assert not known[PARTS.named("Trunk").id].any()
    assert np.allclose(known.sum(axis=0), 1.0, atol=1e-5)


def test_without_facts_nothing_changes() -> None:
    probabilities = softmax(3, len(PART_IDS))
    assert with_facts(probabilities, PART_IDS, None) is probabilities


@pytest.mark.parametrize("facts", [{"body_type": "boat"}, {"doors_per_side": 3}])
def test_impossible_facts_are_refused(facts: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        VehicleFacts(**facts)  # type: ignore[arg-type]
