"""C1: an optag that the new system sent again with another date (V 1.1 forbids it; portal 3.31)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from udb.domain.haendelse import OPTAGET, Haendelse
from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.sides import Side
from udb.statistics.system_change.stock import AROUND, Held, Stock

ALREADY_THERE: Final = "5002"
"""The rule that refuses the same optag with the same date."""
AFTER: Final = 30
"""Days after the change in which its refusals are counted."""
_COURSE: Final = ("speciale", "skoleperiode", "elev_trin", "klasse_trin", "klasse_type", "klasse_navn")
"""What a new Status 1 may change (V 1.2); an absent one changes nothing."""


def c1(stock: Stock) -> Result:
    """Return the optag that the new system sent into a forløb that the old one opened, with another date."""
    found = tuple(
        Finding(
            f"Optag {event.haendelse_dato:%d-%m-%Y} i et forløb, som begyndte {began.haendelse_dato:%d-%m-%Y}",
            held.person_id,
            event.nummer,
            event.haendelse_dato,
        )
        for held in stock.held
        if (began := held.forloeb.first) is not None and held.side(began) is Side.OLD
        for event in _again(held, began)
    )
    first, last = stock.day - timedelta(days=AROUND), stock.day + timedelta(days=AFTER)
    refused = sum(
        one.side is Side.NEW and not one.accepted and ALREADY_THERE in one.koder and first <= one.day <= last
        for one in stock.judged
    )
    return Result(
        check=Check.C1,
        findings=found,
        beside=f"{refused} blev afvist med {ALREADY_THERE}",
        computed=stock.today >= stock.day,
        ready=stock.until(AROUND),
        lower_bound=stock.lower_bound,
    )


def _again(held: Held, began: Haendelse) -> Iterator[Haendelse]:
    known = {name: getattr(began, name) for name in _COURSE}
    for event in _optag(held.forloeb.events):
        changed = {name: value for name in _COURSE if (value := getattr(event, name)) not in {None, known[name]}}
        if not changed and held.side(event) is Side.NEW and event.haendelse_dato != began.haendelse_dato:
            yield event
        known |= changed


def _optag(events: Iterable[Haendelse]) -> Iterator[Haendelse]:
    return (event for event in events if event.status == OPTAGET and not event.risk)
