"""C7: the number of open forløb of a code has changed over the change (portal 3.31)."""

from collections import Counter
from datetime import date, timedelta
from typing import Final

from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.stock import AROUND, Stock

LEAST: Final = 3
_LOW, _HIGH = 95, 105
"""Percent."""


def c7(stock: Stock) -> Result:
    """Return the codes with another number of open forløb on the 14th day after the change than on the day before."""
    last = stock.day + timedelta(days=AROUND)
    computed = stock.until(AROUND) is None
    before, after = (open_on(stock, day) for day in (stock.day - timedelta(days=1), last))
    return Result(
        check=Check.C7,
        findings=tuple(
            Finding(f"Kode {kode}: {before[kode]} åbne før, {after[kode]} efter")
            for kode in sorted(before.keys() | after.keys())
            if computed and is_break(before[kode], after[kode])
        ),
        computed=computed,
        ready=stock.until(AROUND),
    )


def open_on(stock: Stock, day: date) -> Counter[str]:
    """Return how many forløb are open on a day, by code."""
    return Counter(held.forloeb.key.kode for held in stock.held if held.is_open_on(day))


def is_break(before: int, after: int) -> bool:
    """Return whether the numbers differ by three or more, and by more than five percent of the first."""
    return abs(after - before) >= LEAST and not _LOW * before <= 100 * after <= _HIGH * before
