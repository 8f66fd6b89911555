"""Tiny model versions, written once per test run."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.inference.tiny_models import write_tiny_models

# Tiny networks gain nothing from more threads, and beside other tests they wait for each other.
torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_models(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def converted_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the OpenVINO backend keeps the tiny networks, converted once per test run."""
    return tmp_path_factory.mktemp("converted")


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    """A JPEG of 120 × 80 pixels of noise."""
    noise = np.random.default_rng(0).integers(0, 255, (10, 15, 3)).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).resize((120, 80)).save(out, "JPEG", quality=95)
    return out.getvalue()
