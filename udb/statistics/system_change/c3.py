"""C3: an open forløb that the new system knows nothing of, 30 days after the change (portal 3.31)."""

from collections.abc import Collection
from typing import Final

from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.sides import Side
from udb.statistics.system_change.stock import Held, Stock

AFTER: Final = 30
"""Days."""


def c3(stock: Stock, listed: Collection[tuple[str, str]] = ()) -> Result:
    """Return the open forløb whose last event is the old system's, and that have none of the new one's.

    ``listed``: CPR numbers and codes of a list of the institution's own, in which it has the forløb; an empty code
    names all of the youth's.
    """
    computed = stock.until(AFTER) is None
    found = [held for held in stock.held if computed and _is_orphan(held, stock) and not _is_in(held, listed)]
    return Result(
        check=Check.C3,
        findings=tuple(
            Finding(
                f"Åbent forløb {held.forloeb.key.kode}, seneste hændelse fra det gamle system",
                held.person_id,
                held.forloeb.events[-1].nummer,
                held.forloeb.dato_optag,
            )
            for held in found
        ),
        computed=computed,
        ready=stock.until(AFTER),
    )


def _is_orphan(held: Held, stock: Stock) -> bool:
    senders = [held.side(event) for event in held.forloeb.events]
    return held.is_open_on(stock.today) and senders[-1] is Side.OLD and Side.NEW not in senders


def _is_in(held: Held, listed: Collection[tuple[str, str]]) -> bool:
    numbers = {event.cprnr for event in held.forloeb.events}
    return any((number, code) in listed for number in numbers for code in ("", held.forloeb.key.kode))
