"""Work done ahead in threads, so that the device does not wait for it and it for the device.

Decoding, scaling and post-processing are OpenCV, Pillow and numpy, which let other threads run.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def ahead(
    pool: Executor, function: Callable[[Item], Result], items: Iterable[Item], depth: int
) -> Iterator[Result]:
    """`function` of every item in their order, up to `depth` of them begun beforehand.

    An error of `function` is raised in its turn; what was begun for nothing is cancelled.
    """
    begun: deque[Future[Result]] = deque()
    try:
        for item in items:
            begun.append(pool.submit(function, item))
            if len(begun) > depth:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        for future in begun:
            future.cancel()


def windows(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items, `size` at a time."""
    source = iter(items)
    while window := list(islice(source, size)):
        yield window
