"""What every loss must do, on exact and on set-valued labels."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from inference.errors import ConfigError
from inference.taxonomy import IGNORE
from inference.training.losses import LOSSES, cross_entropy, dice, focal, weighted_sum

CHANNELS = 4
TABLE = torch.cat([torch.eye(CHANNELS, dtype=torch.bool), torch.tensor([[0, 1, 1, 0]]).bool()])
"""The exact classes and one set: class 1 or 2."""
EITHER = CHANNELS


def says(*channels: int, sure: float = 12.0) -> Tensor:
    """Logits (1, C, 1, pixels) that are sure of one class a pixel, and against the others."""
    chosen = functional.one_hot(torch.tensor([[channels]]), CHANNELS).permute(0, 3, 1, 2)
    return sure * (chosen - 0.5)


def labels(*rows: int) -> Tensor:
    return torch.tensor([[rows]])


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_lower_when_right_than_when_wrong(name: str) -> None:
    truth = labels(0, 1, 2, 3)

    right = LOSSES[name](says(0, 1, 2, 3), truth, TABLE)
    wrong = LOSSES[name](says(1, 2, 3, 0), truth, TABLE)

    assert right < 0.01 < wrong


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_leaves_ignored_pixels_out(name: str) -> None:
    without = LOSSES[name](says(0, 1, 2), labels(0, 1, 3), TABLE)

    with_ignored = LOSSES[name](says(0, 1, 2, 3), labels(0, 1, 3, IGNORE), TABLE)

    assert with_ignored == pytest.approx(without.item(), rel=1e-4)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_accepts_any_class_of_a_set(name: str) -> None:
    truth = labels(0, 3, EITHER)

    one, other = (LOSSES[name](says(0, 3, said), truth, TABLE) for said in (1, 2))
    outside = LOSSES[name](says(0, 3, 3), truth, TABLE)

    assert one == pytest.approx(other.item(), abs=1e-4)
    assert one < outside


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_finite_gradients_where_nothing_is_labelled(name: str) -> None:
    logits = says(0, 1).requires_grad_()

    LOSSES[name](logits, labels(IGNORE, IGNORE), TABLE).backward()  # type: ignore[no-untyped-call]

    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_can_be_learnt_from_sets_alone(name: str) -> None:
    logits = torch.zeros(1, CHANNELS, 1, 2, requires_grad=True)
    optimizer = torch.optim.Adam([logits], 0.3)
    truth = labels(0, EITHER)

    for _ in range(60):
        optimizer.zero_grad()
        LOSSES[name](logits, truth, TABLE).backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    probabilities = logits.detach().softmax(1)[0, :, 0, 1]
    assert probabilities[[1, 2]].sum() > probabilities[[0, 3]].sum()


def test_cross_entropy_on_exact_labels_is_the_usual_one() -> None:
    logits, truth = torch.randn(2, CHANNELS, 3, 5), torch.randint(0, CHANNELS, (2, 3, 5))

    expected = functional.cross_entropy(logits, truth)

    assert cross_entropy(logits, truth, TABLE) == pytest.approx(expected.item(), rel=1e-5)


def test_cross_entropy_of_a_set_is_the_log_of_the_summed_probability() -> None:
    logits = torch.randn(1, CHANNELS, 1, 1)

    expected = -logits.softmax(1)[0, [1, 2], 0, 0].sum().log()

    loss = cross_entropy(logits, labels(EITHER), TABLE)
    assert loss == pytest.approx(expected.item(), rel=1e-5)


def test_focal_cares_less_about_what_is_nearly_right() -> None:
    truth = labels(1)
    nearly, unsure = says(1, sure=3.0), says(1, sure=0.5)

    ratio = focal(nearly, truth, TABLE) / cross_entropy(nearly, truth, TABLE)

    assert ratio < focal(unsure, truth, TABLE) / cross_entropy(unsure, truth, TABLE)


def test_dice_counts_only_classes_that_are_shown() -> None:
    assert dice(says(0, 0, 1), labels(0, 0, 1), TABLE) == pytest.approx(0.0, abs=1e-4)


def test_a_sum_weights_its_losses() -> None:
    logits, truth = torch.randn(1, CHANNELS, 1, 3), labels(0, 1, 2)
    both = weighted_sum({"dice": 2.0, "focal": 0.5})

    expected = 2.0 * dice(logits, truth, TABLE) + 0.5 * focal(logits, truth, TABLE)

    assert both(logits, truth, TABLE) == pytest.approx(expected.item())


@pytest.mark.parametrize("weights", [{}, {"hinge": 1.0}])
def test_unknown_and_missing_losses_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="cross_entropy"):
        weighted_sum(weights)
