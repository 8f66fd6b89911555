import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from inference.errors import WeightsError
from inference.models import load_model_version
from inference.models.build import build

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_folder, tmp_path / "model"))


def change(folder: Path, how: Change) -> None:
    card = json.loads((folder / "model.json").read_text())
    how(card)
    (folder / "model.json").write_text(json.dumps(card))


def test_a_model_version_gives_its_modules_with_heads_and_input(folder: Path) -> None:
    version = load_model_version(folder)

    assert set(version.modules) == {"presence", "whole", "parts", "damage"}
    assert version.module("presence").classes == ("no vehicle", "vehicle")
    assert version.module("parts").classes[0] == "Background"
    assert version.module("parts").input.long_side


def test_every_module_is_built_with_its_weights(folder: Path) -> None:
    for card in load_model_version(folder).modules.values():
        network = build(card)

        assert not network.training
        with torch.inference_mode():
            network(torch.zeros(1, 3, 64, 64))


def test_changed_weights_are_refused(folder: Path) -> None:
    card = load_model_version(folder).module("parts")
    card.path.write_bytes(card.path.read_bytes()[:-1] + b"\x01")

    with pytest.raises(WeightsError, match="SHA-256"):
        load_model_version(folder)


def test_missing_weights_are_refused(folder: Path) -> None:
    load_model_version(folder).module("whole").path.unlink()

    with pytest.raises(WeightsError, match="is missing"):
        load_model_version(folder)


def test_weights_outside_the_folder_are_refused(folder: Path) -> None:
    name = load_model_version(folder).module("whole").path.name
    (folder / name).rename(folder.parent / name)
    change(folder, lambda card: card["modules"]["whole"].update(file=f"../{name}"))

    with pytest.raises(WeightsError, match="not in its folder"):
        load_model_version(folder)


@pytest.mark.parametrize(
    "how",
    [
        lambda card: card.update(format=99),
        lambda card: card.pop("version"),
        lambda card: card["modules"]["parts"].pop("input"),
        lambda card: card["modules"]["parts"].update(kind="oracle"),
        lambda card: card["modules"]["parts"].update(heads={"other": ["a"]}),
        lambda card: card["modules"]["parts"]["input"].update(mean=[0.5]),
    ],
    ids=["format", "version", "input", "kind", "heads", "mean"],
)
def test_a_malformed_card_is_refused(folder: Path, how: Change) -> None:
    change(folder, how)

    with pytest.raises(WeightsError):
        load_model_version(folder)


def test_a_card_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / "model.json").write_text("weights")

    with pytest.raises(WeightsError, match="no JSON"):
        load_model_version(folder)


def test_weights_that_do_not_fit_the_architecture_are_refused(folder: Path) -> None:
    change(folder, lambda card: card["modules"]["whole"].update(classes=["a", "b", "c"]))

    with pytest.raises(WeightsError, match="does not fit"):
        build(load_model_version(folder).module("whole"))


def test_the_version_is_identified_by_all_its_weights(folder: Path) -> None:
    before = load_model_version(folder).sha256
    change(folder, lambda card: card["modules"].pop("whole"))

    assert load_model_version(folder).sha256 != before


def test_an_unknown_module_is_named_with_those_there_are(folder: Path) -> None:
    with pytest.raises(WeightsError, match="presence"):
        load_model_version(folder).module("wheels")
