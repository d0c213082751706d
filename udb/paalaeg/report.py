"""The effect of a job centre's accepted report on its subscription (V 3.2)."""

from datetime import datetime

from sqlalchemy import Connection

from udb.domain.clock import danish_date
from udb.domain.haendelse import OPRET, Haendelse, Indberetning
from udb.domain.persons import Person
from udb.paalaeg.ending import forget
from udb.paalaeg.event import paalaeg_event
from udb.store.abonnement import add_subscription
from udb.store.contacts import JOBCENTER, Contact, replace_contacts


def as_event(report: Indberetning, now: datetime, number: int) -> Haendelse:
    """Return the event of an Opret, dated on Startdato or else today, or of an Afmeld, dated today."""
    assert report.kilde_leverandoer is not None, "the schema demands it"
    on = report.handling == OPRET
    return paalaeg_event(
        on=on,
        number=number,
        day=danish_date(report.startdato) if on and report.startdato else now.date(),
        now=now,
        cprnr=report.cprnr,
        institution_nummer=report.institution_nummer,
        kilde_leverandoer=report.kilde_leverandoer,
    )


def begin_or_end(connection: Connection, report: Indberetning, person: Person, event: Haendelse) -> None:
    """Carry out an Opret or an Afmeld whose event is ``event``; the person is locked."""
    if not event.har_uddannelsespaalaeg:
        forget(connection, person.id, event.registreringstid)
        return
    add_subscription(connection, person.id, event)
    register_contact(connection, report, person, event.registreringstid)


def register_contact(connection: Connection, report: Indberetning, person: Person, now: datetime) -> None:
    """Replace the job centre's contact person, if the report names one."""
    if report.kontakt_navn is None:
        return
    contact = Contact(
        art=JOBCENTER,
        institution_nummer=report.institution_nummer,
        navn=report.kontakt_navn,
        mail=report.kontakt_mail,
        telefon=report.kontakt_telefon,
        registreringstid=now,
    )
    replace_contacts(connection, person.id, contact)
