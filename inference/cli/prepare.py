"""Convert the networks of a model version for OpenVINO and load them once.

Afterwards a worker starts in a second or two and without torch.
"""

import argparse
import logging
import time

from inference.cli.models import add_model_arguments, predictor_of

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    started = time.perf_counter()
    predictor = predictor_of(args)
    predictor.load_all()
    log.info(
        "Model version %s is ready on %s after %.1f s.",
        predictor.version.version,
        predictor.networks.backend.name,
        time.perf_counter() - started,
    )
    return 0
