"""The event that tells that a youth has got an uddannelsespaalaeg, or has one no longer."""

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
    """``on``: whether the youth has one from ``day`` on. ``number``: drawn for it. It belongs to no forloeb."""
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
