"""What verification is given and what it returns."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from udb.domain.clock import system_time

CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""The most by which the clocks of the hosts may differ; the database's triggers know it too (migration 0007)."""
_WAITS: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Seal:
    """A block's number and hash, to be kept elsewhere."""

    nummer: int
    hash: str


@dataclass(frozen=True, slots=True)
class Terms:
    """By what the log is judged.

    ``aar``: UDB_LAESELOG_AAR. ``waits``: how long a row may wait for its block, and a block for its anchor; None: as
    long as they like, in a database that was just restored. ``now``: the time of the judgement.
    """

    aar: int
    waits: timedelta | None = None
    now: datetime = field(default_factory=system_time)


def terms(aar: int, forsegling: float) -> Terms:
    """Return the terms of a service that seals its rows every ``forsegling`` seconds."""
    return Terms(aar, waits(forsegling))


def waits(forsegling: float) -> timedelta:
    """Return how long a row may wait when rows are sealed every ``forsegling`` seconds."""
    return _WAITS + timedelta(seconds=forsegling)


@dataclass(slots=True)
class Verdict:
    """The result: one line for each fault, and how much was checked.

    ``notices``: what is no fault by itself, and should be known. ``removed``: how many blocks retention has emptied, by
    the years it kept them. ``anchored``: how many anchors were compared.
    """

    faults: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    blocks: int = 0
    removed: dict[int, int] = field(default_factory=dict)
    rows: int = 0
    waiting: int = 0
    anchored: int = 0
    last: Seal | None = None
