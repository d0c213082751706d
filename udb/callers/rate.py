"""The limit on a system's calls: one bucket per system, shared by all workers of a host without a query.

A bucket holds a minute's calls and fills evenly; a system that stays below the limit in every minute is never refused.
Of each system one number is kept, the instant at which its bucket is full again (the generic cell rate algorithm), in
memory that the workers share. Every host counts for itself (docs/drift.md).
"""

import fcntl
import hashlib
import mmap
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from udb.domain.errors import TooManyCalls

MINUTE: Final = 60.0
_SLOT: Final = struct.Struct("=Qd")
"""A system's fingerprint, and when its bucket is full again (monotonic seconds)."""
_SLOTS: Final = 4096
_TRIED: Final = 16
"""How many slots a system may be in. A slot whose bucket is full again counts as empty."""


class Gate:
    """The counter of calls, made once before the workers are forked.

    A worker that dies releases the lock, because the lock is the file's.
    """

    def __init__(self, limit: int, *, folder: Path | None = None, now: Callable[[], float] = time.monotonic) -> None:
        """``limit``: calls per minute and system, at least 1. ``folder``: where the lock file is made."""
        self._limit = limit
        self._step = MINUTE / limit
        self._now = now
        self._file = tempfile.TemporaryFile(prefix="udb-rate-", dir=folder)  # noqa: SIM115 - lives as long as the process
        # Not mapped from the file: on a full disk the first touch of a page would end the process.
        self._memory = mmap.mmap(-1, _SLOT.size * _SLOTS)
        self._threads = threading.Lock()

    def take(self, system_id: str) -> None:
        """Count a call. Raises TooManyCalls for a call over the limit, which is not counted."""
        key = int.from_bytes(hashlib.blake2b(system_id.encode(), digest_size=8).digest(), "big")
        with self._alone():
            now = self._now()
            at, full = self._slot(key)
            after = max(full, now) + self._step
            if after - now <= MINUTE:
                _SLOT.pack_into(self._memory, at, key, after)
                return
        raise TooManyCalls(limit=self._limit, seconds=after - now - MINUTE)

    def close(self) -> None:
        """Release the memory and the file."""
        self._memory.close()
        self._file.close()

    def _slot(self, key: int) -> tuple[int, float]:
        """Return a system's slot and its value; a new system takes the slot that is full again first."""
        places = [(key + i) % _SLOTS * _SLOT.size for i in range(_TRIED)]
        found = {place: _SLOT.unpack_from(self._memory, place) for place in places}
        for place, (owner, full) in found.items():
            if owner == key:
                return place, full
        return min(places, key=lambda place: found[place][1]), 0.0

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # The file lock is held by the process, so the process's threads need a lock of their own.
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
