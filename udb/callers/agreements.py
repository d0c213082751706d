"""Dataaftaler: which system may use which service for which institution, from when to when (contract 7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from udb.callers import systems
from udb.domain.errors import UnknownName, WrongUse
from udb.domain.services import ALL_SERVICES, SERVICES
from udb.store.tables import dataaftale, institution


@dataclass(frozen=True, slots=True)
class Dataaftale:
    """One agreement; both days included, None is open."""

    system_id: str
    service: str
    institution_nummer: str
    fra: date | None
    til: date | None


def require_possible(connection: Connection, agreed: Dataaftale) -> None:
    """Raise WrongUse or UdbRefused unless all that an agreement names exists, and it begins before it ends."""
    if agreed.service not in {*SERVICES, ALL_SERVICES}:
        raise WrongUse(f"There is no service {agreed.service}. There are: {ALL_SERVICES}, {', '.join(SERVICES)}")
    if agreed.fra and agreed.til and agreed.til < agreed.fra:
        raise WrongUse("--to is before --from.")
    if agreed.system_id == systems.WEB:
        systems.make_web(connection)
    systems.require(connection, agreed.system_id)
    if not connection.execute(
        select(institution.c.nummer).where(institution.c.nummer == agreed.institution_nummer)
    ).first():
        raise UnknownName(
            f"There is no institution {agreed.institution_nummer}. Import the register first: udb import institutioner"
        )


def create(connection: Connection, agreed: Dataaftale) -> None:
    """Add an agreement, or change the dates of an existing one. Raises WrongUse, UdbRefused."""
    require_possible(connection, agreed)
    dates = {"fra": agreed.fra, "til": agreed.til}
    if not connection.execute(update(dataaftale).where(_same(agreed)).values(dates)).rowcount:
        values = {
            "system_id": agreed.system_id,
            "service": agreed.service,
            "institution_nummer": agreed.institution_nummer,
        }
        connection.execute(insert(dataaftale).values(values | dates))


def listed(connection: Connection, system_id: str | None = None) -> Sequence[Dataaftale]:
    """Return every agreement, or those of one system."""
    query = select(*(dataaftale.c[name] for name in Dataaftale.__dataclass_fields__)).order_by(
        dataaftale.c.system_id, dataaftale.c.institution_nummer, dataaftale.c.service
    )
    if system_id is not None:
        query = query.where(dataaftale.c.system_id == system_id)
    return [Dataaftale(*found) for found in connection.execute(query)]


def services_agreed(
    connection: Connection, system_id: str, numbers: Collection[str], today: date
) -> Mapping[str, frozenset[str]]:
    """Return the services that a system may use today for each of some institutions."""
    query = select(dataaftale.c.institution_nummer, dataaftale.c.service).where(
        dataaftale.c.system_id == system_id,
        dataaftale.c.institution_nummer.in_(numbers),
        or_(dataaftale.c.fra.is_(None), dataaftale.c.fra <= today),
        or_(dataaftale.c.til.is_(None), dataaftale.c.til >= today),
    )
    found: dict[str, set[str]] = {number: set() for number in numbers}
    for number, service in connection.execute(query):
        found[number] |= set(SERVICES) if service == ALL_SERVICES else {service}
    return {number: frozenset(services) for number, services in found.items()}


def close(connection: Connection, agreed: Dataaftale, *, today: date) -> None:
    """End an agreement with its ``til`` as last day, or at once without ``til``. Raises UdbRefused if there is none."""
    last = agreed.til or today - timedelta(days=1)
    if not connection.execute(update(dataaftale).where(_same(agreed)).values(til=last)).rowcount:
        raise UnknownName("There is no such dataaftale. See: udb dataaftale list")


def _same(agreed: Dataaftale) -> ColumnElement[bool]:
    return and_(
        dataaftale.c.system_id == agreed.system_id,
        dataaftale.c.service == agreed.service,
        dataaftale.c.institution_nummer == agreed.institution_nummer,
    )
