"""Whom an extract can be about: the statements over all persons, with the address on the status day."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from udb.domain.persons import RESIDENT
from udb.statistics.extract.request import Request
from udb.store import bopael as addresses
from udb.store.tables import bopael, haendelse, person

STREAMED: Final = {"stream_results": True, "yield_per": 5000}
"""The options of a statement whose rows must not be in memory all at once."""


def with_address(request: Request, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select columns of ``person``, and ``status``, ``kommunekode`` and ``fra`` of the address on the day.

    Where no address is known on the day, today's is taken and ``fra`` is empty. A kommune of the request restricts it.
    """
    known = bopael.c.id.is_not(None)
    kommune = case((known, bopael.c.kommunekode), else_=person.c.kommunekode)
    query = select(
        *columns,
        case((known, bopael.c.status), else_=person.c.status).label("status"),
        kommune.label("kommunekode"),
        bopael.c.fra,
    ).select_from(person.outerjoin(bopael, and_(bopael.c.person_id == person.c.id, addresses.on(request.day))))
    return query if request.kommune is None else query.where(kommune == request.kommune)


def everyone(connection: Connection, request: Request) -> Iterator[int]:
    """Yield the id of every person the extract can be about, in any order."""
    query = with_address(request, person.c.id).execution_options(**STREAMED)
    for row in connection.execute(query):
        yield row.id


def population(connection: Connection, request: Request) -> dict[str, int]:
    """Return how many youths of P each kommune has on the day; "" for those of P without a kommune."""
    one = with_address(request, person.c.turns_15, person.c.turns_25).subquery()
    query = (
        select(func.coalesce(one.c.kommunekode, ""), func.count())
        .where(one.c.status.in_(sorted(RESIDENT)), one.c.turns_15 <= request.day, one.c.turns_25 > request.day)
        .group_by(one.c.kommunekode)
    )
    return dict(connection.execute(query).all())


def standing_events(connection: Connection, request: Request) -> int:
    """Return how many standing events of the period there are."""
    one = with_address(request, person.c.id).subquery()
    stands = ~(haendelse.c.annullering | haendelse.c.annulleret | haendelse.c.gentaget | haendelse.c.udgaaet)
    query = (
        select(func.count())
        .select_from(haendelse.join(one, one.c.id == haendelse.c.person_id))
        .where(stands, haendelse.c.haendelse_dato.between(request.first, request.day))
    )
    return int(connection.execute(query).scalar_one())
