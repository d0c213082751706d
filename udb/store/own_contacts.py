"""The youths' own mail and telephone, by the register that has them (V 5.1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from udb.store.tables import egen_kontakt, person

CPR: Final = "CPR"
KMD_ELEV: Final = "KMD Elev"
"""Where a youth's own contact comes from (KontaktKilde)."""


@dataclass(frozen=True, slots=True)
class OwnContact:
    """A youth's own mail and telephone, as one register has them."""

    mail: str | None
    telefon: str | None
    kilde: str
    registreret: datetime


def newest(connection: Connection, person_id: int) -> OwnContact | None:
    """Return the own contact of a youth that was registered last; of two of one instant, KMD Elev's.

    A register that has neither mail nor telephone takes nothing from what another has.
    """
    own = select(person.c.mail, person.c.telefon, person.c.kontakt_registreret).where(person.c.id == person_id)
    registered = own.where(person.c.kontakt_registreret.is_not(None))
    found = [OwnContact(row.mail, row.telefon, CPR, row.kontakt_registreret) for row in connection.execute(registered)]
    columns = (egen_kontakt.c[name] for name in OwnContact.__slots__)
    others = connection.execute(select(*columns).where(egen_kontakt.c.person_id == person_id))
    found += [OwnContact(*row) for row in others]
    given = (one for one in found if one.mail or one.telefon)
    return max(given, key=lambda one: (one.registreret, one.kilde), default=None)
