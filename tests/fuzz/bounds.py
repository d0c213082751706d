"""What one input may cost, whatever it is."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SECONDS: Final = 2.0
"""Of processor time; an ordinary call takes some milliseconds, with a fuzzer's counting some ten."""
KIBIBYTES: Final = 64 * 1024
"""By which the process's largest memory may rise."""
LARGEST: Final = 64 * 1024
"""Bytes of an input. What larger ones cost is tried by ``tests/wsdl/hostile.py``."""


@contextmanager
def bounded() -> Iterator[None]:
    """Raises AssertionError when what is done within takes too much."""
    began, had = time.process_time(), _largest()
    yield
    taken = time.process_time() - began
    assert taken <= SECONDS, f"{taken:.2f} s"
    assert _largest() - had <= KIBIBYTES, f"{_largest() - had} KiB more"


def _largest() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
