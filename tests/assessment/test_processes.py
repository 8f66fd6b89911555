"""What each process of the site imports, seen from a fresh interpreter."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = ("torch", "openvino", "inference.predictor", "reviewapp.assessment.gpu_tasks")
WEB = """
import sys
import reviewapp.wsgi
from django.urls import get_resolver

def walk(patterns):
    for pattern in patterns:
        walk(getattr(pattern, "url_patterns", ()))

walk(get_resolver().url_patterns)
print(*sys.modules, sep="\\n")
"""
WORKER = """
import sys
import reviewapp
app = reviewapp.celery_app
app.loader.import_default_modules()
print(*app.tasks, *sys.modules, sep="\\n")
"""


def _names(script: str, **environment: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "reviewapp.settings.test", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def web() -> set[str]:
    return _names(WEB)


@pytest.mark.parametrize("module", HEAVY)
def test_the_web_process_never_imports(web: set[str], module: str) -> None:
    assert module not in web


def test_the_web_process_was_looked_at_with_all_its_views(web: set[str]) -> None:
    assert {"reviewapp.assessment.api", "reviewapp.review.views"} <= web


def test_the_default_worker_sweeps_and_loads_no_models() -> None:
    names = _names(WORKER)
    assert "assessment.sweep" in names
    assert not {"assessment.assess_photos", *HEAVY} & names


def test_the_assessment_worker_assesses_and_imports_no_torch() -> None:
    names = _names(WORKER, REVIEW_WORKER_LOADS_MODELS="true")
    assert "assessment.assess_photos" in names
    assert "torch" not in names
