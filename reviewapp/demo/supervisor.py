"""Site, workers and beat as children of one process: together they start, together they end.

Ctrl-C or SIGTERM ends every child politely, then firmly. A supervisor that is itself killed
leaves no orphan: on Linux each child asks the kernel for SIGTERM when its parent dies, and the
gunicorn and Celery processes here fork nothing that outlives them.
"""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 8.0
_LOOK_SECONDS = 0.2
_RESTART_SECONDS = 2.0


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Child:
    program: Program
    process: "subprocess.Popen[bytes]"
    started: float


def _die_with_parent() -> None:
    # Runs in the child between fork and exec: nothing here may raise or log.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(program: Program) -> Child:
    # An own session: Ctrl-C reaches the supervisor alone, which ends the children in order.
    process = subprocess.Popen(  # noqa: S603 (the commands are this module's callers' own)
        list(program.command),
        env={**os.environ, **program.environment},
        preexec_fn=_die_with_parent,  # noqa: PLW1509 (no threads run in the supervisor)
        start_new_session=True,
    )
    return Child(program, process, time.monotonic())


def _end(children: Sequence[Child]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


class Supervisor:
    """Runs the programs until told to stop; one that ends by itself is started again."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._programs = programs
        self._children: list[Child] = []
        self._stopping = False

    def run(self, *, when_started: Callable[[], None]) -> None:
        """Block until SIGINT or SIGTERM; every child has ended when this returns."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        try:
            self._children = [_start(program) for program in self._programs]
            when_started()
            while not self._stopping:
                time.sleep(_LOOK_SECONDS)
                self._restart_ended()
        finally:
            _end(self._children)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _restart_ended(self) -> None:
        for position, child in enumerate(self._children):
            code = child.process.poll()
            if code is None or self._stopping:
                continue
            if time.monotonic() - child.started < _RESTART_SECONDS:
                continue
            logger.warning("%s ended with status %s; starting again", child.program.name, code)
            self._children[position] = _start(child.program)
