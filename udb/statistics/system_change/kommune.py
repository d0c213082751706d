"""What a kommune has from its old system beside its activities: wishes and marks (portal 3.31)."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, not_, or_, select

from udb.domain.clock import danish_date
from udb.domain.services import ONSKER
from udb.statistics.system_change.sides import Side
from udb.statistics.system_change.stock import ACCEPTED, Stock
from udb.store.tables import haendelse, modtagelse, onske


@dataclass(frozen=True, slots=True)
class FromOld:
    """How many youths have wishes, and how many marks there are, from the old system."""

    oensker: int
    markeringer: int


def from_old(connection: Connection, stock: Stock) -> FromOld:
    """Return what the old system registered and what still holds.

    Wishes of before the change whose system is not known are the old system's.
    """
    registered = and_(
        modtagelse.c.person_id == onske.c.person_id,
        modtagelse.c.tid == onske.c.registreringstid,
        modtagelse.c.institution_nummer == onske.c.institution_nummer,
        modtagelse.c.service == ONSKER,
        modtagelse.c.resultat == ACCEPTED,
    )
    query = (
        select(onske.c.person_id, onske.c.registreringstid, modtagelse.c.system_id)
        .select_from(onske.outerjoin(modtagelse, registered))
        .where(onske.c.institution_nummer.in_(stock.places))
    )
    youths = set()
    for person_id, at, system_id in connection.execute(query):
        day = danish_date(at)
        is_unknown = system_id is None and day < stock.day
        if is_unknown or stock.sides.of(system_id, None, day) is Side.OLD:
            youths.add(person_id)
    return FromOld(len(youths), _marks(connection, stock))


def _marks(connection: Connection, stock: Stock) -> int:
    query = select(haendelse.c.system_id, haendelse.c.kilde_leverandoer, haendelse.c.registreringstid).where(
        haendelse.c.institution_nummer.in_(stock.places),
        haendelse.c.ifoelge_kommunen.is_not(None),
        not_(or_(haendelse.c.annullering, haendelse.c.annulleret, haendelse.c.gentaget)),
    )
    return sum(
        stock.sides.of(system_id, kilde, danish_date(at)) is Side.OLD
        for system_id, kilde, at in connection.execute(query)
    )
