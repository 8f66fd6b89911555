"""Where files live: `var/files` on disk, or an S3-compatible store. Always private."""

from typing import Any

from reviewapp.settings.base import VAR_DIR
from reviewapp.settings.env import env_choice, env_str

FILES_DIR = VAR_DIR / "files"


def _files() -> dict[str, Any]:
    kind = env_choice("REVIEW_STORAGE", "disk", ("disk", "s3"))
    if kind == "disk":
        return {
            "BACKEND": "reviewapp.foundation.files.DiskStorage",
            "OPTIONS": {"location": str(FILES_DIR)},
        }
    return {
        "BACKEND": "reviewapp.foundation.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": env_str("REVIEW_S3_BUCKET"),
            "endpoint_url": env_str("REVIEW_S3_ENDPOINT", "") or None,
            "access_key": env_str("REVIEW_S3_ACCESS_KEY"),
            "secret_key": env_str("REVIEW_S3_SECRET_KEY"),
            "region_name": env_str("REVIEW_S3_REGION", "us-east-1"),
        },
    }


STORAGES = {
    "default": _files(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
