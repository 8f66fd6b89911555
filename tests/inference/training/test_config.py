from pathlib import Path

import pytest

from inference.errors import ConfigError
from inference.training.config import ClassifierConfig, SegmentationConfig
from inference.training.config_file import read_config
from inference.training.default_set import CONFIGS, DEFAULT_SET
from inference.training.run import fingerprint

CONFIG = """
task = "segmentation"
name = "parts"
seed = 1
[model]
architecture = "Unet"
encoder = "resnet18"
[heads.parts]
loss = { dice = 1 }
[schedule]
epochs = 2
photos_per_epoch = 8
batch = 2
lr = 0.01
encoder_lr = 0.001
[[sets]]
name = "every-part-and-damage"
share = 1.0
[[judges]]
set = "every-part-and-damage"
head = "parts"
taxonomy = "sides"
"""


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "config.toml").write_text(text)
    return tmp_path / "config.toml"


@pytest.mark.parametrize(
    "path",
    sorted([*CONFIGS.glob("*.toml"), *CONFIGS.glob("paper/*.toml")]),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_every_shipped_configuration_is_valid(path: Path) -> None:
    assert read_config(path).name == path.stem


def test_the_default_set_covers_all_four_modules() -> None:
    modules: set[str] = set()
    for name in DEFAULT_SET:
        config = read_config(CONFIGS / f"{name}.toml")
        modules |= {config.name} if isinstance(config, ClassifierConfig) else set(config.heads)

    assert modules == {"presence", "whole", "parts", "damage"}


def test_a_configuration_is_read_with_its_defaults(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, CONFIG))

    assert isinstance(config, SegmentationConfig)
    assert config.heads["parts"].loss == {"dice": 1.0}
    assert config.heads["parts"].decoder == "softmax"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("seed = 1", "seeds = 1", r"unknown \['seeds'\]"),
        ("seed = 1", 'seed = "one"', "config.toml.seed"),
        ("batch = 2\n", "", "batch"),
        ("[[judges]]", "[[unused]]", "unused"),
        ('task = "segmentation"', 'task = "detection"', "segmentation or classifier"),
        ("loss = { dice = 1 }", 'loss = { dice = 1 }\ndecoder = "voting"', "multi-label"),
        ("[heads.parts]", "[heads.colour]", "colour"),
        ("seed = 1", "seed = 1\nvalidation_fraction = 1.5", "between 0 and 1"),
        ("[schedule]", '[augment]\nrecipe = "heavy"\n[schedule]', "zoom"),
        ("[model]", "[model", "cannot be read"),
        ("[schedule]", "[test_time.parts]\nsides = [3]\n[schedule]", "sides"),
        ("[schedule]", "[test_time.parts]\nlong_sides = [3]\n[schedule]", "from 32"),
        ("[schedule]", "[test_time.damage]\nflip = true\n[schedule]", "no heads"),
        ("[schedule]", "[side_agreement]\nflank = -1\n[schedule]", "0 or more"),
        ("[model]", "[model]\nstart_shares = [0.5]", r"model\.start"),
        ("[model]", '[model]\nstart = "a"\nstart_shares = [1.0]', "less than 1"),
    ],
)
def test_a_wrong_configuration_is_refused_by_name(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        read_config(written(tmp_path, CONFIG.replace(old, new)))


def test_a_training_may_be_lengthened_but_not_changed(tmp_path: Path) -> None:
    def of(text: str) -> str:
        return fingerprint(read_config(written(tmp_path, text)))

    assert of(CONFIG) == of(CONFIG.replace("epochs = 2", "epochs = 9"))
    assert of(CONFIG) != of(CONFIG.replace("lr = 0.01", "lr = 0.02"))


def test_values_can_be_changed_beside_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, CONFIG)

    config = read_config(path, ["schedule.epochs=9", "heads.parts.loss={ focal = 0.5 }"])

    assert isinstance(config, SegmentationConfig)
    assert config.schedule.epochs == 9
    assert config.heads["parts"].loss == {"focal": 0.5}


def test_a_set_is_changed_by_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, CONFIG)

    config = read_config(path, ['sets.every-part-and-damage.heads=["damage"]'])

    assert isinstance(config, SegmentationConfig)
    assert config.sets[0].heads == ("damage",)
    assert config.sets[0].share == 1.0


def test_a_judge_is_changed_by_the_name_of_its_figure(tmp_path: Path) -> None:
    path = written(tmp_path, CONFIG)

    config = read_config(path, ['judges."every-part-and-damage sides parts".photos=7'])

    assert isinstance(config, SegmentationConfig)
    assert config.judges[0].photos == 7


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("schedule.epochs", "KEY=VALUE"),
        ("seed=one", "TOML"),
        ("seed.first=1", "no table"),
        ("seed.first.second=1", "no table"),
        ("sets.photos.share=1.0", "every-part-and-damage"),
        ("sets=", "TOML"),
        ("=1", "KEY=VALUE"),
        ("schedule.speed=1", "speed"),
    ],
)
def test_a_wrong_change_is_refused(tmp_path: Path, change: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        read_config(written(tmp_path, CONFIG), [change])
