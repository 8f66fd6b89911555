import copy

import pytest
import torch
from torch import nn

from inference.training.dilated import SubgridConv2d, use_subgrids


def convolution(step: int, *, groups: int = 6, padding: int | None = None) -> nn.Conv2d:
    torch.manual_seed(step)
    border = step if padding is None else padding
    return nn.Conv2d(6, 6, 3, padding=border, dilation=step, groups=groups)


@pytest.mark.parametrize("step", [2, 6])
@pytest.mark.parametrize("size", [(12, 12), (13, 7)])
def test_sub_grids_give_the_same_numbers_and_gradients(step: int, size: tuple[int, int]) -> None:
    plain = convolution(step)
    fast = copy.deepcopy(plain)
    use_subgrids(fast)
    photos = torch.rand(2, 6, *size)

    one, other = plain(photos), fast(photos)
    one.square().sum().backward()
    other.square().sum().backward()

    assert isinstance(fast, SubgridConv2d)
    torch.testing.assert_close(other, one)
    torch.testing.assert_close(fast.weight.grad, plain.weight.grad)


@pytest.mark.parametrize(
    "other",
    [convolution(1), convolution(2, groups=1), convolution(2, padding=0), convolution(18)],
    ids=["not dilated", "not depthwise", "changes the size", "too many sub-grids"],
)
def test_other_convolutions_stay(other: nn.Conv2d) -> None:
    use_subgrids(other)

    assert type(other) is nn.Conv2d


def test_the_weights_keep_their_names() -> None:
    network = nn.Sequential(convolution(2))
    names = set(network.state_dict())

    use_subgrids(network)

    assert set(network.state_dict()) == names
