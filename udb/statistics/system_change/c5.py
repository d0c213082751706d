"""C5: for more than five working days neither system had a report accepted (portal 3.31)."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from udb.statistics.definitions.working_days import is_working_day, working_days_between
from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.sides import Side
from udb.statistics.system_change.stock import AROUND, Stock

MOST: Final = 5


def c5(stock: Stock) -> Result:
    """Return the longest gap between the old system's last report before the new one began, and the new one's first.

    Without a report of the new one it goes on to today; without one of the old one there is none.
    """
    days = [one.day for one in stock.judged if one.accepted]
    first = min((one.day for one in stock.judged if one.accepted and one.side is Side.NEW), default=None)
    until = first or stock.today
    last = max(
        (one.day for one in stock.judged if one.accepted and one.side is Side.OLD and one.day <= until), default=None
    )
    gap = longest_gap([*(day for day in days if last <= day <= until), until]) if last is not None else None
    found: tuple[Finding, ...] = ()
    if gap is not None and gap[2] > MOST:
        begins, ends, count = gap
        found = (
            Finding(
                f"{count} arbejdsdage uden en accepteret indberetning, mellem {begins:%d-%m-%Y} og {ends:%d-%m-%Y}",
                dato=begins,
            ),
        )
    return Result(
        check=Check.C5,
        findings=found,
        beside="" if first else "Det nye system har ikke indberettet endnu",
        computed=stock.today >= stock.day,
        ready=stock.until(AROUND),
        lower_bound=stock.lower_bound,
    )


def longest_gap(days: Sequence[date]) -> tuple[date, date, int] | None:
    """Return the two days of a sequence, in order, that have the most working days between them, and how many."""
    in_order = sorted(set(days))
    gaps = [
        (first, second, working_days_between(first, second) - is_working_day(second))
        for first, second in pairwise(in_order)
    ]
    return max(gaps, key=lambda gap: gap[2], default=None)
