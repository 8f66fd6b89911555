import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from inference.models.card import file_sha256
from reviewapp.audit.models import Event
from reviewapp.foundation.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    UnavailableError,
)
from reviewapp.modelversions.models import ModelVersion
from reviewapp.modelversions.selectors import active_model_version, folder_of
from reviewapp.modelversions.services import modelversion_activate, modelversion_register
from tests.factories.modelversions import card, make_model_version
from tests.people import People


@pytest.fixture
def weights_dir(tmp_path: Path, settings: Settings) -> Path:
    settings.WEIGHTS_DIR = tmp_path
    return tmp_path


def write_folder(root: Path, name: str, *, weights: bytes = b"weights", **changes: object) -> Path:
    """A folder whose one module is a few bytes: registering reads cards and hashes only."""
    folder = root / name
    folder.mkdir(exist_ok=True)
    (folder / "presence.safetensors").write_bytes(weights)
    data = card(name)
    data["modules"]["presence"]["sha256"] = file_sha256(folder / "presence.safetensors")
    (folder / "model.json").write_text(json.dumps({**data, **changes}))
    return folder


def test_a_folder_is_entered_with_its_card_and_the_hash_of_its_weights(
    db: None, weights_dir: Path
) -> None:
    version = modelversion_register(folder=write_folder(weights_dir, "small-1"))
    assert version.name == "small-1"
    assert version.card["assessment"]["flag_threshold"] == 0.7
    assert len(version.weights_sha256) == 64


def test_the_folder_is_found_on_a_machine_that_keeps_weights_elsewhere(
    db: None, weights_dir: Path, settings: Settings
) -> None:
    version = modelversion_register(folder=write_folder(weights_dir, "small-1"))
    settings.WEIGHTS_DIR = Path("/srv/weights")
    assert folder_of(version) == Path("/srv/weights/small-1")


def test_registering_again_changes_nothing(db: None, weights_dir: Path) -> None:
    folder = write_folder(weights_dir, "small-1")
    assert modelversion_register(folder=folder) == modelversion_register(folder=folder)
    assert ModelVersion.objects.count() == 1


def test_new_figures_come_into_the_card(db: None, weights_dir: Path) -> None:
    modelversion_register(folder=write_folder(weights_dir, "small-1"))
    folder = write_folder(weights_dir, "small-1", figures={"miou": 0.5})
    assert modelversion_register(folder=folder).card["figures"] == {"miou": 0.5}


@pytest.mark.parametrize("changes", [{"weights": b"others"}, {"assessment": {"flag_threshold": 0}}])
def test_other_weights_or_thresholds_under_the_same_name_are_refused(
    db: None, weights_dir: Path, changes: dict[str, bytes]
) -> None:
    before = modelversion_register(folder=write_folder(weights_dir, "small-1"))
    with pytest.raises(ConflictError, match="name of its own"):
        modelversion_register(folder=write_folder(weights_dir, "small-1", **changes))
    assert ModelVersion.objects.get().card == before.card


def test_damaged_weights_are_refused(db: None, weights_dir: Path) -> None:
    folder = write_folder(weights_dir, "small-1")
    (folder / "presence.safetensors").write_bytes(b"changed")
    with pytest.raises(InvalidError, match="SHA-256"):
        modelversion_register(folder=folder)
    assert not ModelVersion.objects.exists()


def test_an_operator_activates_and_one_is_active_at_a_time(people: People) -> None:
    make_model_version(name="test-1")
    second = make_model_version(name="test-2", active=False)
    modelversion_activate(actor=people.operator, version=second)
    assert active_model_version() == second
    assert ModelVersion.objects.filter(active=True).count() == 1


def test_activating_is_in_the_audit_trail(people: People) -> None:
    make_model_version(name="test-1")
    second = make_model_version(name="test-2", active=False)
    modelversion_activate(actor=people.operator, version=second)
    event = Event.objects.get(action="model version activated")
    changed = (event.actor, event.before, event.after)
    assert changed == (people.operator, {"active": "test-1"}, {"active": "test-2"})


@pytest.mark.parametrize("who", ["manager", "adjuster", "appraiser", "steward"])
def test_nobody_else_activates(people: People, who: str) -> None:
    first = make_model_version(name="test-1")
    second = make_model_version(name="test-2", active=False)
    with pytest.raises(ForbiddenError):
        modelversion_activate(actor=getattr(people, who), version=second)
    assert active_model_version() == first


def test_without_an_active_one_the_cure_is_named(db: None) -> None:
    with pytest.raises(UnavailableError, match="register_models"):
        active_model_version()


def test_the_command_activates_the_newest_at_the_first_start(db: None, weights_dir: Path) -> None:
    for name in ("small-1", "small-2"):
        write_folder(weights_dir, name)
    call_command("register_models", verbosity=0)
    assert active_model_version().name == "small-2"


def test_the_command_leaves_the_operators_choice(db: None, weights_dir: Path) -> None:
    chosen = modelversion_register(folder=write_folder(weights_dir, "small-1"))
    modelversion_activate(version=chosen)
    write_folder(weights_dir, "small-2")
    call_command("register_models", verbosity=0)
    assert active_model_version() == chosen


def test_the_command_registers_the_sound_ones_and_reports_the_broken(
    db: None, weights_dir: Path
) -> None:
    write_folder(weights_dir, "small-1")
    (write_folder(weights_dir, "small-2") / "presence.safetensors").unlink()
    with pytest.raises(CommandError, match="Not every"):
        call_command("register_models", verbosity=0)
    assert active_model_version().name == "small-1"


def test_the_command_says_where_it_found_nothing(db: None, weights_dir: Path) -> None:
    with pytest.raises(CommandError, match=str(weights_dir)):
        call_command("register_models", verbosity=0)
