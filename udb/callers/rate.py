"""The limits on a system's calls, and on refused reports that reveal who exists: one bucket per system and limit,
shared by all workers of a host without a query.

A bucket holds a minute's calls, or a day's refused reports, and fills evenly; a system that stays below the limit in
every minute, or day, is never refused.
Of each system one number is kept, the instant at which its bucket is full again (the generic cell rate algorithm), in
memory that the workers share. Every host counts for itself (docs/drift.md).
"""

import hashlib
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from udb.domain.errors import TooManyCalls, TooManyRefused
from udb.store.host_memory import HostMemory

MINUTE: Final = 60.0
DAY: Final = 24 * 60 * MINUTE
_SLOT: Final = struct.Struct("=Qd")
"""A system's fingerprint, and when its bucket is full again (monotonic seconds)."""
_SLOTS: Final = 4096
_ROUNDING: Final = 1e-3
"""Seconds: less than any step; a sum of steps may be above its window by the rounding of its parts."""
_TRIED: Final = 16
"""How many slots a system may be in. A slot whose bucket is full again counts as empty."""


class Gate:
    """The counter of one limit, made once before the workers are forked."""

    def __init__(
        self,
        limit: int,
        *,
        window: float = MINUTE,
        folder: Path | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """``limit``: how many per system and ``window`` (seconds), at least 1. ``folder``: where the lock file is."""
        self.limit: Final = limit
        self._window = window
        self._step = window / limit
        self._now = now
        self._shared = HostMemory(_SLOT.size * _SLOTS, folder)

    def take(self, system_id: str) -> None:
        """Count a call. Raises TooManyCalls for a call over the limit, which is not counted."""
        key = _key(system_id)
        with self._shared.alone():
            now = self._now()
            at, full = self._slot(key)
            after = max(full, now) + self._step
            if after - now <= self._window:
                _SLOT.pack_into(self._shared.memory, at, key, after)
                return
        raise TooManyCalls(limit=self.limit, seconds=after - now - self._window)

    def require_room(self, system_id: str) -> None:
        """Raise TooManyRefused if the next one would be over the limit; count nothing."""
        left = self._left(system_id)
        if left < -_ROUNDING:
            raise TooManyRefused(limit=self.limit, seconds=-left)

    def note(self, system_id: str) -> bool:
        """Count one, also over the limit; return whether no room is left after it."""
        key = _key(system_id)
        with self._shared.alone():
            now = self._now()
            at, full = self._slot(key)
            after = max(full, now) + self._step
            _SLOT.pack_into(self._shared.memory, at, key, after)
        return after + self._step - now > self._window + _ROUNDING

    def _left(self, system_id: str) -> float:
        """Return the seconds of the bucket that would be left after another one; below 0: how long to wait for it."""
        with self._shared.alone():
            now = self._now()
            _, full = self._slot(_key(system_id))
        return self._window - (max(full, now) + self._step - now)

    def close(self) -> None:
        """Release the memory and the file."""
        self._shared.close()

    def _slot(self, key: int) -> tuple[int, float]:
        """Return a system's slot and its value; a new system takes the slot that is full again first."""
        places = [(key + i) % _SLOTS * _SLOT.size for i in range(_TRIED)]
        found = {place: _SLOT.unpack_from(self._shared.memory, place) for place in places}
        for place, (owner, full) in found.items():
            if owner == key:
                return place, full
        return min(places, key=lambda place: found[place][1]), 0.0


def _key(system_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(system_id.encode(), digest_size=8).digest(), "big")
