"""Which model version and backend a command uses."""

import argparse
import os
from pathlib import Path

from inference.backends import BACKENDS
from inference.decoding import BODY_TYPES
from inference.errors import ConfigError
from inference.models.card import CARD_FILE
from inference.predictor import Predictor

WEIGHTS = Path(__file__).resolve().parents[1] / "weights"


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """`--model`, `--backend`, `--device`, `--cache-dir`."""
    parser.add_argument(
        "--model",
        type=Path,
        help="folder of a model version (default: $INFERENCE_MODEL, or the shipped one)",
    )
    parser.add_argument("--backend", choices=tuple(BACKENDS), default="openvino")
    parser.add_argument("--device", choices=("cpu", "cuda"), help="default: the backend's best")
    parser.add_argument(
        "--cache-dir",
        type=Path,
        help="where converted networks are kept (default: $INFERENCE_CACHE_DIR, or ~/.cache)",
    )


def add_fact_arguments(parser: argparse.ArgumentParser) -> None:
    """`--body-type`, `--doors-per-side`."""
    parser.add_argument("--body-type", choices=BODY_TYPES, help="what is known of the vehicle")
    parser.add_argument("--doors-per-side", type=int, choices=(1, 2))


def predictor_of(args: argparse.Namespace) -> Predictor:
    """The predictor that the arguments ask for."""
    return Predictor.load(
        args.model or default_model(),
        backend=args.backend,
        device=args.device,
        cache_dir=args.cache_dir,
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
