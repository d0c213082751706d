"""The gennemført that complete nothing for A6, because they are in doubt (``udb.domain.completion.in_doubt``)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, not_, select

from udb.store.tables import haendelse


@dataclass(frozen=True, slots=True)
class Doubted:
    """One such report. ``fuldfoerer``: what its code completes."""

    nummer: str
    institution_nummer: str
    kilde_leverandoer: str
    haendelse_dato: date
    registreringstid: datetime
    kode: str
    fuldfoerer: str


def doubted(connection: Connection) -> list[Doubted]:
    """Return every gennemført in doubt that is neither cancelled nor repeated, by number."""
    columns = (haendelse.c[name] for name in Doubted.__dataclass_fields__)
    # What is cancelled or repeated has no ``fuldfoerer``.
    query = select(*columns).where(haendelse.c.fuldfoerer.is_not(None), not_(haendelse.c.i_fuldfoert))
    return [Doubted(*row) for row in connection.execute(query.order_by(haendelse.c.nummer))]
