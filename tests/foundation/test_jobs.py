import logging
import time

import pytest
from celery import Celery, current_app
from django.db import transaction

from reviewapp.foundation import jobs
from reviewapp.foundation.jobs import Job, ring, start_on_commit
from reviewapp.settings.queue import SERVER_BROKER_OPTIONS


@pytest.fixture
def dead_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker at which nobody listens."""
    app = Celery("dead", broker="redis://127.0.0.1:1/0")
    app.conf.broker_transport_options = SERVER_BROKER_OPTIONS
    monkeypatch.setattr(jobs, "current_app", app)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    calls: list[Job] = []
    monkeypatch.setattr(jobs, "ring", calls.append)
    return calls


def test_the_site_rings_at_the_broker_of_the_settings() -> None:
    assert current_app.conf.broker_url == "filesystem://localhost"


def test_a_bell_is_rung_where_the_broker_answers() -> None:
    assert ring(Job.SWEEP_REVIEW)


def test_a_dead_broker_fails_no_request(
    dead_broker: None, caplog: pytest.LogCaptureFixture
) -> None:
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        assert not ring(Job.SWEEP_REVIEW)
    assert "bell not rung: review.sweep" in caplog.text
    assert time.monotonic() - began < 5  # kombu alone would hold it for 6


@pytest.mark.django_db(transaction=True)
def test_a_bell_waits_for_the_commit(rung: list[Job]) -> None:
    with transaction.atomic():
        start_on_commit(Job.ASSESS_PHOTOS)
        assert rung == []
    assert rung == [Job.ASSESS_PHOTOS]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_rings_no_bell(rung: list[Job]) -> None:
    with transaction.atomic():
        start_on_commit(Job.ASSESS_PHOTOS)
        transaction.set_rollback(True)
    assert rung == []
