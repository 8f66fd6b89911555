"""Which models run, on what."""

from pathlib import Path

from reviewapp.settings.base import BASE_DIR, VAR_DIR
from reviewapp.settings.env import env_bool, env_choice, env_int, env_str

# A folder of model versions, one folder each, and the one that a new installation starts with.
WEIGHTS_DIR = Path(env_str("REVIEW_WEIGHTS_DIR", str(BASE_DIR / "inference" / "weights")))
INFERENCE_BACKEND = env_choice("REVIEW_INFERENCE_BACKEND", "openvino", ("openvino", "torch"))
INFERENCE_DEVICE = env_choice("REVIEW_INFERENCE_DEVICE", "cpu", ("cpu", "cuda"))
INFERENCE_CACHE_DIR = Path(env_str("REVIEW_INFERENCE_CACHE_DIR", str(VAR_DIR / "models")))
INFERENCE_BATCH_PHOTOS = env_int("REVIEW_INFERENCE_BATCH_PHOTOS", 4, minimum=1)
# Only the assessment worker loads models; every other process stays free of them.
WORKER_LOADS_MODELS = env_bool("REVIEW_WORKER_LOADS_MODELS", default=False)
