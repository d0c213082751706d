"""A wrong clock of this host: system time of this process alone, moved."""

import sys
from datetime import datetime, timedelta, tzinfo
from typing import Self

import pytest

from udb.domain import clock


def moved(ahead: timedelta) -> type[datetime]:
    """Return a clock that is so much ahead (negative: behind) of this host's."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            found = datetime.now(tz) + ahead
            return cls.combine(found.date(), found.timetz())

    return Moved


def move(monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    """Let system time be so much ahead, until the monkeypatch is undone."""
    monkeypatch.setattr(clock, "datetime", moved(ahead))


def command(ahead: timedelta, *arguments: str) -> list[str]:
    """Return the command line of ``udb`` in a process whose clock is so much ahead."""
    program = (
        f"from tests.support import clock; clock.clock.datetime = clock.moved(clock.timedelta(seconds="
        f"{ahead.total_seconds()})); from udb.cli import main; main()"
    )
    return [sys.executable, "-c", program, *arguments]


def years(count: int) -> timedelta:
    """Return about so many years."""
    return timedelta(days=365 * count)
