"""Reports that make no event, contact persons and wishes: the latest holds until it is changed or deleted."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from udb.domain.haendelse import RET, Indberetning
from udb.domain.persons import Institution, Person
from udb.domain.services import INSTITUTION_KONTAKT, JOBCENTER, KONTAKTPERSON, ONSKER
from udb.paalaeg.report import register_contact
from udb.store import contacts

REGISTERING: Final = frozenset({KONTAKTPERSON, ONSKER, INSTITUTION_KONTAKT})
"""The services whose reports are registered without an event."""


def makes_no_event(report: Indberetning) -> bool:
    """Return whether an accepted report makes no event; a job centre's ``Ret`` only changes its contact person."""
    return report.service in REGISTERING or (report.handling == RET and not report.annullering)


_ART: Final = {KONTAKTPERSON: contacts.KOMMUNE, INSTITUTION_KONTAKT: contacts.INSTITUTION}
_SLET_ARTS: Final = {
    "Job": {contacts.JOB},
    "Uddannelse": {contacts.UDDANNELSE},
    "Begge": {contacts.JOB, contacts.UDDANNELSE},
}


def has_registered(connection: Connection, report: Indberetning, person: Person) -> bool:
    """Return whether the caller has registered about the youth what the report's service registers."""
    if report.service == ONSKER:
        return contacts.has_wish(connection, person.id, report.institution_nummer)
    return contacts.has_contact(connection, person.id, report.institution_nummer, _ART[report.service])


def register(
    connection: Connection, report: Indberetning, person: Person, institution: Institution, now: datetime
) -> None:
    """Carry out an accepted report. ``now``: the registration time.

    A deletion removes what the caller registered; the home kommune also deletes what an earlier one registered
    (rules.md).
    """
    if report.service == JOBCENTER:
        register_contact(connection, report, person, now)
        return
    at_home = person.resident and institution.kommunekode is not None and institution.kommunekode == person.kommunekode
    registered_by = None if at_home else report.institution_nummer
    if report.service == ONSKER:
        if report.slet:
            contacts.delete_wishes(connection, person.id, _SLET_ARTS[str(report.slet)], registered_by)
        _register_wishes(connection, report, person, now)
    elif report.slet:
        art, by = _ART[report.service], report.institution_nummer
        contacts.delete_contacts(connection, person.id, art, registered_by, now, by=by)
    else:
        _register_contact(connection, report, person, now)


def _register_wishes(connection: Connection, report: Indberetning, person: Person, now: datetime) -> None:
    for art, texts in ((contacts.JOB, report.job_onsker), (contacts.UDDANNELSE, report.uddannelses_onsker)):
        wanted = [contacts.Wish(art, report.institution_nummer, text, now) for text in texts]
        if wanted:
            contacts.set_wishes(connection, person.id, wanted)


def _register_contact(connection: Connection, report: Indberetning, person: Person, now: datetime) -> None:
    assert report.kontakt_navn is not None, "7004 refuses a contact without a name"
    contact = contacts.Contact(
        art=_ART[report.service],
        institution_nummer=report.institution_nummer,
        navn=report.kontakt_navn,
        mail=report.kontakt_mail,
        telefon=report.kontakt_telefon,
        registreringstid=now,
    )
    contacts.set_contact(connection, person.id, contact)
