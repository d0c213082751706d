"""Active subscriptions: the youth has an uddannelsespaalaeg (V 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, insert, not_, or_, select

from udb.domain.haendelse import Haendelse
from udb.domain.persons import LEFT_FOR_GOOD
from udb.store.tables import abonnement, person


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription: its first day, the job centre that subscribed, and the source system it used."""

    startdato: date
    institution_nummer: str
    kilde_leverandoer: str


def subscription(connection: Connection, person_id: int) -> Subscription | None:
    """Return a person's stored subscription, also one that is due to end and that the job has not ended yet."""
    query = select(abonnement.c.startdato, abonnement.c.institution_nummer, abonnement.c.kilde_leverandoer)
    row = connection.execute(query.where(abonnement.c.person_id == person_id)).one_or_none()
    return Subscription(*row) if row else None


def active_since(connection: Connection, person_id: int, today: date) -> date | None:
    """Return the first day of a person's active subscription; None if there is none, or if it is due to end by
    ``today``.
    """
    query = select(abonnement.c.startdato).join(person, person.c.id == abonnement.c.person_id)
    return connection.execute(query.where(person.c.id == person_id, not_(_due(today)))).scalar_one_or_none()


def add_subscription(connection: Connection, person_id: int, event: Haendelse) -> None:
    """Store the subscription that an event begins. The caller has locked the person, who has none."""
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
    """Delete a person's subscription."""
    connection.execute(delete(abonnement).where(abonnement.c.person_id == person_id))


def due_to_end(connection: Connection, today: date) -> Sequence[str]:
    """Return the current CPR numbers of persons whose subscription has to end (``udb.paalaeg.ending``), by id."""
    query = select(person.c.cprnr).join(abonnement, abonnement.c.person_id == person.c.id)
    return connection.execute(query.where(_due(today)).order_by(person.c.id)).scalars().all()


def _due(today: date) -> ColumnElement[bool]:
    return or_(person.c.turns_30 <= today, person.c.status.in_(sorted(LEFT_FOR_GOOD)))
