from pathlib import Path

import pytest

from inference.errors import TaxonomyError
from inference.taxonomy import DAMAGE, PARTS
from inference.taxonomy.mapping import FOLDER, load_mapping

TABLE = """
[parts]
unlabelled = ["Background"]
[parts.names]
door = ["Front Door Shell"]
"""


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_every_shipped_table_is_valid(name: str) -> None:
    assert load_mapping(name).layers


def test_a_name_without_side_stands_for_both_sides(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(TABLE)

    mapping = load_mapping(tmp_path / "own.toml")

    assert mapping.layers["parts"].named("door").train == PARTS.ids_named("Front Door Shell")


def test_a_question_mark_stands_for_either_side() -> None:
    parts = load_mapping("every-part-and-damage").layers["parts"]

    assert parts.named("Mirror ?").judge == PARTS.ids_named("Mirror")


def test_training_and_judging_may_differ() -> None:
    name = load_mapping("damage-claims").layers["damage"].named("broken_or_missing")

    assert set(name.train) == {DAMAGE.named("Broken").id, DAMAGE.named("Missing").id}
    assert name.judge == (DAMAGE.named("Broken").id,)


def test_unknown_names_of_a_label_file_are_refused_with_those_known() -> None:
    with pytest.raises(TaxonomyError, match=r"spoiler.*hood"):
        load_mapping("parts-whole-cars").refuse_unknown(["hood", "spoiler"])


def test_doubled_names_of_a_label_file_are_refused() -> None:
    with pytest.raises(TaxonomyError, match="twice"):
        load_mapping("parts-whole-cars").refuse_unknown(["hood", "hood"])


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        (TABLE.replace("Front Door Shell", "Spoiler"), "Spoiler"),
        (TABLE.replace('["Front Door Shell"]', '"maybe"'), "maybe"),
        (TABLE.replace('["Front Door Shell"]', '["Hood", "Hood"]'), "twice"),
        ("[other]\nx = 1\n", "neither"),
        ("[parts", "no TOML"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, table: str, complaint: str) -> None:
    (tmp_path / "own.toml").write_text(table)

    with pytest.raises(TaxonomyError, match=complaint):
        load_mapping(tmp_path / "own.toml")


def test_a_missing_table_names_those_there_are() -> None:
    with pytest.raises(TaxonomyError, match="damage-claims"):
        load_mapping("nowhere")
