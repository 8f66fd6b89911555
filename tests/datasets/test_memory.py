"""An export of any size stays within its memory (issue: at most 300 MB)."""

import os
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
    process = installation.start("export_labels", "--out", str(tmp_path / "labels.zip"))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    with zipfile.ZipFile(tmp_path / "labels.zip") as archive:
        assert sum(name.startswith("photos/") for name in archive.namelist()) == PHOTOS
    assert usage.ru_maxrss / 1024 <= MOST_MEGABYTES
