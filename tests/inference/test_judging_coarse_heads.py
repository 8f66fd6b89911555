"""Models trained on a coarser taxonomy are judged by what they can tell apart."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from inference.errors import TaxonomyError
from inference.evaluation.judging import Judge
from inference.models import load_model_version
from inference.predictor import HeadOutput
from inference.taxonomy import PARTS
from inference.taxonomy.mapping import load_mapping

REDUCED = PARTS.merge("reduced")
JUDGE = Judge(load_mapping("parts-whole-cars").layers["parts"], REDUCED)


def said_by_a_reduced_model(folder: Path, name: str) -> HeadOutput:
    """One pixel of which a model with the reduced classes is sure."""
    labels = (PARTS.background, *REDUCED.classes)
    card = load_model_version(folder).module("parts")
    values = np.zeros((len(labels), 1, 1), np.float32)
    values[labels.index(name)] = 1.0
    return HeadOutput(dataclasses.replace(card, heads={"parts": labels}), "parts", values)


@pytest.mark.parametrize(
    ("said", "counts_as"),
    [("Window", "Window"), ("Door Shell", "Door Shell"), ("Grille", "Bumper")],
)
def test_a_window_is_no_door_where_the_model_knows_windows_only(
    tiny_folder: Path, said: str, counts_as: str
) -> None:
    predicted = JUDGE.predicted(said_by_a_reduced_model(tiny_folder, said), (1, 1))

    assert JUDGE.names[predicted[0, 0]] == counts_as


def test_a_taxonomy_that_divides_a_models_class_is_refused(tiny_folder: Path) -> None:
    with pytest.raises(TaxonomyError, match="'Bumper' only as one class"):
        said_by_a_reduced_model(tiny_folder, "Hood").decode(PARTS.merge("sides"), (1, 1))
