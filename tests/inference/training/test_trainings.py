"""Whole trainings on drawn photos, from configuration file to a model version that loads."""

import json
import shutil
from pathlib import Path
from typing import cast

import pytest
import torch
from safetensors.torch import load_file

from inference.cli.main import main
from inference.data.readers import read_labelled
from inference.errors import ConfigError, InferenceError, TrainingError
from inference.evaluation.held_back import held_back
from inference.evaluation.segmentation import evaluate_layer
from inference.models import load_model_version
from inference.models.build import build
from inference.models.card import file_sha256
from inference.predictor import Predictor
from inference.taxonomy import DAMAGE, IGNORE, PARTS, Layer
from inference.taxonomy.mapping import load_mapping
from inference.training.classifier import ClassifierTask
from inference.training.config import ClassifierConfig, SegmentationConfig
from inference.training.config_file import read_config
from inference.training.decision import SHIFTS
from inference.training.export import FinishedTraining, export
from inference.training.loop import Outcome
from inference.training.model_readme import model_readme
from inference.training.run import train
from inference.training.segmentation import SegmentationTask
from tests.inference.tiny_data import COLOURS, write_class_folder, write_coco_set

SET = "every-part-and-damage"


def but_drawn(layer: Layer) -> str:
    """The names of a layer that no drawn photo shows, as a TOML list."""
    return json.dumps(sorted({item.name for item in layer.classes} - set(COLOURS)))


JOINT = f"""
name = "joint"
seed = 1
validation_fraction = 0.3
[model]
architecture = "Unet"
encoder = "tu-mobilenetv2_035"
options = {{ decoder_channels = [32, 16, 16, 8, 8] }}
[heads.parts]
without = {but_drawn(PARTS)}
loss = {{ cross_entropy = 1.0, dice = 1.0 }}
[heads.damage]
without = {but_drawn(DAMAGE)}
loss = {{ cross_entropy = 1.0 }}
[input]
long_side = 64
multiple = 32
[augment]
recipe = "none"
crop = 64
[schedule]
epochs = 2
photos_per_epoch = 8
batch = 4
lr = 0.01
encoder_lr = 0.001
[[sets]]
name = "{SET}"
share = 1.0
[[judges]]
set = "{SET}"
head = "parts"
taxonomy = "reduced"
[[judges]]
set = "{SET}"
head = "damage"
taxonomy = "binary"
"""
PARTS_HEAD = f"""[heads.parts]
without = {but_drawn(PARTS)}
loss = {{ cross_entropy = 1.0, dice = 1.0 }}
"""
PARTS_JUDGE = f"""[[judges]]
set = "{SET}"
head = "parts"
taxonomy = "reduced"
"""
DAMAGE_ALONE = JOINT.replace(PARTS_HEAD, "").replace(PARTS_JUDGE, "").replace("joint", "damage")
BINARY_DAMAGE = JOINT.replace(f"without = {but_drawn(DAMAGE)}", 'taxonomy = "binary"')
MULTI_LABEL = JOINT.replace(
    "loss = { cross_entropy = 1.0, dice = 1.0 }",
    'decoder = "multi-label"\nloss = { binary_focal = 1.0 }',
)
PRESENCE = """
task = "classifier"
name = "presence"
seed = 1
size = 32
validation_fraction = 0.4
[model]
architecture = "mobilenetv2_035"
[[classes]]
label = "no vehicle"
folders = ["presence/no_vehicle"]
[[classes]]
label = "vehicle"
folders = ["presence/vehicle"]
[schedule]
epochs = 1
photos_per_epoch = 8
batch = 4
lr = 0.01
encoder_lr = 0.001
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_coco_set(folder / SET, photos=24)
    write_class_folder(folder / "presence/vehicle", photos=12, colour=(200, 30, 30))
    write_class_folder(folder / "presence/no_vehicle", photos=12, colour=(30, 30, 200))
    return folder


def trained(text: str, name: str, data: Path, folder: Path) -> tuple[FinishedTraining, Outcome]:
    path = folder / f"{name}.toml"
    path.write_text(text)
    outcome = train(path, data, folder / name)
    return FinishedTraining(read_config(path), folder / name), outcome


def task(text: str, data: Path, folder: Path) -> SegmentationTask:
    (folder / "config.toml").write_text(text)
    return SegmentationTask(cast("SegmentationConfig", read_config(folder / "config.toml")), data)


@pytest.fixture(scope="module")
def version(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model version of a joint network and a classifier."""
    folder = tmp_path_factory.mktemp("runs")
    trainings = [trained(JOINT, "joint", data, folder), trained(PRESENCE, "presence", data, folder)]
    return export([training for training, _ in trainings], data, folder / "out", "1.0")


