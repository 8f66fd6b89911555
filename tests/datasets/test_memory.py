"""An export of any size stays within its memory (issue: at most 300 MB)."""

import zipfile
from pathlib import Path

import pytest

from tests.datasets.installation import Installation

PHOTOS = 120
MOST_MEGABYTES = 300


@pytest.mark.timeout(900)
def test_an_export_of_full_size_photos_stays_small_in_memory(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "var")
    installation.seed(PHOTOS)
    peak = installation.peak_megabytes("export_labels", "--out", str(tmp_path / "labels.zip"))
    with zipfile.ZipFile(tmp_path / "labels.zip") as archive:
        assert sum(name.startswith("photos/") for name in archive.namelist()) == PHOTOS
    assert peak <= MOST_MEGABYTES
