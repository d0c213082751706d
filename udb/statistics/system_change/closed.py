"""Point 3: ended forløb that the old system alone has reported, to be put right before it closes (portal 3.31)."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, not_, or_, select

from udb.domain.clock import danish_date
from udb.domain.haendelse import OPTAGET
from udb.statistics.system_change.announced import Change
from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.sides import Side
from udb.statistics.system_change.stock import Stock, own_events
from udb.store.tables import haendelse

FETCHED: Final = "hentet"
"""The tick that the file of numbers was fetched."""


def closed(connection: Connection, stock: Stock) -> Result:
    """Return the ended forløb of the old system that ended since the file of numbers was last fetched.

    All of them as long as it was not.
    """
    fetched = last_fetched(stock.change)
    forloeb: dict[str, list[Any]] = {}
    for row in connection.execute(_rows(stock)):
        forloeb.setdefault(row.forloeb_id, []).append(row)
    ended = [(events, end) for events in forloeb.values() if (end := _end(events)) and _is_old(stock, events)]
    found = tuple(
        Finding(f"Forløb {end.kode}, slut {end.haendelse_dato:%d-%m-%Y}", end.person_id, end.nummer, end.haendelse_dato)
        for _, end in ended
        if fetched is None or end.registreringstid > fetched
    )
    return Result(check=Check.LUKKEDE, findings=found, beside=f"{len(ended)} afsluttede forløb i alt")


def last_fetched(change: Change) -> datetime | None:
    """Return when the file of numbers was last fetched; None when it never was."""
    return max((tick.tid for tick in change.ticks if tick.tilstand == FETCHED), default=None)


def _rows(stock: Stock) -> Any:
    names = ("person_id", "forloeb_id", "nummer", "kode", "status", "haendelse_dato", "registreringstid")
    columns = [haendelse.c[name] for name in (*names, "system_id", "kilde_leverandoer", "aabent_hos")]
    return (
        select(*columns)
        .where(
            own_events(stock.change, stock.places),
            haendelse.c.forloeb_id.is_not(None),
            not_(or_(haendelse.c.annulleret, haendelse.c.gentaget)),
        )
        .order_by(haendelse.c.nummer)
    )


def _end(events: list[Any]) -> Any:
    """Return the event that ended a forløb; None while it is open."""
    if any(event.aabent_hos is not None for event in events):
        return None
    return next((event for event in reversed(events) if event.status != OPTAGET), None)


def _is_old(stock: Stock, events: list[Any]) -> bool:
    return all(
        stock.sides.of(event.system_id, event.kilde_leverandoer, danish_date(event.registreringstid)) is Side.OLD
        for event in events
    )
