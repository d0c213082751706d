"""C9: contact persons that the old system registered and that still hold (portal 3.31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, select

from udb.domain.clock import danish_date
from udb.domain.services import CONTACTS
from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.sides import Side
from udb.statistics.system_change.stock import ACCEPTED, Stock
from udb.store.contacts import INSTITUTION, KOMMUNE
from udb.store.tables import kontakt, modtagelse


@dataclass(frozen=True, slots=True)
class Standing:
    """A contact person that holds. ``side``: whose; None for neither's."""

    person_id: int
    registreret: date
    side: Side | None


def c9(stock: Stock, contacts: Sequence[Standing]) -> Result:
    """Return the contact persons of the old system that hold."""
    return Result(
        check=Check.C9,
        findings=tuple(
            Finding(f"Kontaktperson registreret {one.registreret:%d-%m-%Y}", one.person_id, dato=one.registreret)
            for one in contacts
            if one.side is Side.OLD
        ),
        computed=stock.today >= stock.day,
        ready=stock.until(-1),
    )


def standing(connection: Connection, stock: Stock) -> list[Standing]:
    """Return the contact persons that hold, the oldest first.

    One of before the change whose system is not known is the old system's.
    """
    registered = and_(
        modtagelse.c.person_id == kontakt.c.person_id,
        modtagelse.c.tid == kontakt.c.registreringstid,
        modtagelse.c.institution_nummer == kontakt.c.institution_nummer,
        modtagelse.c.service.in_(sorted(CONTACTS)),
        modtagelse.c.resultat == ACCEPTED,
    )
    query = (
        select(kontakt.c.person_id, kontakt.c.registreringstid, modtagelse.c.system_id)
        .select_from(kontakt.outerjoin(modtagelse, registered))
        .where(
            kontakt.c.institution_nummer.in_(stock.places),
            kontakt.c.art == (KOMMUNE if stock.is_kommune else INSTITUTION),
        )
        .distinct()
        .order_by(kontakt.c.registreringstid, kontakt.c.person_id)
    )
    found = []
    for person_id, at, system_id in connection.execute(query):
        day = danish_date(at)
        side = stock.sides.of(system_id, None, day)
        if system_id is None and day < stock.day:
            side = Side.OLD
        found.append(Standing(person_id, day, side))
    return found
