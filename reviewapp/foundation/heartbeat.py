"""A sign of life beside slow work: a thread renews the lease while the work goes on."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.db import Error, connections

from reviewapp.foundation.errors import ConflictError


class Heartbeat:
    """Calls `beat` every `seconds` until the block ends.

    `beat` returns False once somebody else holds the row; the work asks by `check` between its
    steps and stops there. A beat that the database refuses is tried again at the next one: the
    lease outlasts several.
    """

    def __init__(self, beat: Callable[[], bool], *, seconds: float) -> None:
        self._beat = beat
        self._seconds = seconds
        self._over = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def check(self) -> None:
        """`ConflictError` where the lease is lost."""
        if self._lost.is_set():
            raise ConflictError("The lease ran out and somebody else took this up.")

    def _run(self) -> None:
        try:
            while not self._over.wait(self._seconds):
                if not self._held():
                    self._lost.set()
                    return
        finally:
            connections.close_all()

    def _held(self) -> bool:
        try:
            return self._beat()
        except Error:
            return True
