"""The verdict on a sender: an institution and a service, over all its systems (docs/spec/ground.md, Senders)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from udb.domain.clock import add_years


class Verdict(StrEnum):
    """A verdict, in the order in which they are tried."""

    NY = "ny"
    TAVS = "tavs"
    FALD = "fald"
    AFVIST_MEGET = "afvist_meget"
    FOR_LILLE_GRUNDLAG = "for_lille_grundlag"
    NORMAL = "normal"


class Days(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date


WINDOW: Final = 30
LONG_SILENCE: Final = 45
NEW: Final = 60
MANY_OPEN: Final = 10
LEAST_BASE: Final = 5
FALL_BASE: Final = 20
FALL_SHARE: Final = 4
"""A fall is less than one in so many of the base."""
MANY_REFUSED: Final = 10
REFUSED_SHARE: Final = 10
"""Much is refused when it is at least one in so many."""


def until_yesterday(today: date, days: int) -> Days:
    """Return the days up to yesterday, so many."""
    return Days(today - timedelta(days=days), today - timedelta(days=1))


def year_before(days: Days) -> Days:
    """Return the same days a year before."""
    return Days(add_years(days.first, -1), add_years(days.last, -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The reports of a sender, without repetitions and trials.

    ``first``, ``last``: the days of the first and last accepted one. ``accepted``, ``refused``: in the 30 days up to
    yesterday. ``base``: accepted in the same days a year before; ``base_long``: in the same 45 days. ``open_forloeb``:
    how many are open there.
    """

    first: date | None
    last: date | None
    accepted: int = 0
    refused: int = 0
    base: int = 0
    base_long: int = 0
    open_forloeb: int = 0


def verdict(counts: Counts, today: date) -> Verdict:
    """Return the verdict on a day; the first that holds.

    ``tavs`` ends with the first accepted report, also one of today.
    """
    if counts.first is not None and today - counts.first < timedelta(days=NEW):
        return Verdict.NY
    if _silent(counts, today):
        return Verdict.TAVS
    if counts.base >= FALL_BASE and counts.accepted * FALL_SHARE < counts.base:
        return Verdict.FALD
    if counts.refused >= MANY_REFUSED and counts.refused * REFUSED_SHARE >= counts.accepted + counts.refused:
        return Verdict.AFVIST_MEGET
    return Verdict.FOR_LILLE_GRUNDLAG if counts.base < LEAST_BASE else Verdict.NORMAL


def _silent(counts: Counts, today: date) -> bool:
    if not _nothing_in(counts, until_yesterday(today, WINDOW)):
        return False
    if counts.base >= LEAST_BASE:
        return True
    # July is no alarm where it was as silent the year before.
    known_then = counts.first is not None and counts.first <= year_before(until_yesterday(today, LONG_SILENCE)).last
    return (
        _nothing_in(counts, until_yesterday(today, LONG_SILENCE))
        and counts.open_forloeb >= MANY_OPEN
        and (not known_then or counts.base_long >= 1)
    )


def _nothing_in(counts: Counts, days: Days) -> bool:
    return counts.last is None or counts.last < days.first
