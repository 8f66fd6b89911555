"""Depthwise convolutions with a dilation, computed so that their gradient is not slow."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

# With more sub-grids each is so small that the plain form is no faster either.
_LARGEST_STEP = 8


class SubgridConv2d(nn.Conv2d):
    """A dilated depthwise convolution as a plain one on each of its d × d sub-grids.

    The same numbers up to rounding: with dilation d a pixel only meets pixels whose row and
    column differ by multiples of d. On CPUs the gradient of the dilated form runs through a
    reference kernel that takes about four times as long.
    """

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        step = self.dilation[0]
        batch, channels, height, width = input.shape
        padded = functional.pad(input, (0, -width % step, 0, -height % step))
        rows, columns = padded.shape[2] // step, padded.shape[3] // step
        grids = padded.permute(0, 2, 3, 1).reshape(batch, rows, step, columns, step, channels)
        grids = grids.permute(0, 2, 4, 1, 3, 5).reshape(-1, rows, columns, channels)
        border = (weight.shape[2] // 2, weight.shape[3] // 2)
        seen = functional.conv2d(
            grids.permute(0, 3, 1, 2), weight, bias, padding=border, groups=channels
        )
        seen = seen.permute(0, 2, 3, 1).reshape(batch, step, step, rows, columns, channels)
        seen = seen.permute(0, 3, 1, 4, 2, 5).reshape(batch, rows * step, columns * step, channels)
        return seen.permute(0, 3, 1, 2)[:, :, :height, :width]


def use_subgrids(network: nn.Module) -> None:
    """Turn the dilated depthwise convolutions of `network` that keep the size into
    `SubgridConv2d`; parameters and their names stay."""
    for module in network.modules():
        if type(module) is nn.Conv2d and _is_dilated_depthwise(module):
            module.__class__ = SubgridConv2d


def _is_dilated_depthwise(module: nn.Conv2d) -> bool:
    step = module.dilation[0]
    keeps_size = tuple(step * (side // 2) for side in module.kernel_size)
    return (
        1 < step <= _LARGEST_STEP
        and module.dilation == (step, step)
        and module.stride == (1, 1)
        and module.padding == keeps_size
        and module.padding_mode == "zeros"
        and module.groups == module.in_channels == module.out_channels
    )
