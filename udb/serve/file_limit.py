"""The number of files and connections that a process may have open (RLIMIT_NOFILE), checked before a worker starts.

A worker that has no file number left can accept no caller, and ends.
"""

import resource
from typing import Final

from udb.domain.errors import WrongUse

CONNECTIONS: Final = 1000
"""How many callers a worker keeps connected."""
_PER_CALLER: Final = 2
"""An answered caller may keep its connection for a moment, while the next is connected already."""
_PER_THREAD: Final = 4
"""A thread's connection to the database, and the files that it opens: an SQLite database is three."""
_OWN: Final = 128
"""Files of the process: log, listener, shared memory, schemas, background jobs."""


def needed(threads: int) -> int:
    """Return how many files a worker with so many threads may have open."""
    return CONNECTIONS * _PER_CALLER + threads * _PER_THREAD + _OWN


def allow(threads: int) -> None:
    """Raise this process's limit, which its workers inherit, to what they need.

    Raises WrongUse, with what to do, when the system does not allow so many.
    """
    wanted = needed(threads)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _is_enough(soft, wanted):
        return
    if not _is_enough(hard, wanted):
        raise WrongUse(
            f"This process may have {hard} files open, and a worker with {threads} threads needs {wanted}: "
            "raise the limit (LimitNOFILE of systemd, ulimit -Hn of a shell), or use fewer threads."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _is_enough(limit: int, wanted: int) -> bool:
    return limit == resource.RLIM_INFINITY or limit >= wanted