def test_a_joint_training_measures_every_judge(data: Path, tmp_path: Path) -> None:
    _, outcome = trained(JOINT, "joint", data, tmp_path)

    assert {f"{SET} reduced parts", f"{SET} binary damage"} <= set(outcome.figures)


def test_an_exported_model_version_loads_and_predicts(version: Path) -> None:
    modules = load_model_version(version).modules

    assert set(modules) == {"parts", "damage", "presence"}
    with torch.inference_mode():
        logits = build(modules["parts"])(torch.zeros(1, 3, 64, 64))
    assert logits["parts"].shape[1] == len(modules["parts"].classes) == 3


def test_both_heads_of_a_joint_network_name_the_same_file(version: Path) -> None:
    modules = load_model_version(version).modules

    assert modules["parts"].path == modules["damage"].path


def test_a_card_says_what_the_network_was_trained_on(version: Path) -> None:
    (row,) = load_model_version(version).module("damage").trained_on

    assert row["set"] == SET
    assert 0 < row["photos"] < 24
    assert len(row["manifest_sha256"]) == 64


@pytest.mark.parametrize(
    ("module", "figure"),
    [("parts", f"{SET} reduced parts"), ("presence", "accuracy")],
)
def test_a_card_gives_every_figure_with_its_interval(
    version: Path, module: str, figure: str
) -> None:
    measured = load_model_version(version).module(module).figures[figure]

    low, high = measured["interval"]
    assert 0.0 <= low <= measured["value"] <= high <= 1.0
    assert measured["photos"] > 0


def test_photos_that_judge_are_listed_and_were_not_trained_on(version: Path) -> None:
    listed = json.loads((version / "splits.json").read_text())["validation"][SET]
    (row,) = load_model_version(version).module("parts").trained_on

    assert len(listed) + row["photos"] == 24


def test_the_readable_card_names_the_limits(version: Path) -> None:
    text = (version / "README.md").read_text()

    assert "no loss adjuster has" in text
    assert "research and evaluation" in text
    assert SET in text


def test_the_readable_card_says_how_weights_were_made_and_how_often_a_photo_is_seen(
    version: Path,
) -> None:
    card = json.loads((version / "model.json").read_text())
    assert "train --all" in model_readme(card)

    card["origin"] = "Averaged by hand."
    card["assessment"]["test_time"] = {"parts": {"flip": True, "long_sides": [288]}}

    card["assessment"]["side_agreement"] = {"flank": 2.0, "region": 2.0}
    card["modules"]["parts"] |= {"started_from": "abcdef", "start_share": 0.4}

    text = model_readme(card)
    assert "Averaged by hand." in text
    assert "long side of 288, mirrored too" in text
    assert "Left and right are agreed" in text
    assert "`abcdef…`, of which 0.4 is kept" in text


def test_a_shifted_head_says_by_how_much_in_its_card(data: Path, tmp_path: Path) -> None:
    damage_head = f"[heads.damage]\nwithout = {but_drawn(DAMAGE)}\n"
    training, _ = trained(
        JOINT.replace(damage_head, damage_head + "shift_background = true\n"),
        "joint",
        data,
        tmp_path,
    )

    export([training], data, tmp_path / "out", "1.0")

    modules = json.loads((tmp_path / "out" / "model.json").read_text())["modules"]
    assert modules["damage"]["background_shift"] in SHIFTS
    assert modules["parts"]["background_shift"] == 0.0


LOOKS = """
[test_time.parts]
flip = true
[side_agreement]
flank = 2.0
"""


def test_a_model_version_is_measured_as_it_will_run(
    data: Path, version: Path, tmp_path: Path
) -> None:
    """The card's figures are those that `evaluate` prints of the exported folder."""
    training, _ = trained(JOINT + LOOKS, "joint", data, tmp_path)

    out = export([training], data, tmp_path / "out", "1.0")

    shipped = load_model_version(out)
    assert shipped.assessment["test_time"] == {"parts": {"flip": True, "long_sides": []}}
    assert shipped.assessment["side_agreement"] == {"flank": 2.0, "region": 0.0}
    measured = evaluated(out, data)
    assert shipped.module("parts").figures[f"{SET} reduced parts"]["value"] == measured
    assert not {"test_time", "side_agreement"} & set(load_model_version(version).assessment)


def evaluated(folder: Path, data: Path) -> float:
    """The mIoU of parts, reduced, on the photos that judged."""
    mapping = load_mapping(SET)
    predictor = Predictor.load(folder, backend="torch")
    photos = held_back(predictor.version, read_labelled(data / SET, mapping), SET)
    figures = evaluate_layer(predictor, photos, mapping, "parts", "reduced", measures=())
    return float(figures.to_json()["miou"])


