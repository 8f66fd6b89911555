"""The figures of a model version's card: measured as its assessments will run it."""

from __future__ import annotations

from pathlib import Path

from inference.evaluation.segmentation import evaluate_layer
from inference.predictor import Predictor
from inference.training.config import SegmentationConfig
from inference.training.measured import Measured, measured_miou
from inference.training.photos import TrainingPhotos


def figures_as_run(
    folder: Path, config: SegmentationConfig, photos: TrainingPhotos
) -> dict[str, Measured]:
    """Every judge's figure on all of its validation photos, by the model version in `folder`:
    with its averaging of looks and its agreement of sides, which a training does without."""
    predictor = Predictor.load(folder, backend="torch")
    figures = {}
    for judge in config.judges:
        counted = evaluate_layer(
            predictor,
            photos.validation(judge.set),
            photos.mappings[judge.set],
            judge.head,
            judge.taxonomy,
            dict(photos.clusters),
            measures=(),
        )
        figures[judge.name] = measured_miou(counted.photos, counted.judge)
    return figures
