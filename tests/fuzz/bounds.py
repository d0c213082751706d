"""Limits on the cost of any one input."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SECONDS: Final = 2.0
"""Seconds of processor time; an ordinary call takes some milliseconds, with a fuzzer's counting some ten."""
KIBIBYTES: Final = 64 * 1024
"""The largest allowed rise of the process's peak memory."""
LARGEST: Final = 64 * 1024
"""Bytes of an input. ``tests/wsdl/hostile.py`` tries larger ones."""


@contextmanager
def bounded() -> Iterator[None]:
    """Check that the block stays within the limits. Raises AssertionError when it does not."""
    began, had = time.process_time(), _largest()
    yield
    taken = time.process_time() - began
    assert taken <= SECONDS, f"{taken:.2f} s"
    assert _largest() - had <= KIBIBYTES, f"{_largest() - had} KiB more"


def _largest() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
