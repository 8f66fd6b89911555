"""Which model version and backend a command uses."""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from inference.backends import BACKENDS, PRECISIONS
from inference.decoding import BODY_TYPES
from inference.errors import ConfigError
from inference.models.card import CARD_FILE
from inference.predictor import Averaging, Predictor

WEIGHTS = Path(__file__).resolve().parents[1] / "weights"


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """`--model` and how it runs."""
    parser.add_argument(
        "--model",
        type=Path,
        help="folder of a model version (default: $INFERENCE_MODEL, or the shipped one)",
    )
    add_backend_arguments(parser)


def add_backend_arguments(parser: argparse.ArgumentParser) -> None:
    """`--backend`, `--device`, `--dtype`, `--cache-dir`: how a model version runs."""
    parser.add_argument("--backend", choices=tuple(BACKENDS), default="openvino")
    parser.add_argument("--device", choices=("cpu", "cuda"), help="default: the backend's best")
    parser.add_argument(
        "--dtype", choices=PRECISIONS, help="of the arithmetic; default: as the model version says"
    )
    parser.add_argument(
        "--cache-dir",
        type=Path,
        help="where converted networks are kept (default: $INFERENCE_CACHE_DIR, or ~/.cache)",
    )


def add_fact_arguments(parser: argparse.ArgumentParser) -> None:
    """`--body-type`, `--doors-per-side`."""
    parser.add_argument("--body-type", choices=BODY_TYPES, help="what is known of the vehicle")
    parser.add_argument("--doors-per-side", type=int, choices=(1, 2))


def add_averaging_arguments(parser: argparse.ArgumentParser) -> None:
    """`--flip`, `--long-sides`: what a version could say, tried out before it does."""
    parser.add_argument(
        "--flip", action="store_true", help="average parts and damage with the mirrored photo"
    )
    parser.add_argument(
        "--long-sides",
        type=int,
        nargs="+",
        metavar="PX",
        help="average parts and damage over these sizes of the photo",
    )


def averaging_of(args: argparse.Namespace) -> dict[str, Averaging]:
    """What the arguments ask for, by module; empty where they leave it to the model version."""
    if not (args.flip or args.long_sides):
        return {}
    averaging = Averaging(args.flip, tuple(args.long_sides or ()))
    return dict.fromkeys(("parts", "damage"), averaging)


def predictor_of(
    args: argparse.Namespace, averaging: Mapping[str, Averaging] | None = None
) -> Predictor:
    """The predictor that the arguments ask for; `averaging` replaces the model version's."""
    return Predictor.load(
        args.model or default_model(),
        backend=args.backend,
        device=args.device,
        cache_dir=args.cache_dir,
        precision=args.dtype,
        averaging=averaging,
    )


def default_model() -> Path:
    """`$INFERENCE_MODEL`, or the last by name of the model versions that are shipped."""
    named = os.environ.get("INFERENCE_MODEL")
    if named:
        return Path(named)
    shipped = sorted(card.parent for card in WEIGHTS.glob(f"*/{CARD_FILE}"))
    if not shipped:
        raise ConfigError(
            f"There is no model version in {WEIGHTS}; name a folder with --model, or train one "
            "with `make train`."
        )
    return shipped[-1]
