"""The event that begins or ends a youth's uddannelsespaalaeg."""

from datetime import date, datetime

from udb.domain.haendelse import PAALAEG, Haendelse
from udb.domain.identifiers import event_number
from udb.domain.services import JOBCENTER


def paalaeg_event(
    *,
    on: bool,
    number: int,
    day: date,
    now: datetime,
    cprnr: str,
    institution_nummer: str,
    kilde_leverandoer: str,
) -> Haendelse:
    """Return the event. It belongs to no forloeb.

    ``on``: whether the youth has a paalaeg from ``day`` on. ``number``: drawn for the event.
    """
    nummer = event_number(number)
    return Haendelse(
        nummer=nummer,
        plads=nummer,
        art=PAALAEG,
        cprnr=cprnr,
        service=JOBCENTER,
        institution_nummer=institution_nummer,
        hovedinstitution=institution_nummer,
        haendelse_dato=day,
        registreringstid=now,
        kilde_leverandoer=kilde_leverandoer,
        har_uddannelsespaalaeg=on,
    )
