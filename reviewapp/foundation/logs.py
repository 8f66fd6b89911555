"""Log lines know the request, case and task they belong to."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
case_id: ContextVar[str] = ContextVar("case_id", default="")
task_id: ContextVar[str] = ContextVar("task_id", default="")


class ContextFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        record.case_id = case_id.get()
        record.task_id = task_id.get()
        return True


@contextmanager
def log_context(variable: ContextVar[str], value: str) -> Iterator[None]:
    """Set one of the ids above for the lines logged inside the block."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)
