"""The number of files and connections that a process may have open (RLIMIT_NOFILE), checked before a worker starts.

A worker that has no file number left can accept no caller, and its calls can open no file.
"""

import resource
from typing import Final

from udb.domain.errors import WrongUse

CONNECTIONS: Final = 2000
"""How many callers a worker keeps connected, if the system allows it that many files."""
_FEWEST: Final = 100
_PER_THREAD: Final = 4
"""A thread's connection to the database, and the files that it opens: an SQLite database is three."""
_OWN: Final = 128
"""Files of the process: log, listener, shared memory, schemas, background jobs."""


def allow(threads: int) -> int:
    """Raise this process's limit, which its workers inherit; return how many callers a worker may keep connected.

    Raises WrongUse, with what to do, when the system allows too few files for a service.
    """
    own = threads * _PER_THREAD + _OWN
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = own + CONNECTIONS
    if not _is_enough(soft, wanted):
        if not _is_enough(hard, own + _FEWEST):
            raise WrongUse(
                f"This process may have {hard} files open, and a worker with {threads} threads needs {own + _FEWEST}: "
                "raise the limit (LimitNOFILE of systemd, ulimit -Hn of a shell), or use fewer threads."
            )
        soft = wanted if _is_enough(hard, wanted) else hard
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, soft - own)


def _is_enough(limit: int, wanted: int) -> bool:
    return limit == resource.RLIM_INFINITY or limit >= wanted
