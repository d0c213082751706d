"""What is told of an afbrud and of the contact after it, and the rows that fetches, looks and reports would leave."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final

from udb.domain.haendelse import BESKAEFTIGELSE, KONTAKTTID, Haendelse
from udb.domain.identifiers import event_number
from udb.domain.services import KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID

LEFT: Final = 2
FIRST, LAST = event_number(1), event_number(10**12)
_operation: Final = count(1)


@dataclass(frozen=True)
class Fetch:
    """An institution has fetched an afbrud; ``earlier``: under the number it had before it was repeated."""

    by: str
    at: datetime
    earlier: bool = False


@dataclass(frozen=True)
class Contact:
    """A contact time, or an offer time, about an afbrud. ``stands``: not cancelled."""

    day: date
    kind: str = "Kontakttid"
    stands: bool = True
    earlier: bool = False


@dataclass(frozen=True)
class Mark:
    """A kommune's own mark that a course is broken off, with what followed."""

    day: date
    at: datetime
    by: str
    stands: bool = True
    fetched: Sequence[Fetch] = ()
    contacts: Sequence[Contact] = ()


@dataclass(frozen=True)
class Look:
    """A kommune was shown a youth. ``had``: a page of the feed, with the youth's afbrud or without; None: all of it."""

    by: str
    at: datetime
    had: bool | None = None


@dataclass(frozen=True)
class Work:
    """A change of employment; ``expired``: a correction has taken it back."""

    day: date
    degree: int
    expired: bool = False


def marked(mark: Mark, about: Haendelse, nummer: str) -> Haendelse:
    """Return the event of a mark about the forloeb of an event."""
    return about.but(
        nummer=nummer,
        plads=nummer,
        service=KOMMUNE_AKTIVITET,
        institution_nummer=mark.by,
        hovedinstitution=mark.by,
        haendelse_dato=mark.day,
        registreringstid=mark.at,
        status=LEFT,
        frafaldstruet_markering=None,
        ifoelge_kommunen="Afbrud",
        vedroerer_haendelse_nummer=about.nummer,
        annulleret=not mark.stands,
    )


def contact(one: Contact, afbrud: Haendelse, earlier: str | None, nummer: str) -> Haendelse:
    """Return the event of a contact time about an afbrud; ``earlier``: the number that it had before."""
    return Haendelse(
        nummer=nummer,
        plads=nummer,
        art=KONTAKTTID,
        cprnr=afbrud.cprnr,
        service=KONTAKT_TILBUDSTID,
        institution_nummer="281851",
        hovedinstitution="281851",
        haendelse_dato=one.day,
        registreringstid=afbrud.registreringstid + timedelta(days=1),
        kilde_leverandoer="LUDUS",
        annulleret=not one.stands,
        type=one.kind,
        afbrud_haendelse_nummer=earlier if one.earlier and earlier else afbrud.nummer,
    )


def fetches(told: Sequence[Fetch], nummer: str, earlier: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of fetches, each by a system of its own."""
    for at, one in enumerate(told):
        yield {
            "nummer": earlier if one.earlier and earlier else nummer, "modtager": one.by, "system_id": f"s{at}",
            "hentet_tid": one.at, "hentet_system": one.at,
        }  # fmt: skip


def look(person_id: int, one: Look, ahead: timedelta) -> dict[str, Any]:
    """Return the row of the read log; ``ahead``: how far the domain clock is ahead of the log's."""
    first, last = {None: (None, None), True: (FIRST, LAST), False: (FIRST, FIRST)}[one.had]
    return {
        # In UTC: a zone's own times are subtracted by the clock on the wall, an hour off when summer time has ended.
        "tid": one.at.astimezone(UTC) - ahead, "system_id": "s", "institution_nummer": one.by,
        "operation": "HentHaendelser", "correlation_id": f"{next(_operation):036}", "klausul": "A1",
        "personer": [person_id],
        "fra_nummer": first, "til_nummer": last,
    }  # fmt: skip


def work(one: Work, cprnr: str, nummer: str) -> Haendelse:
    """Return the event of a change of employment."""
    return Haendelse(
        nummer=nummer,
        plads=nummer,
        art=BESKAEFTIGELSE,
        cprnr=cprnr,
        service="",
        institution_nummer="",
        hovedinstitution="",
        haendelse_dato=one.day,
        registreringstid=datetime(2026, 12, 1).astimezone(),
        kilde_leverandoer="",
        beskaeftigelsesgrad=one.degree,
        udgaaet=one.expired,
    )