def test_a_multi_label_head_gets_a_threshold_per_class(data: Path, tmp_path: Path) -> None:
    training, _ = trained(MULTI_LABEL, "joint", data, tmp_path)

    card = load_model_version(export([training], data, tmp_path / "out", "1.0")).module("parts")

    assert card.decoder == "multi-label"
    assert set(card.thresholds) == {"Hood", "Wheel"}


def test_a_class_that_no_training_photo_shows_stops_before_the_first_epoch(
    data: Path, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match="Grille"):
        task(JOINT.replace('"Grille", ', ""), data, tmp_path)


def test_an_unreadable_photo_stops_before_the_first_epoch(data: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(data, tmp_path / "data"))
    (copy / SET / "images" / "00-003.png").write_bytes(b"no picture")

    with pytest.raises(InferenceError, match=r"00-003\.png"):
        task(JOINT, copy, tmp_path)


def test_a_judge_finer_than_its_head_is_refused(data: Path, tmp_path: Path) -> None:
    judged_finer = BINARY_DAMAGE.replace(
        'head = "damage"\ntaxonomy = "binary"', 'head = "damage"\ntaxonomy = "original"'
    )

    with pytest.raises(TrainingError, match="divides"):
        task(judged_finer, data, tmp_path)


def test_a_head_of_a_coarser_taxonomy_can_be_trained(data: Path, tmp_path: Path) -> None:
    _, outcome = trained(BINARY_DAMAGE, "joint", data, tmp_path)

    assert 0.0 <= outcome.figures[f"{SET} binary damage"] <= 1.0


def test_a_model_of_merged_classes_can_be_evaluated(data: Path, tmp_path: Path) -> None:
    training, _ = trained(BINARY_DAMAGE, "joint", data, tmp_path)
    version = export([training], data, tmp_path / "out", "1.0")

    words = ["evaluate", "damage", str(data / SET), "--model", str(version), "--backend=torch"]

    assert main([*words, "--taxonomy=binary"]) == 0
    assert main([*words, "--taxonomy=categorical"]) == 2


def test_a_set_can_teach_one_head_only(data: Path, tmp_path: Path) -> None:
    only_parts = JOINT.replace("share = 1.0", 'share = 1.0\nheads = ["parts"]')

    with pytest.raises(TrainingError, match="damage"):
        task(only_parts, data, tmp_path)


def test_an_encoder_file_of_another_network_is_refused(
    data: Path, version: Path, tmp_path: Path
) -> None:
    file = version / "presence.safetensors"
    named = JOINT.replace('encoder = "tu', f'encoder_files = ["{file}"]\nencoder = "tu')

    with pytest.raises(ConfigError, match="another encoder"):
        task(named, data, tmp_path)


def test_a_classifier_can_begin_with_the_encoder_of_a_segmentation_network(
    data: Path, version: Path, tmp_path: Path
) -> None:
    file = version / "joint.safetensors"
    (tmp_path / "presence.toml").write_text(
        PRESENCE.replace("[model]", f'[model]\nencoder_start = "{file}"')
    )
    config = cast("ClassifierConfig", read_config(tmp_path / "presence.toml"))

    begun = ClassifierTask(config, data).network

    stem = load_file(file)["network.encoder.model.conv_stem.weight"].float()
    assert torch.equal(begun.get_parameter("backbone.conv_stem.weight"), stem)

    training, _ = trained((tmp_path / "presence.toml").read_text(), "presence", data, tmp_path)
    export([training], data, tmp_path / "out", "1.0")
    card = json.loads((tmp_path / "out" / "model.json").read_text())
    assert card["modules"]["presence"]["encoder_from"] == file_sha256(file)
    assert f"the encoder of `{file_sha256(file)[:16]}" in model_readme(card)


def test_an_export_without_weights_is_refused(data: Path, tmp_path: Path) -> None:
    (tmp_path / "presence.toml").write_text(PRESENCE)
    begun = FinishedTraining(read_config(tmp_path / "presence.toml"), tmp_path / "nowhere")

    with pytest.raises(TrainingError, match="never validated"):
        export([begun], data, tmp_path / "out", "1.0")


def test_the_command_trains_a_configuration(data: Path, tmp_path: Path) -> None:
    (tmp_path / "presence.toml").write_text(PRESENCE)
    words = ["train", str(tmp_path / "presence.toml"), "--data", str(data)]

    assert main([*words, "--runs", str(tmp_path / "runs")]) == 0
    assert (tmp_path / "runs" / "presence" / "best.safetensors").is_file()


def test_the_command_needs_a_configuration_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train"]) == 2
    assert "CONFIG.toml or --all" in capsys.readouterr().err


