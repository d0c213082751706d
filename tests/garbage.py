"""What calls leave to the collector: it comes seldom, and a tree of libxml2 that waits for it is memory that it does
not count.
"""

import gc
from collections.abc import Callable, Iterable


def left_by(calls: Iterable[Callable[[], object]]) -> int:
    """How many things only the collector could free when these are done; what makes the calls is made before."""
    calls = list(calls)
    gc.collect()
    gc.disable()
    try:
        for call in calls:
            call()
        return gc.collect()
    finally:
        gc.enable()
