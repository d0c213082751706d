"""C4: many more forløb end around the change than in the same days of other years (portal 3.31)."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.stock import AROUND, Stock

TIMES: Final = 3
LEAST: Final = 10


def c4(stock: Stock) -> Result:
    """Return one finding when there is a wave of ends."""
    now, *before = stock.ends
    years = ", ".join(map(str, before))
    found = Finding(f"{now} forløb sluttede inden for 14 dage af skiftet; i de tre år før: {years}")
    return Result(
        check=Check.C4,
        findings=(found,) if is_wave(now, before) else (),
        beside=f"{now} forløb sluttede; i de tre år før: {years}",
        computed=stock.today >= stock.day,
        ready=stock.until(AROUND),
    )


def is_wave(now: int, before: Sequence[int]) -> bool:
    """Return whether ``now`` is at least ten, and more than three times the median of the years before."""
    return now >= LEAST and now > TIMES * median(before)