def from_start(file: Path, text: str = JOINT) -> str:
    """The training, going on from the weights in `file`, or in the model version there."""
    return text.replace('encoder = "tu', f'start = "{file}"\nencoder = "tu')


def test_a_training_goes_on_from_the_weights_of_a_model_version(
    data: Path, version: Path, tmp_path: Path
) -> None:
    begun = task(from_start(version / "joint.safetensors"), data, tmp_path)

    bias = "network.segmentation_head.0.bias"
    started = load_file(version / "joint.safetensors")[bias].float()
    assert torch.equal(begun.network.get_parameter(bias), started)


def test_one_of_two_heads_goes_on_in_a_network_of_its_own(
    data: Path, version: Path, tmp_path: Path
) -> None:
    text = from_start(version, DAMAGE_ALONE).replace("start =", "start_shares = [0.9]\nstart =")
    begun = task(text, data, tmp_path)

    bias = "network.segmentation_head.0.bias"
    both = load_file(version / "joint.safetensors")[bias].float()
    own = begun.network.get_parameter(bias)
    assert torch.equal(own, both[-len(own) :])

    training, _ = trained(text, "damage", data, tmp_path)
    modules = load_model_version(export([training], data, tmp_path / "out", "1.0")).modules
    assert dict(modules["damage"].heads) == {"damage": ("No Damage", "Scratch")}
    card = json.loads((tmp_path / "out" / "model.json").read_text())["modules"]["damage"]
    assert card["started_from"] == file_sha256(version / "joint.safetensors")
    assert card["start_share"] == 0.9


def test_a_model_version_without_the_head_s_classes_is_no_start(
    data: Path, version: Path, tmp_path: Path
) -> None:
    finer = from_start(version, DAMAGE_ALONE.replace('"Corrosion", ', "", 1))

    with pytest.raises(ConfigError, match="has all classes of the heads damage"):
        task(finer, data, tmp_path)


def test_weights_of_another_network_are_no_start(data: Path, version: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no start for this network"):
        task(from_start(version / "presence.safetensors"), data, tmp_path)


def test_start_weights_fill_in_what_a_set_leaves_open(
    data: Path, version: Path, tmp_path: Path
) -> None:
    partly = tmp_path / "data"
    shutil.copytree(data, partly)
    write_coco_set(partly / "damage-by-part", photos=4, names=())
    unlabelled = """
[[sets]]
name = "damage-by-part"
share = 0.5
pseudo_labels = { parts = 0.01 }
"""
    text = from_start(version / "joint.safetensors").replace(
        "share = 1.0\n", "share = 1.0\n" + unlabelled
    )

    begun = task(text, partly, tmp_path)

    filled = [
        example.labels[0]
        for photo, example in zip(begun.photos.training, begun.examples, strict=True)
        if photo.set_name == "damage-by-part"
    ]
    assert filled
    assert all((labels != IGNORE).all() for labels in filled)


def test_pseudo_labels_need_start_weights(data: Path, tmp_path: Path) -> None:
    text = JOINT.replace("share = 1.0", "share = 1.0\npseudo_labels = { parts = 0.8 }")

    with pytest.raises(ConfigError, match=r"model\.start"):
        task(text, data, tmp_path)


def test_a_gpu_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)

    assert main(["train", "--all", "--device", "cuda"]) == 2
    assert "no CUDA device" in capsys.readouterr().err


def test_a_card_names_the_weights_that_the_training_went_on_from(
    data: Path, version: Path, tmp_path: Path
) -> None:
    start = version / "joint.safetensors"
    training, _ = trained(from_start(start), "joint", data, tmp_path)

    export([training], data, tmp_path / "out", "1.0")

    card = json.loads((tmp_path / "out" / "model.json").read_text())
    assert card["modules"]["parts"]["started_from"] == file_sha256(start)


def test_the_mean_with_the_start_is_what_is_exported(
    data: Path, version: Path, tmp_path: Path
) -> None:
    start = version / "joint.safetensors"
    text = from_start(start).replace("start =", "start_shares = [0.25]\nstart =")
    training, _ = trained(text, "joint", data, tmp_path)
    learnt = load_file(training.folder / "best.safetensors")

    export([training], data, tmp_path / "out", "1.0")

    card = json.loads((tmp_path / "out" / "model.json").read_text())
    assert card["modules"]["damage"]["start_share"] == 0.25
    bias = "network.segmentation_head.0.bias"
    expected = torch.lerp(learnt[bias].float(), load_file(start)[bias].float(), 0.25)
    shipped = load_file(tmp_path / "out" / "joint.safetensors")[bias].float()
    assert torch.allclose(shipped, expected, atol=2e-3)
