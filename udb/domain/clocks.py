"""Judge this host's clock by the database's clock and by what the register has on record.

A wrong clock draws numbers that never go back, ends subscriptions, seals blocks and deletes what no backup restores. So
before any of that the clock is judged; ``udb.store.clocks`` reads what it is judged by.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

MINUTES: Final = 5
"""The most by which two clocks may differ, in minutes, unless UDB_UR_MINUTTER says otherwise."""
SILENT_WHILE_SERVED: Final = timedelta(days=1)
"""The longest that a register has nothing newer on record while it is served: the service notes the time every hour.
Calls, jobs and deletions are refused after it.
"""
SILENT_WHILE_STOPPED: Final = timedelta(days=31)
"""The longest that a service is stopped before its start or an import asks for a confirmation of the clock. A sandbox
may be stopped for any time.
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A moment that the register has on record. ``what``: its name in a message; ``at``: an instant with offset."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of one moment.

    ``host``: system time of this host. ``database``: the database's own; None: it is the host's (SQLite). ``seen``:
    what the register has on record by system time. ``sandbox``: the domain clock can be set; then numbers are not among
    it.
    """

    host: datetime
    database: datetime | None
    seen: Collection[Seen]
    sandbox: bool = False

    @property
    def skew(self) -> timedelta:
        """How much the host is ahead of the database; negative: behind."""
        return timedelta(0) if self.database is None else self.host - self.database


def disagreement(clocks: Clocks, *, limit: timedelta, silence: timedelta) -> str | None:
    """Return why a host's clock cannot be trusted and what to do, in one line; None when it can.

    ``limit``: the most by which it may differ from the database's clock, and be behind what is on record. ``silence``:
    the longest that it may be ahead of all that is on record, SILENT_WHILE_SERVED or SILENT_WHILE_STOPPED.
    """
    if clocks.database is not None and abs(clocks.skew) > limit:
        return (
            f"This host's clock ({_shown(clocks.host)}) is {_apart(clocks.skew)} the database's "
            f"({_shown(clocks.database)}). Set both hosts' clocks (NTP)."
        )
    if not clocks.seen:
        return None
    latest = max(clocks.seen, key=lambda one: one.at)
    ahead = clocks.host - latest.at
    rests = clocks.sandbox and silence == SILENT_WHILE_STOPPED
    if ahead < -limit or (ahead > silence and not rests):
        return (
            f"This host's clock ({_shown(clocks.host)}) is {_apart(ahead)} {latest.what} ({_shown(latest.at)}). "
            "Set the clock; if it is right: udb clock accept"
        )
    return None


def _shown(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M}Z"


_UNITS: Final = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def _apart(ahead: timedelta) -> str:
    apart = abs(ahead)
    unit, one = next((unit for unit in _UNITS if apart >= unit[1]), ("second", timedelta(seconds=1)))
    count = apart // one
    return f"{count} {unit}{'' if count == 1 else 's'} {'behind' if ahead < timedelta(0) else 'ahead of'}"
