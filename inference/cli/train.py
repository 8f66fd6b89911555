"""Train from a configuration file, or the whole default set.

    python -m inference train inference/training/configs/joint.toml --data ../shared/data
    python -m inference train --all --data ../shared/data
    python -m inference train inference/training/configs/experiment.toml --name focal \\
        --set "heads.damage.loss={ focal = 1.0 }"

A killed training goes on where it stood when the same command is given again. `--all` trains
every module of the default set and writes a model version (weights, model.json, model card)
into inference/weights/VERSION; with `--export-only` it writes one of the best weights so far.
"""

import argparse
import logging
from datetime import date
from pathlib import Path

import torch

from inference.cli.models import WEIGHTS
from inference.errors import ConfigError
from inference.training.default_set import default_trainings, train_default_set
from inference.training.devices import chosen_device
from inference.training.export import export
from inference.training.run import train

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", nargs="?", type=Path, metavar="CONFIG.toml")
    parser.add_argument("--all", action="store_true", help="the whole default set")
    parser.add_argument("--export-only", action="store_true", help="with --all: do not train on")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="DIR")
    parser.add_argument(
        "--runs", type=Path, default=Path("var/training"), metavar="DIR", help="training files"
    )
    parser.add_argument("--version", help="of the model version (default: today, 2026.11.28)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the model version")
    parser.add_argument("--name", help="of the training's folder (default: the file's name)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="changes",
        help="another value than the file's, in TOML; may be repeated",
    )
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), default="auto", help="default: a GPU if seen"
    )
    parser.add_argument("--threads", type=int, help="CPU threads (default: all cores)")


def run(args: argparse.Namespace) -> int:
    if bool(args.config) == args.all:
        raise ConfigError("Give either a CONFIG.toml or --all.")
    if args.threads:
        torch.set_num_threads(args.threads)
    device = chosen_device(args.device)
    if args.config:
        folder = args.runs / (args.name or args.config.stem)
        outcome = train(args.config, args.data, folder, args.changes, device)
        log.info("Best epoch %d: %s", outcome.best_epoch, dict(outcome.figures))
        return 0
    version = args.version or f"{date.today():%Y.%m.%d}"  # noqa: DTZ011  (the trainer's own day)
    out = args.out or WEIGHTS / version
    if args.export_only:
        export(default_trainings(args.runs), args.data, out, version)
    else:
        train_default_set(args.data, args.runs, out, version, device)
    log.info("Model version %s is in %s.", version, out)
    return 0
