"""How many cases a random comparison plays: few in ``make test``, all in ``make check-large``.

A test that uses it carries the mark ``large``, by which ``make check-large`` finds it.
"""

import os

LARGE = os.environ.get("LARGE") == "1"


def size(*, small: int, large: int) -> int:
    """Return the number for this run."""
    return large if LARGE else small
