"""C6: both systems report after the change (portal 3.31)."""

from datetime import timedelta
from typing import Final

from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.sides import Side
from udb.statistics.system_change.stock import AROUND, Stock

GRACE: Final = timedelta(days=3)


def c6(stock: Stock) -> Result:
    """Return the old system's accepted reports of more than three days after the change, if the new one has such too.

    Those of the 90 days after it.
    """
    late = [one for one in stock.judged if one.accepted and one.day > stock.day + GRACE]
    both = {one.side for one in late} >= set(Side)
    return Result(
        check=Check.C6,
        findings=tuple(
            Finding("Indberettet af det gamle system efter skiftet", one.person_id, one.nummer, one.day)
            for one in late
            if both and one.side is Side.OLD
        ),
        computed=stock.today >= stock.day,
        ready=stock.until(AROUND),
        lower_bound=stock.lower_bound,
    )
