"""Sides agreed over regions and flanks: what moves, what may not, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inference.errors import ConfigError
from inference.models import load_model_version
from inference.predictor import HeadOutput, Predictor
from inference.predictor.side_agreement import SideAgreement, side_agreement_of
from inference.taxonomy import PARTS
from tests.inference.tiny_models import write_tiny_models

LABELS = [
    "Hood",
    "Front Door Shell left",
    "Front Door Shell right",
    "Front Lamps left",
    "Front Lamps right",
]
MEMBERS = [(0,), *((PARTS.named(label).id,) for label in LABELS)]
HOOD, LEFT_DOOR, RIGHT_DOOR, LEFT_LAMP, RIGHT_LAMP = range(1, 6)
SIDE = 12


def photo(*patches: tuple[slice, dict[int, float]]) -> NDArray[np.float32]:
    """Probabilities (6, 12, 12): background, and columns with what is said of them."""
    values = np.zeros((len(MEMBERS), SIDE, SIDE), np.float32)
    values[0] = 1.0
    for columns, said in patches:
        values[:, :, columns] = 0.0
        for channel, value in said.items():
            values[channel, :, columns] = value
    return values


def agreed(values: NDArray[np.float32], **powers: float) -> NDArray[np.float32]:
    return SideAgreement(**powers)(values, MEMBERS, PARTS)


def winners(values: NDArray[np.float32]) -> list[int]:
    """The class of each column of the first row."""
    return [int(channel) for channel in values.argmax(axis=0)[0]]


DOOR_IN_TWO = photo(
    (slice(0, 4), {LEFT_DOOR: 0.7, RIGHT_DOOR: 0.3}),
    (slice(4, 6), {LEFT_DOOR: 0.4, RIGHT_DOOR: 0.6}),
)


@pytest.mark.parametrize("powers", [{"region": 2.0}, {"flank": 2.0}])
def test_a_door_that_is_mostly_left_is_left(powers: dict[str, float]) -> None:
    assert winners(DOOR_IN_TWO)[3:6] == [LEFT_DOOR, RIGHT_DOOR, RIGHT_DOOR]

    assert winners(agreed(DOOR_IN_TWO, **powers))[:6] == [LEFT_DOOR] * 6


def test_the_probability_of_the_part_and_all_other_classes_stay() -> None:
    noise = np.random.default_rng(5).random((len(MEMBERS), SIDE, SIDE)).astype(np.float32)
    noise /= noise.sum(axis=0)

    after = agreed(noise, flank=2.0, region=2.0)

    assert after.sum(axis=0) == pytest.approx(1.0, abs=1e-5)
    assert (after >= 0).all()
    for left, right in ((LEFT_DOOR, RIGHT_DOOR), (LEFT_LAMP, RIGHT_LAMP)):
        assert after[left] + after[right] == pytest.approx(noise[left] + noise[right], abs=1e-6)
    assert np.array_equal(after[[0, HOOD]], noise[[0, HOOD]])


def test_both_lamps_may_be_seen_but_only_one_flank() -> None:
    """Two regions of a lamp keep their own sides; two of a door go by the larger one."""
    both = photo(
        (slice(0, 2), {LEFT_LAMP: 0.9, RIGHT_LAMP: 0.1}),
        (slice(3, 5), {LEFT_LAMP: 0.2, RIGHT_LAMP: 0.8}),
        (slice(6, 10), {LEFT_DOOR: 0.8, RIGHT_DOOR: 0.2}),
        (slice(11, 12), {LEFT_DOOR: 0.45, RIGHT_DOOR: 0.55}),
    )

    after = winners(agreed(both, flank=2.0, region=2.0))

    assert after[:5] == [LEFT_LAMP, LEFT_LAMP, 0, RIGHT_LAMP, RIGHT_LAMP]
    assert after[6:10] == [LEFT_DOOR] * 4
    assert after[11] == LEFT_DOOR


def test_a_few_pixels_of_a_flank_decide_nothing() -> None:
    values = np.full((len(MEMBERS), 100, 100), 0.0, np.float32)
    values[0] = 1.0
    values[:, 0, 0] = 0.0
    values[LEFT_DOOR, 0, 0], values[RIGHT_DOOR, 0, 0] = 0.6, 0.4

    after = agreed(values, flank=2.0)

    assert after[LEFT_DOOR, 0, 0] == pytest.approx(0.6, abs=0.03)


def test_without_sides_or_powers_nothing_is_touched() -> None:
    assert agreed(DOOR_IN_TWO) is DOOR_IN_TWO
    one_channel = [(0,), PARTS.ids_named("Front Door Shell")]
    values = DOOR_IN_TWO[:2]
    assert SideAgreement(flank=2.0, region=2.0)(values, one_channel, PARTS) is values


@pytest.mark.parametrize("wrong", [{"flanks": 1.0}, {"flank": "2"}, {"region": -1.0}, [1], True])
def test_what_model_json_may_not_say_is_refused(wrong: object) -> None:
    with pytest.raises(ConfigError, match="side_agreement"):
        SideAgreement.from_json(wrong)


def asking(folder: Path, decoder: str = "softmax") -> Path:
    """A tiny model version that asks for the agreement."""
    card = json.loads((folder / "model.json").read_text())
    card["assessment"]["side_agreement"] = {"flank": 2, "region": 2}
    card["modules"]["parts"]["decoder"] = decoder
    (folder / "model.json").write_text(json.dumps(card))
    return folder


def test_the_predictor_does_what_its_model_version_asks(tmp_path: Path) -> None:
    plain = write_tiny_models(tmp_path / "plain")
    other = asking(write_tiny_models(tmp_path / "other"))
    noise = np.random.default_rng(3).integers(0, 255, (60, 90, 3)).astype(np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")

    def parts(folder: Path) -> HeadOutput:
        predictor = Predictor.load(folder, backend="torch", device="cpu")
        assert predictor.record()["assessment"].get("side_agreement") == (
            {"flank": 2, "region": 2} if folder == other else None
        )
        ((_, heads),) = predictor.segment([("a.png", tmp_path / "a.png")], ("parts",))
        return heads["parts"]

    without, agreed_on = parts(plain), parts(other)
    expected = SideAgreement(2.0, 2.0)(without.values, without.members, PARTS)
    assert np.array_equal(agreed_on.values, expected)
    assert not np.array_equal(agreed_on.values, without.values)


def test_a_multi_label_head_cannot_ask_for_it(tmp_path: Path) -> None:
    version = load_model_version(asking(write_tiny_models(tmp_path), decoder="multi-label"))

    with pytest.raises(ConfigError, match="multi-label"):
        side_agreement_of(version)
