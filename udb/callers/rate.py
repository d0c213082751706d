"""How often a system may call: one bucket a system, shared by all workers of a host without asking the database.

A bucket holds a minute's calls and fills evenly; whoever stays below the limit in every minute is never refused. What
is kept of a system is one number, the instant at which its bucket is full again (the generic cell rate algorithm), in
memory that the workers have in common. Every host counts for itself (docs/drift.md).
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
"""How many slots a system may be in. A slot whose bucket is full again is as good as empty."""


class Gate:
    """Made once before the workers are forked. A worker that dies holding the lock loses it: the lock is the file's."""

    def __init__(self, limit: int, *, folder: Path | None = None, now: Callable[[], float] = time.monotonic) -> None:
        """``limit``: calls a minute and system, at least 1. ``folder``: of the file that is the lock."""
        self._limit = limit
        self._step = MINUTE / limit
        self._now = now
        self._file = tempfile.TemporaryFile(prefix="udb-rate-", dir=folder)  # noqa: SIM115 - lives as long as the process
        # Not the file's: on a disk that is full, the first touch of a page of it would end the process.
        self._memory = mmap.mmap(-1, _SLOT.size * _SLOTS)
        self._threads = threading.Lock()

    def take(self, system_id: str) -> None:
        """Count a call. Raises TooManyCalls, and then it does not count."""
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
        """Give the memory back."""
        self._memory.close()
        self._file.close()

    def _slot(self, key: int) -> tuple[int, float]:
        """Where a system's slot is, and what stands in it; a new one takes the slot that is full again first."""
        places = [(key + i) % _SLOTS * _SLOT.size for i in range(_TRIED)]
        found = {place: _SLOT.unpack_from(self._memory, place) for place in places}
        for place, (owner, full) in found.items():
            if owner == key:
                return place, full
        return min(places, key=lambda place: found[place][1]), 0.0

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # The file's lock is the process's: its threads keep each other out themselves.
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
