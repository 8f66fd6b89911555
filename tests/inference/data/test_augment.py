import numpy as np
import pytest

from inference.data.augment import RECIPES, Example, recipe
from inference.data.partial import Head, LabelSets
from inference.errors import ConfigError
from inference.taxonomy import IGNORE, PARTS

CROP = 64
IDENTITY = np.arange(256, dtype=np.uint8)


@pytest.fixture
def example() -> Example:
    """A photo whose brightness is its label, so that both can be compared afterwards."""
    label = np.zeros((90, 120), np.uint8)
    label[20:70, 30:90] = 1
    pixels = np.where(label[..., None] == 1, 220, 30).repeat(3, axis=2).astype(np.uint8)
    return Example(pixels, (label,))


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_gives_the_crop_with_its_labels(name: str, example: Example) -> None:
    seen = recipe(name, CROP, [IDENTITY])(example, np.random.default_rng(3))

    assert seen.pixels.shape == (CROP, CROP, 3)
    assert seen.pixels.dtype == np.uint8
    assert seen.labels[0].shape == (CROP, CROP)
    assert set(np.unique(seen.labels[0]).tolist()) <= {0, 1, IGNORE}


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_repeats_itself_from_the_same_generator(name: str, example: Example) -> None:
    one, other = (
        recipe(name, CROP, [IDENTITY])(example, np.random.default_rng(5)) for _ in range(2)
    )

    assert (one.pixels == other.pixels).all()
    assert (one.labels[0] == other.labels[0]).all()


@pytest.mark.parametrize("name", RECIPES)
def test_labels_move_with_their_pixels(name: str, example: Example) -> None:
    apply = recipe(name, CROP, [IDENTITY])
    for seed in range(8):
        seen = apply(example, np.random.default_rng(seed))
        bright, label = seen.pixels.mean(axis=2), seen.labels[0]
        if (label == 1).sum() > 200 and (label == 0).sum() > 200:
            assert bright[label == 1].mean() > bright[label == 0].mean() + 20


@pytest.mark.parametrize("name", ["paper", "zoom"])
def test_a_flip_swaps_left_and_right(name: str) -> None:
    sets = LabelSets(Head.finest(PARTS))
    left, right = (sets.row([PARTS.named(f"Mirror {side}").id]) for side in ("left", "right"))
    label = np.full((90, 120), left, np.uint8)
    example = Example(np.zeros((90, 120, 3), np.uint8), (label,))
    apply = recipe(name, CROP, [sets.mirrored])

    seen = {
        int(value)
        for seed in range(20)
        for value in np.unique(apply(example, np.random.default_rng(seed)).labels[0])
    }

    assert {left, right} <= seen <= {left, right, IGNORE}


def test_outside_the_photo_the_label_is_what_was_asked(example: Example) -> None:
    fitted = recipe("none", CROP, [IDENTITY], outside=0)(example, np.random.default_rng(0))

    assert (fitted.labels[0][-10:] == 0).all()


def test_an_unknown_recipe_is_refused() -> None:
    with pytest.raises(ConfigError, match="zoom"):
        recipe("heavy", CROP, [IDENTITY])
