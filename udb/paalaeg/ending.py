"""Subscriptions that end without a report of the job centre: at the 30th birthday, at death, at emigration (rules.md,
Pålæg).

The import of the CPR register and the background job write the end. Until then every judgement treats a subscription
that is due to end as ended (``udb.store.abonnement.active_since``, ``udb.access``).
"""

from datetime import date, datetime

from sqlalchemy import Connection

from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import LEFT_FOR_GOOD, Person
from udb.paalaeg.event import paalaeg_event
from udb.store.abonnement import due_to_end, remove_subscription, subscription
from udb.store.contacts import JOBCENTER, delete_contacts
from udb.store.events import add_event, events_by_person
from udb.store.numbers import draw
from udb.store.persons import lock_person
from udb.store.visible import worked_out


def ends_on(person: Person, today: date) -> date | None:
    """Return the HaendelseDato with which a person's subscription has to end; None while it stays active.

    For a person who has died or gone abroad it is ``today``, the day of the import that says so.
    """
    if person.turns_30 <= today:
        return person.turns_30
    return today if person.status in LEFT_FOR_GOOD else None


def end_if_due(connection: Connection, person: Person, codes: Kodesaet, now: datetime) -> bool:
    """End a locked person's subscription, with its event, if it has to end; return whether it was ended."""
    day = ends_on(person, now.date())
    active = subscription(connection, person.id) if day is not None else None
    if day is None or active is None:
        return False
    history = events_by_person(connection, [person.id])[person.id]
    end = paalaeg_event(
        on=False,
        number=draw(connection, now)[0],
        day=day,
        now=now,
        cprnr=person.cprnr,
        institution_nummer=active.institution_nummer,
        kilde_leverandoer=active.kilde_leverandoer,
    )
    *_, event = worked_out([*history, end], codes)
    add_event(connection, person.id, event)
    forget(connection, person.id, now)
    return True


def forget(connection: Connection, person_id: int, now: datetime) -> None:
    """Remove a subscription and the contact person who came with it; ``now``: the domain's."""
    remove_subscription(connection, person_id)
    delete_contacts(connection, person_id, JOBCENTER, None, now)


def end_all_due(connection: Connection, codes: Kodesaet, now: datetime) -> int:
    """End every subscription that has to end, in one transaction; return how many.

    Locks the persons by ascending id. Only for a caller that keeps others from doing the same (an import).
    """
    persons = [lock_person(connection, cprnr) for cprnr in due_to_end(connection, now.date())]
    return sum(end_if_due(connection, person, codes, now) for person in persons if person is not None)
