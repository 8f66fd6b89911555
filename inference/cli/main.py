"""`python -m inference COMMAND …`: finds the command and turns errors into exit status 2.

A command's module is imported only when it is asked for, because `train` needs torch, which
must not cost `assess` with OpenVINO its memory and its three seconds.
"""

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence
from types import MappingProxyType

from inference.errors import InferenceError

COMMANDS = MappingProxyType(
    {
        "assess": "assess photos as one case",
        "evaluate": "measure the models on a folder of labelled photos",
        "calibrate": "choose flag threshold and calibration of a model version",
        "bench": "measure speed, as ratios in one run",
        "prepare": "convert the networks for OpenVINO, once",
        "train": "train from a configuration file, or the whole default set",
        "experiment": "run the comparisons of EXPERIMENTS.md and write their tables",
        "compare": "the difference of two model versions on the same photos",
        "describe": "count photos and labels of a data folder",
    }
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 fine, 1 partly, 2 not at all."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    if not words or words[0] not in COMMANDS:
        return _usage(words)
    name = words[0]
    command = importlib.import_module(f"inference.cli.{name}")
    parser = argparse.ArgumentParser(
        prog=f"python -m inference {name}",
        description=command.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)
    try:
        status: int = command.run(parser.parse_args(words[1:])) or 0
    except InferenceError as error:
        print(f"{name}: {error.message}", file=sys.stderr)
        return 2
    return status


def _usage(words: Sequence[str]) -> int:
    asked = bool(words) and words[0] in ("-h", "--help")
    lines = [f"  {name:10} {what}" for name, what in COMMANDS.items()]
    usage = "\n".join(["python -m inference COMMAND … (COMMAND --help says more)", *lines])
    print(usage, file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2
