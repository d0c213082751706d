"""Count the objects that calls leave to the garbage collector.

It runs seldom, and a tree of libxml2 that waits for it is memory that it does not count.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Switch the collector off, which would look through all that the tests before have left."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def left_by(calls: Iterable[Callable[[], object]]) -> int:
    """Return how many objects only the collector could free after these calls, which are prepared before."""
    calls = list(calls)
    gc.collect()
    with uncollected():
        for call in calls:
            call()
        return gc.collect()
