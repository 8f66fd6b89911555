"""The predictor: load a model version once, then predict photos and assess cases."""

from inference.predictor.networks import HeadOutput, Networks
from inference.predictor.predictor import MODULES, CasePhotos, Predictor, Source
from inference.predictor.side_agreement import SideAgreement
from inference.predictor.test_time import Averaging, with_averaging

__all__ = [
    "MODULES",
    "Averaging",
    "CasePhotos",
    "HeadOutput",
    "Networks",
    "Predictor",
    "SideAgreement",
    "Source",
    "with_averaging",
]
