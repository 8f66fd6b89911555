"""Converts modules to OpenVINO IR: `python -m inference.backends.conversion FOLDER NAME=FILE …`.

Run as a process of its own by the OpenVINO backend, because it needs torch: its memory is gone
when it ends. Writes beside and renames, so that two workers may convert at the same time.
"""

import sys
import tempfile
import warnings
from pathlib import Path

import openvino
import torch

from inference.backends.photo_network import photo_network
from inference.models import ModuleCard, load_model_version

EXAMPLE_SIDE = 256


def convert(card: ModuleCard, target: Path) -> None:
    """Write `target` (.xml) and its .bin, in float32, batch, height and width left open."""
    height, width = card.input.size or (EXAMPLE_SIDE, EXAMPLE_SIDE)
    example = torch.zeros((1, height, width, 3), dtype=torch.uint8)
    open_shape = [-1, height, width, 3] if card.input.size else [-1, -1, -1, 3]
    with torch.inference_mode(), warnings.catch_warnings():
        # Tracing warns of Python numbers taken from shapes that do not change here.
        warnings.simplefilter("ignore")
        model = openvino.convert_model(
            photo_network(card), example_input=example, input=[(open_shape, openvino.Type.u8)]
        )
    for output, head in zip(model.outputs, card.heads, strict=True):
        output.set_names({head})
    _write(model, target)


def _write(model: openvino.Model, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        beside = Path(folder) / target.name
        openvino.save_model(model, beside, compress_to_fp16=False)
        # The .xml is renamed last: whoever sees it may rely on its .bin.
        beside.with_suffix(".bin").replace(target.with_suffix(".bin"))
        beside.replace(target)


def main(arguments: list[str]) -> None:
    """Convert `MODULE=FILE` … of the model version in the folder that comes first."""
    folder, *wanted = arguments
    version = load_model_version(folder)
    for module, target in (item.split("=", 1) for item in wanted):
        convert(version.module(module), Path(target))


if __name__ == "__main__":
    main(sys.argv[1:])
