"""A wrong clock of this host: system time of this process alone, moved."""

from datetime import datetime, timedelta, tzinfo
from typing import Self

import pytest

from udb.domain import clock


def move(monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    """Let system time be so much ahead (negative: behind), until the monkeypatch is undone."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            found = datetime.now(tz) + ahead
            return cls.combine(found.date(), found.timetz())

    monkeypatch.setattr(clock, "datetime", Moved)


def years(count: int) -> timedelta:
    """Return about so many years."""
    return timedelta(days=365 * count)
