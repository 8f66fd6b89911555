import numpy as np
import pytest

from inference.data.partial import Head, LabelSets
from inference.errors import ConfigError
from inference.taxonomy import DAMAGE, IGNORE, PARTS


def test_a_head_of_the_finest_classes_leaves_out_what_it_is_told() -> None:
    head = Head.finest(PARTS, ["Fuel Door"])

    assert "Hood" in head.labels
    assert "Fuel Door left" not in head.labels
    assert head.channels(PARTS.ids_named("Fuel Door")) == ()


def test_a_merged_head_puts_all_members_of_a_class_into_one_channel() -> None:
    head = Head.merged(DAMAGE, "categorical")

    scratch, chip = DAMAGE.named("Scratch").id, DAMAGE.named("Paint Chip").id
    assert head.channels([scratch, chip]) == (head.labels.index("Surface Damage"),)


def test_an_exact_label_is_its_channel() -> None:
    sets = LabelSets(Head.finest(PARTS))

    assert sets.row([PARTS.named("Hood").id]) == sets.head.labels.index("Hood")


def test_a_set_gets_a_row_that_allows_just_its_channels() -> None:
    sets = LabelSets(Head.finest(PARTS))

    row = sets.row(PARTS.ids_named("Mirror"))

    allowed = {sets.head.labels[channel] for channel in np.flatnonzero(sets.table[row])}
    assert allowed == {"Mirror left", "Mirror right"}


def test_a_set_of_all_classes_says_nothing_and_is_ignored() -> None:
    sets = LabelSets(Head.merged(DAMAGE, "binary"))

    assert sets.row([0, DAMAGE.named("Dent").id]) == IGNORE


def test_mirroring_swaps_the_sides_of_exact_labels_and_of_sets() -> None:
    sets = LabelSets(Head.finest(PARTS))
    left = [PARTS.named("Front Door Shell left").id, PARTS.named("Door Glass left").id]
    right = [PARTS.named("Front Door Shell right").id, PARTS.named("Door Glass right").id]

    rows = [(sets.row(left), sets.row(right)), (sets.row(left[:1]), sets.row(right[:1]))]

    assert all(sets.mirrored[one] == other for one, other in rows)
    assert sets.mirrored[IGNORE] == IGNORE


def test_more_sets_than_a_label_map_has_values_are_refused() -> None:
    sets = LabelSets(Head.finest(PARTS))
    ids = [item.id for item in PARTS.classes]
    pairs = [[one, other] for one in ids for other in ids]

    with pytest.raises(ConfigError, match="254"):
        list(map(sets.row, pairs))
