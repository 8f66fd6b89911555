"""Work is done ahead, but never further than allowed, and comes in order."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from inference.predictor.pipeline import ahead, windows


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


def test_results_come_in_the_order_of_the_items(pool: ThreadPoolExecutor) -> None:
    first_may_end = threading.Event()

    def slow_first(item: int) -> int:
        if item == 0:
            assert first_may_end.wait(10)
        else:
            first_may_end.set()
        return item

    assert list(ahead(pool, slow_first, range(5), 3)) == [0, 1, 2, 3, 4]


def test_no_more_items_are_taken_than_allowed(pool: ThreadPoolExecutor) -> None:
    source = iter(range(10))
    results = ahead(pool, lambda item: item, source, 3)
    assert next(results) == 0
    assert next(source) == 4


def test_an_error_is_raised_in_its_turn(pool: ThreadPoolExecutor) -> None:
    results = ahead(pool, lambda item: 1 // item, [1, 0, 1], 3)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_windows_hold_all_items() -> None:
    assert list(windows(range(5), 2)) == [[0, 1], [2, 3], [4]]
