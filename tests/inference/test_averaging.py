"""Test-time averaging: a mirrored photo gives the mirrored answer, and it is recorded."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from inference.backends import Network, Outputs, open_backend
from inference.cli.main import main
from inference.errors import ConfigError
from inference.models import ModuleCard, load_model_version
from inference.predictor import Averaging, HeadOutput, Networks, Predictor, with_averaging
from inference.predictor.test_time import (
    Variant,
    averaged,
    averaging_by_module,
    mirrored_back,
    mirrored_channels,
)
from inference.taxonomy import PARTS
from tests.inference.tiny_data import write_coco_set
from tests.inference.tiny_models import PHOTO_SIDE, write_tiny_models

LEFT, RIGHT = (PARTS.named(f"Mirror {side}").id for side in ("left", "right"))


def photo(*, mirrored: bool = False) -> bytes:
    """A picture 90 × 60 whose left and right halves differ, or its mirror image."""
    noise = np.random.default_rng(3).integers(0, 255, (6, 9, 3)).astype(np.uint8)
    image = Image.fromarray(noise).resize((90, 60), Image.Resampling.NEAREST)
    out = io.BytesIO()
    (ImageOps.mirror(image) if mirrored else image).save(out, "PNG")
    return out.getvalue()


def loaded(folder: Path, averaging: Averaging | None = None) -> Predictor:
    by_module = {"parts": averaging, "damage": averaging} if averaging else None
    return Predictor.load(folder, backend="torch", device="cpu", averaging=by_module)


def parts_of(predictor: Predictor, data: bytes) -> HeadOutput:
    ((_, heads),) = predictor.segment([("a.png", data)], ("parts",))
    return heads["parts"]


class Telltale:
    """A backend whose nets show every pixel and where it lies: nothing can be mixed up."""

    name, device = "torch", "cpu"

    def precision(self, card: ModuleCard) -> str:
        return card.precision

    def prepare(self, cards: Sequence[ModuleCard]) -> None:
        """Nothing to prepare."""

    def load(self, card: ModuleCard) -> Network:
        def run(photos: NDArray[np.uint8]) -> Outputs:
            grey = photos.mean(axis=3, dtype=np.float32) / 255.0
            grey = grey[:, ::4, ::4] + np.linspace(0, 1, photos.shape[2] // 4, dtype=np.float32)
            channels = np.arange(1, len(card.classes) + 1, dtype=np.float32)
            powers = np.exp(grey[:, None] * channels[None, :, None, None] / 10)
            return {card.name: powers / powers.sum(axis=1, keepdims=True)}

        return run


def telltale(folder: Path, averaging: Averaging) -> Predictor:
    version = with_averaging(load_model_version(folder), {"parts": averaging})
    return Predictor(Networks(version, Telltale()))


def mirror_error(predictor: Predictor) -> float:
    """How far the answer for the mirrored photo is from the mirrored answer for the photo."""
    plain, mirrored = (parts_of(predictor, photo(mirrored=way)) for way in (False, True))
    back = mirrored_back(mirrored.values, plain.mirrored_channels)
    return float(np.abs(plain.values - back).max())


@pytest.mark.parametrize("sides", [(), (32, 64)])
def test_with_flip_a_mirrored_photo_gives_the_mirrored_answer(
    sides: tuple[int, ...], tiny_folder: Path
) -> None:
    with_flip = telltale(tiny_folder, Averaging(flip=True, long_sides=sides))
    assert mirror_error(with_flip) < 1e-6


def test_without_flip_it_does_not(tiny_folder: Path) -> None:
    assert mirror_error(telltale(tiny_folder, Averaging())) > 0.01


def test_several_sizes_give_the_mean_at_the_largest(tiny_folder: Path) -> None:
    small, large, both = (
        parts_of(telltale(tiny_folder, Averaging(long_sides=sides)), photo()).values
        for sides in ((32,), (64,), (32, 64))
    )
    assert np.array_equal(both, averaged([small, large]))
    assert both.shape == large.shape


def test_the_mean_weighs_all_answers_alike() -> None:
    small, large = np.full((1, 1, 2), 0.2, np.float32), np.full((1, 2, 4), 0.6, np.float32)
    assert np.allclose(averaged([small, large]), np.full((1, 2, 4), 0.4))


def test_probabilities_still_sum_to_one(tiny_folder: Path) -> None:
    seen = parts_of(loaded(tiny_folder, Averaging(flip=True, long_sides=(32, 64))), photo())
    assert np.allclose(seen.values.sum(axis=0), 1.0, atol=1e-5)


def test_one_answer_is_taken_as_it_is() -> None:
    alone = np.ones((2, 3, 4), np.float32)
    assert averaged([alone]) is alone


def test_off_unless_the_model_version_says_so(tiny_folder: Path) -> None:
    averaging = averaging_by_module(load_model_version(tiny_folder).assessment)
    assert averaging["parts"].variants(384) == (Variant(384),)


def test_flip_and_sizes_multiply() -> None:
    assert Averaging(flip=True, long_sides=(320, 384)).variants(256) == (
        Variant(320),
        Variant(320, mirrored=True),
        Variant(384),
        Variant(384, mirrored=True),
    )


def test_left_and_right_channels_swap() -> None:
    assert mirrored_channels([(0,), (LEFT,), (RIGHT,)], PARTS) == [0, 2, 1]


def test_a_class_of_both_sides_stays_itself() -> None:
    assert mirrored_channels([(0,), (LEFT, RIGHT)], PARTS) == [0, 1]


def test_a_head_without_the_other_side_cannot_be_flipped() -> None:
    with pytest.raises(ConfigError, match="Mirror right"):
        mirrored_channels([(0,), (LEFT,)], PARTS)


def test_photos_are_decoded_large_enough_for_the_largest_size(tiny_folder: Path) -> None:
    version = with_averaging(
        load_model_version(tiny_folder), {"parts": Averaging(long_sides=(96, 640))}
    )
    networks = Networks(version, open_backend("torch", device="cpu"))
    assert networks.long_side(("parts", "damage")) == 640


@pytest.mark.parametrize(
    "said",
    [
        {"wheels": {}},
        {"parts": [320, 384]},
        {"parts": {"rotate": True}},
        {"parts": {"flip": "yes"}},
        {"parts": {"long_sides": [320, 320]}},
        {"parts": {"long_sides": ["320"]}},
        {"damage": {"long_sides": [8]}},
    ],
)
def test_what_it_may_not_say_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"test_time|Long sides"):
        averaging_by_module({"test_time": said})


def test_the_record_says_how_it_was_averaged(tiny_folder: Path) -> None:
    record = loaded(tiny_folder, Averaging(flip=True)).record()
    assert record["assessment"]["test_time"]["damage"] == {"flip": True, "long_sides": []}


def test_evaluate_tries_it_out_and_says_so(
    tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_coco_set(tmp_path / "every-part-and-damage", photos=1)
    words = ["--long-sides", "32", "64", "--json", "--backend", "torch", "--model"]
    assert main(["evaluate", "parts", str(folder), *words, str(tiny_folder)]) == 0
    said = json.loads(capsys.readouterr().out)["test_time"]["parts"]
    assert said == {"flip": False, "long_sides": [32, 64]}


def test_classifiers_are_not_averaged(
    tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["whole", str(tmp_path), "--flip", "--model", str(tiny_folder)]
    assert main(["evaluate", *words]) == 2
    assert "--flip is not for 'whole'" in capsys.readouterr().err


def test_heads_of_one_file_may_see_photos_of_their_own_size(tmp_path: Path) -> None:
    folder = write_tiny_models(tmp_path / "joint", joint=True)
    card = json.loads((folder / "model.json").read_text())
    card["modules"]["damage"]["input"]["long_side"] = 2 * PHOTO_SIDE
    (folder / "model.json").write_text(json.dumps(card))
    ((_, heads),) = loaded(folder).segment([("a.png", photo())], ("parts", "damage"))
    assert 2 * heads["parts"].values.shape[2] == heads["damage"].values.shape[2]
