"""A heartbeat renews beside the work and says when the lease is lost."""

import threading
import time

import pytest
from django.db import OperationalError

from reviewapp.foundation.errors import ConflictError
from reviewapp.foundation.heartbeat import Heartbeat

SHORT = 0.01
PATIENCE = 5.0


class Beats:
    """Counts the beats and says that the lease is held."""

    def __init__(self) -> None:
        self.heard = threading.Semaphore(0)
        self.count = 0

    def __call__(self) -> bool:
        self.count += 1
        self.heard.release()
        return True


def test_it_beats_while_the_work_goes_on() -> None:
    beats = Beats()
    with Heartbeat(beats, seconds=SHORT):
        assert all(beats.heard.acquire(timeout=PATIENCE) for _ in range(3))


def test_it_stops_with_the_work() -> None:
    beats = Beats()
    with Heartbeat(beats, seconds=SHORT):
        beats.heard.acquire(timeout=PATIENCE)
    heard = beats.count
    time.sleep(5 * SHORT)
    assert beats.count == heard


def work(heart: Heartbeat) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        heart.check()
        time.sleep(SHORT)


def test_the_work_is_told_that_the_lease_is_lost() -> None:
    with Heartbeat(lambda: False, seconds=SHORT) as heart, pytest.raises(ConflictError):
        work(heart)


def test_a_lease_that_is_held_lets_the_work_go_on() -> None:
    with Heartbeat(lambda: True, seconds=SHORT) as heart:
        time.sleep(5 * SHORT)
        heart.check()


def test_a_database_that_does_not_answer_once_is_asked_again() -> None:
    answers = iter([OperationalError("locked"), True])
    asked = threading.Event()

    def beat() -> bool:
        answer = next(answers, None)
        if isinstance(answer, OperationalError):
            raise answer
        asked.set()
        return True

    with Heartbeat(beat, seconds=SHORT) as heart:
        assert asked.wait(PATIENCE)
        heart.check()
