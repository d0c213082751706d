"""Contacts and wishes (contract 5.1): only the home kommune receives them, and only in the look-up (A8)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from udb.access.clauses import Recipient, home_youths
from udb.domain.clock import midnight
from udb.domain.contacts import (
    InstitutionKontakt,
    JobOnske,
    Kontakt,
    KontaktJobOgUddannelsesonsker,
    UddannelsesOnske,
    UngKontakt,
    YouthContacts,
)
from udb.store.contacts import INSTITUTION, JOB, JOBCENTER, KOMMUNE, UDDANNELSE, Contact, Wish, contacts, wishes
from udb.store.own_contacts import OwnContact, newest
from udb.store.tables import person


def youth_contacts(connection: Connection, caller: Recipient, person_id: int) -> YouthContacts:
    """A8: return all contacts and wishes of a youth to the home kommune, and none to any other caller.

    The home kommune's own entry comes first.
    """
    at_home = select(person.c.id).where(person.c.id == person_id, home_youths(caller))
    if connection.execute(at_home).first() is None:
        return YouthContacts()
    home = caller.institution_nummer
    known, wanted = contacts(connection, person_id), wishes(connection, person_id)
    of_kommuner = {contact.institution_nummer: contact for contact in known if contact.art == KOMMUNE}
    registrars = {*of_kommuner, *(wish.institution_nummer for wish in wanted)}
    return YouthContacts(
        kontakt_job_og_uddannelsesonsker=tuple(
            _kommune(nummer, of_kommuner.get(nummer), wanted)
            for nummer in sorted(registrars, key=lambda nummer: (nummer != home, nummer))
        ),
        jobcenter_kontakt=_of_job_centre(known),
        institution_kontakt=tuple(
            InstitutionKontakt(contact.institution_nummer, *_shape(contact))
            for contact in known
            if contact.art == INSTITUTION
        ),
        ung_kontakt=_own(newest(connection, person_id)),
    )


def _own(own: OwnContact | None) -> UngKontakt | None:
    return None if own is None else UngKontakt(own.mail, own.telefon, own.kilde, _day(own.registreret))


def jobcenter_kontakt(connection: Connection, person_id: int) -> Kontakt | None:
    """Return the job centre's contact person for a youth."""
    return _of_job_centre(contacts(connection, person_id))


def _of_job_centre(known: Iterable[Contact]) -> Kontakt | None:
    """Return the job centre's contact registered last: two merged persons may each have had one."""
    own = (contact for contact in known if contact.art == JOBCENTER)
    found = max(own, key=lambda contact: contact.registreringstid, default=None)
    return Kontakt(*_shape(found)) if found else None


def _kommune(nummer: str, contact: Contact | None, wanted: Iterable[Wish]) -> KontaktJobOgUddannelsesonsker:
    own = [wish for wish in wanted if wish.institution_nummer == nummer]
    return KontaktJobOgUddannelsesonsker(
        kommune_institution_nummer=nummer,
        kommune_kontakt=Kontakt(*_shape(contact)) if contact else None,
        job_onsker=tuple(JobOnske(wish.tekst, _day(wish.registreringstid)) for wish in own if wish.art == JOB),
        uddannelses_onsker=tuple(
            UddannelsesOnske(wish.tekst, _day(wish.registreringstid)) for wish in own if wish.art == UDDANNELSE
        ),
    )


def _shape(contact: Contact) -> tuple[str, str | None, str | None, datetime]:
    return contact.navn, contact.mail, contact.telefon, _day(contact.registreringstid)


def _day(registered: datetime) -> datetime:
    return midnight(registered.date())
