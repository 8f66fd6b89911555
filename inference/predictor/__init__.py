"""The predictor: load a model version once, then predict photos and assess cases."""

from inference.predictor.networks import HeadOutput, Networks
from inference.predictor.predictor import MODULES, CasePhotos, Predictor, Source

__all__ = ["MODULES", "CasePhotos", "HeadOutput", "Networks", "Predictor", "Source"]
