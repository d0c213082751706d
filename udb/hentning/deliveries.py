"""Delivery status (V 7): how far each recipient and system has fetched, and who has fetched one event.

Times are the domain clock's, as those of the events, with system time beside them: that is how a call is found in the
logs, and how fetches are ordered, because the domain clock may be set back in the sandbox.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, exists, func, not_, or_, select

from udb.access.clauses import TABLES, Recipient, feed_events
from udb.access.index_conditions import index_conditions
from udb.domain.call import Call
from udb.domain.errors import UnknownName
from udb.domain.persons import KOMMUNE_TYPE, Institution
from udb.domain.services import ALL_SERVICES, DATA_TIL_DFDG, DATA_TIL_KOMMUNE
from udb.hentning import feed
from udb.imports.institutioner import STAR
from udb.store.persons import INSTITUTION_COLUMNS
from udb.store.tables import dataaftale, feed_position, haendelse, hentet, institution, person, system

SERVICE_OF: Final = {KOMMUNE_TYPE: DATA_TIL_KOMMUNE, STAR: DATA_TIL_DFDG}
"""The types of institution that fetch notifications, each with its service."""


@dataclass(frozen=True, slots=True)
class Status:
    """The progress of one system for one recipient.

    ``position``: every new event up to this number was returned to it; None if it never called without criterion.
    ``hoejeste_hentet``: the highest event it fetched, also by number. ``seneste_hentning``: its latest answer without
    criterion, or the latest that returned an event for the first time; ``seneste_system``: the same in system time.
    ``aeldste_ikke_hentet``, ``venter``: the oldest
    new event that it has not fetched, and how many there are.
    """

    modtager: str
    system_id: str
    position: str | None
    hoejeste_hentet: str | None
    seneste_hentning: datetime | None
    seneste_system: datetime | None
    aeldste_ikke_hentet: str | None
    venter: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """The fetch of an event by one recipient's system. ``system_id`` None: none of its systems has fetched it.

    ``ser``: the recipient may see it today. ``hentet``: when it was first fetched; ``hentet_system``: the same in
    system time. ``givet``: when it was first returned by a call without criterion.
    """

    modtager: str
    ser: bool
    system_id: str | None
    hentet: datetime | None
    hentet_system: datetime | None
    givet: datetime | None


def statuses(connection: Connection, today: date) -> list[Status]:
    """Return the status of every recipient and system that has fetched or may fetch today."""
    fetched = {(row.modtager, row.system_id): row for row in connection.execute(_latest())}
    positions = {(row.modtager, row.system_id): row for row in connection.execute(select(feed_position))}
    recipients = _recipients(connection, today)
    pairs = sorted({*fetched, *positions, *_agreed(connection, today)})
    found = []
    for modtager, system_id in (pair for pair in pairs if pair[0] in recipients):
        row, at = fetched.get((modtager, system_id)), positions.get((modtager, system_id))
        oldest, waiting = _waiting(connection, recipients[modtager], system_id, at, today)
        times = [(row.system_tid, row.tid)] if row else []
        times += [(at.answered, at.answered_domain)] if at and at.answered else []
        system_time, domain_time = max(times, default=(None, None))
        found.append(
            Status(
                modtager=modtager,
                system_id=system_id,
                position=at.seen if at else None,
                hoejeste_hentet=row.nummer if row else None,
                seneste_hentning=domain_time,
                seneste_system=system_time,
                aeldste_ikke_hentet=oldest,
                venter=waiting,
            )
        )
    return found


def _latest() -> Select[Any]:
    """Return the query of each system's highest event and latest first fetch of one."""
    latest = (
        select(
            hentet.c.modtager,
            hentet.c.system_id,
            func.max(hentet.c.nummer).label("nummer"),
            func.max(hentet.c.hentet_system).label("system_tid"),
        )
        .group_by(hentet.c.modtager, hentet.c.system_id)
        .subquery()
    )
    then = and_(
        hentet.c.modtager == latest.c.modtager,
        hentet.c.system_id == latest.c.system_id,
        hentet.c.hentet_system == latest.c.system_tid,
    )
    # The events of one call share both times.
    return select(latest, func.max(hentet.c.hentet_tid).label("tid")).join(hentet, then).group_by(*latest.c)


