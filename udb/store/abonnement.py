"""Active subscriptions: the youth has an uddannelsespaalaeg (V 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, Date, delete, insert, or_, select

from udb.domain.haendelse import Haendelse
from udb.domain.persons import LEFT_FOR_GOOD
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import abonnement, cprnummer, person


@dataclass(frozen=True, slots=True)
class Subscription:
    """Since when, and who subscribed by which system."""

    startdato: date
    institution_nummer: str
    kilde_leverandoer: str


def subscription(connection: Connection, person_id: int) -> Subscription | None:
    """A person's active subscription."""
    query = select(abonnement.c.startdato, abonnement.c.institution_nummer, abonnement.c.kilde_leverandoer)
    row = connection.execute(query.where(abonnement.c.person_id == person_id)).one_or_none()
    return Subscription(*row) if row else None


def add_subscription(connection: Connection, person_id: int, event: Haendelse) -> None:
    """Make the subscription active that an event tells of; the caller has locked the person, who has none."""
    connection.execute(
        insert(abonnement).values(
            person_id=person_id,
            startdato=event.haendelse_dato,
            institution_nummer=event.institution_nummer,
            kilde_leverandoer=event.kilde_leverandoer,
            nummer=event.nummer,
        )
    )


def remove_subscription(connection: Connection, person_id: int) -> None:
    """Let a person's subscription be active no longer."""
    connection.execute(delete(abonnement).where(abonnement.c.person_id == person_id))


def due_to_end(connection: Connection, today: date) -> Sequence[str]:
    """The current numbers of the persons whose active subscription has to end (``udb.paalaeg.ending``), by id."""
    query = select(person.c.cprnr).join(abonnement, abonnement.c.person_id == person.c.id)
    return connection.execute(query.where(_due(today)).order_by(person.c.id)).scalars().all()


def is_due_to_end(connection: Connection, cprnr: str, today: date) -> bool:
    """Whether the person who has or had a number has an active subscription that has to end.

    One statement, whoever is asked about: how long a look-up takes tells nobody whether a youth is dead or gone.
    """
    return bool(_DUE.rows(connection, cprnr=cprnr, today=today))


def _due(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    return or_(person.c.turns_30 <= today, person.c.status.in_(sorted(LEFT_FOR_GOOD)))


_DUE: Final = Prepared(
    lambda _: (
        select(abonnement.c.person_id)
        .join(person, person.c.id == abonnement.c.person_id)
        .join(cprnummer, cprnummer.c.person_id == person.c.id)
        .where(cprnummer.c.cprnr == parameter("cprnr"), _due(parameter("today", Date())))
    )
)
