"""A head's loss under its own classes and under coarser ones."""

import pytest
import torch

from inference.data.partial import Head, LabelSets
from inference.errors import ConfigError, TrainingError
from inference.taxonomy import DAMAGE, IGNORE, PARTS
from inference.training.config import HeadConfig
from inference.training.head_loss import Coarser, head_loss


def ids(*names: str) -> list[int]:
    return [class_id for name in names for class_id in DAMAGE.ids_named(name)]


@pytest.fixture
def damage() -> LabelSets:
    return LabelSets(Head.finest(DAMAGE))


def test_merged_logits_have_the_summed_probabilities(damage: LabelSets) -> None:
    logits = torch.randn(2, len(damage.head.labels), 3, 3, generator=torch.manual_seed(1))
    merge = DAMAGE.merge("categorical")

    merged = Coarser.of(damage, merge).logits(logits).softmax(1)

    expected = merge.merge_probabilities(
        logits.softmax(1)[0].numpy(), tuple(range(len(damage.head.labels)))
    )
    assert torch.allclose(merged[0], torch.from_numpy(expected), atol=1e-6)


def test_a_set_within_one_merged_class_becomes_that_class(damage: LabelSets) -> None:
    scratched = damage.row(ids("Scratch", "Paint Chip"))

    view = Coarser.of(damage, DAMAGE.merge("categorical"))

    surface = DAMAGE.merge("categorical").index("Surface Damage")
    assert view.rows[scratched] == surface
    assert view.table[surface].nonzero().flatten().tolist() == [surface]


def test_a_set_across_merged_classes_stays_a_set(damage: LabelSets) -> None:
    perhaps = damage.row([0, *ids("Dent")])
    view = Coarser.of(damage, DAMAGE.merge("categorical"))

    deformity = DAMAGE.merge("categorical").index("Deformity")

    assert view.table[view.rows[perhaps]].nonzero().flatten().tolist() == [0, deformity]


def test_what_a_taxonomy_says_nothing_about_is_ignored(damage: LabelSets) -> None:
    perhaps = damage.row([0, *ids("Dent")])
    view = Coarser.of(damage, DAMAGE.merge("binary"))

    assert view.rows[perhaps] == IGNORE
    assert view.rows[IGNORE] == IGNORE


def test_a_class_that_a_taxonomy_leaves_out_is_ignored_as_a_label_only() -> None:
    parts = LabelSets(Head.finest(PARTS))
    plate = parts.head.labels.index("License Plate")

    view = Coarser.of(parts, PARTS.merge("reduced"))

    assert view.rows[plate] == IGNORE
    assert plate in view.groups[0]


def test_classes_that_the_head_lacks_have_no_group() -> None:
    few = LabelSets(Head.finest(DAMAGE, without=["Corrosion", "Missing", "Broken"]))

    assert len(Coarser.of(few, DAMAGE.merge("categorical")).groups) == 3


def test_merged_losses_are_added_by_their_weights(damage: LabelSets) -> None:
    loss = {"dice": 1.0, "cross_entropy": 0.5}
    logits = torch.randn(1, len(damage.head.labels), 1, 3, generator=torch.manual_seed(2))
    labels = torch.tensor([[[0, *ids("Dent", "Broken")]]])

    def of(merged: dict[str, float]) -> float:
        return head_loss(HeadConfig(loss, merged_loss=merged), damage)(logits, labels).item()

    binary = of({"binary": 1.0}) - of({})
    assert binary > 0
    assert of({"binary": 2.0}) - of({}) == pytest.approx(2 * binary, rel=1e-4)


def test_dice_finds_what_is_named_as_a_set_under_a_coarser_taxonomy(damage: LabelSets) -> None:
    """Alone it never rewards a set, so nothing would be learnt from it."""
    labels = torch.tensor([[[0, damage.row(ids("Scratch", "Paint Chip"))]]])
    found = torch.zeros(1, len(damage.head.labels), 1, 2)
    found[0, 0, 0, 0] = 9.0
    missed = found.clone()
    found[0, ids("Scratch")[0], 0, 1] = 9.0
    missed[0, ids("Dent")[0], 0, 1] = 9.0

    def difference(merged: dict[str, float]) -> float:
        loss = head_loss(HeadConfig({"dice": 1.0}, merged_loss=merged), damage)
        return (loss(missed, labels) - loss(found, labels)).item()

    assert difference({"categorical": 1.0}) > difference({}) + 0.4


def test_a_taxonomy_that_divides_the_head_s_classes_is_refused() -> None:
    binary = LabelSets(Head.merged(DAMAGE, "binary"))

    with pytest.raises(TrainingError, match="divides"):
        head_loss(HeadConfig({"dice": 1.0}, merged_loss={"categorical": 1.0}), binary)


def test_a_multi_label_head_has_no_probabilities_to_sum() -> None:
    with pytest.raises(ConfigError, match="merged_loss"):
        HeadConfig({"binary_focal": 1.0}, decoder="multi-label", merged_loss={"reduced": 1.0})
