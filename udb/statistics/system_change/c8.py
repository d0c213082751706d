"""C8: the new system has no dataaftale for what the old one reported (portal 3.31)."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, select

from udb.domain.clock import midnight
from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.sides import Side
from udb.statistics.system_change.stock import ACCEPTED, TRIAL, Stock
from udb.store.tables import haendelse, modtagelse

YEAR: Final = timedelta(days=365)


def c8(used: Collection[tuple[str, str]], agreed: Mapping[str, Collection[str]]) -> Result:
    """Return the services that the old system used at an institution and for which the new one is not approved.

    ``used``: services and institutions; ``agreed``: the new system's services by institution.
    """
    lacking = sorted(one for one in used if one[0] not in agreed.get(one[1], ()))
    return Result(
        check=Check.C8,
        findings=tuple(Finding(f"{service} for {nummer}") for service, nummer in lacking),
    )


def used_by_old(connection: Connection, stock: Stock) -> set[tuple[str, str]]:
    """Return the services that the old system used in the 365 days up to the change, or up to today if that is first,
    each with the institution.
    """
    last = min(stock.day, stock.today)
    query = (
        select(
            modtagelse.c.service, modtagelse.c.institution_nummer, modtagelse.c.system_id, haendelse.c.kilde_leverandoer
        )
        .select_from(modtagelse.outerjoin(haendelse, haendelse.c.nummer == modtagelse.c.nummer))
        .where(
            modtagelse.c.institution_nummer.in_(stock.places),
            modtagelse.c.resultat == ACCEPTED,
            modtagelse.c.slags != TRIAL,
            modtagelse.c.tid >= midnight(last - YEAR),
            modtagelse.c.tid < midnight(last + timedelta(days=1)),
        )
        .distinct()
    )
    rows = connection.execute(query)
    found = {(row[0], row[1]) for row in rows if stock.sides.of(row[2], row[3], _before(stock)) is Side.OLD}
    return found | {
        (event.service, event.institution_nummer)
        for held in stock.held
        for event in held.forloeb.events
        if held.side(event) is Side.OLD and last - YEAR <= event.registreringstid.date() <= last
    }


def _before(stock: Stock) -> date:
    return stock.day - timedelta(days=1)