def fetches(connection: Connection, nummer: str, today: date) -> list[Fetched]:
    """Return who has fetched an event and when, and who may see it and has not fetched it.

    Raises UnknownName when there is no such event.
    """
    about = (
        select(person.c.kommunekode, institution.c.beliggenhedskommune)
        .select_from(TABLES.outerjoin(institution, institution.c.nummer == haendelse.c.institution_nummer))
        .where(haendelse.c.nummer == nummer)
    )
    near = connection.execute(about).one_or_none()
    if near is None:
        raise UnknownName(f"There is no event {nummer}.")
    rows = connection.execute(select(hentet).where(hentet.c.nummer == nummer).order_by(hentet.c.hentet_system)).all()
    known = {row.modtager for row in rows}
    found = []
    for modtager, caller in sorted(_recipients(connection, today).items()):
        if modtager not in known and caller.kommunekode not in {None, *near}:
            continue
        sees = _sees(connection, caller, nummer)
        own = [row for row in rows if row.modtager == modtager]
        found += [
            Fetched(modtager, sees, row.system_id, row.hentet_tid, row.hentet_system, row.givet_tid) for row in own
        ]
        if sees and not own:
            found.append(Fetched(modtager, sees, None, None, None, None))
    return found


def waiting(connection: Connection, modtager: str, system_id: str, today: date) -> int:
    """Return how many events a system has not fetched for a kommune, and would be sent; 0 for what is no kommune."""
    found = _recipients(connection, today).get(modtager)
    if found is None:
        return 0
    of = and_(feed_position.c.system_id == system_id, feed_position.c.modtager == modtager)
    at = connection.execute(select(feed_position).where(of)).one_or_none()
    return _waiting(connection, found, system_id, at, today)[1]


def recipient(found: Institution, today: date) -> Recipient:
    """Return a kommune, or STAR, as a recipient on a day."""
    return Recipient(found.nummer, today, found.kommunekode)


def _recipients(connection: Connection, today: date) -> dict[str, Recipient]:
    query = select(*INSTITUTION_COLUMNS).where(institution.c.type3.in_(SERVICE_OF))
    found = (Institution(*row) for row in connection.execute(query))
    return {one.nummer: recipient(one, today) for one in found if one.type3 == STAR or one.kommunekode is not None}


def _agreed(connection: Connection, today: date) -> Iterator[tuple[str, str]]:
    """Yield the recipients and systems with a dataaftale in force."""
    fits = or_(
        *(
            and_(institution.c.type3 == type3, dataaftale.c.service.in_((service, ALL_SERVICES)))
            for type3, service in SERVICE_OF.items()
        )
    )
    in_force = and_(
        func.coalesce(dataaftale.c.fra, today) <= today,
        func.coalesce(dataaftale.c.til, today) >= today,
        not_(system.c.spaerret),
        institution.c.in_register,
    )
    query = (
        select(dataaftale.c.institution_nummer, dataaftale.c.system_id)
        .join(system, system.c.id == dataaftale.c.system_id)
        .join(institution, institution.c.nummer == dataaftale.c.institution_nummer)
    )
    for row in connection.execute(query.where(fits, in_force)):
        yield row.institution_nummer, row.system_id


def _waiting(
    connection: Connection, caller: Recipient, system_id: str, at: Row[Any] | None, today: date
) -> tuple[str | None, int]:
    call = Call(
        correlation_id="",
        system_id=system_id,
        service=DATA_TIL_KOMMUNE if caller.kommunekode else DATA_TIL_DFDG,
        operation="",
        institution_nummer=caller.institution_nummer,
        transaction_id="",
    )
    position = feed.Position(at.seen, at.gained, at.day) if at else feed.Position(feed.BEGINNING, feed.BEGINNING, today)
    fetched = exists().where(
        hentet.c.system_id == system_id,
        hentet.c.modtager == caller.institution_nummer,
        hentet.c.nummer == haendelse.c.nummer,
    )
    dialect = connection.dialect.name
    query = select(func.min(haendelse.c.nummer), func.count()).select_from(TABLES)
    oldest, count = connection.execute(
        query.where(
            or_(*index_conditions(dialect, caller)),
            or_(feed.after(position), feed.again(dialect, position, today)),
            feed_events(caller),
            feed.not_given(call, caller),
            not_(fetched.correlate(haendelse)),
        )
    ).one()
    return oldest, count


def _sees(connection: Connection, caller: Recipient, nummer: str) -> bool:
    query = select(haendelse.c.nummer).select_from(TABLES).where(haendelse.c.nummer == nummer, feed_events(caller))
    return connection.execute(query).first() is not None
