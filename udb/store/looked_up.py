"""The reports under which institutions looked a youth up (A11), and those of them that were cancelled soon after.

A cancelled report that is noted here still reaches the home kommune (``udb.access.clauses.looked_up``).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from udb.domain.call import Call
from udb.domain.clock import danish_date, system_time
from udb.domain.forloeb import Forloeb
from udb.store.sql.dialects import insert_into
from udb.store.tables import haendelse, opslag

SOON: Final = timedelta(days=60)
"""A course that is cancelled so soon after a look-up is listed for the operator."""


def note_look_up(connection: Connection, call: Call, courses: Iterable[Forloeb], now: datetime) -> None:
    """Note that an institution looked a youth up under all reports of some courses; ``now``: the domain's.

    The caller has locked the youth and read the courses since, so none of the reports is cancelled before the commit:
    what a reader by number has passed never becomes visible below it.
    """
    numbers = sorted({event.nummer for course in courses for event in course.events})
    if not numbers:
        return
    same = {
        "institution_nummer": call.institution_nummer,
        "system_id": call.system_id,
        "operation": call.operation,
        "tid": now,
        "system_tid": system_time(),
    }
    statement = insert_into(connection.dialect.name, opslag)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[*opslag.primary_key.columns],
            set_={"tid": statement.excluded.tid, "system_tid": statement.excluded.system_tid},
        ),
        [{"nummer": nummer, **same} for nummer in numbers],
    )


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A report that was cancelled soon after a look-up under it. Times are the domain clock's, ``system_tid`` system
    time, by which the call is found in the read log.
    """

    institution_nummer: str
    system_id: str
    operation: str
    opslag: datetime
    system_tid: datetime
    nummer: str
    annullering: str
    annulleret: datetime


def looked_up_lately(connection: Connection, numbers: Collection[str], now: datetime) -> int:
    """Return how many of these reports were looked up under at most SOON ago."""
    query = select(opslag.c.nummer, opslag.c.tid).where(opslag.c.nummer.in_(numbers))
    return len({row.nummer for row in connection.execute(query) if _is_soon(row.tid, now)})


def _is_soon(looked_up: datetime, cancelled: datetime) -> bool:
    return danish_date(cancelled) - danish_date(looked_up) <= SOON


def cancelled_soon(connection: Connection) -> list[Cancelled]:
    """Return the reports that were cancelled at most SOON after the latest look-up under them, the latest look-up last.

    By Danish days.
    """
    cancellation = haendelse.alias()
    query = select(
        opslag.c.institution_nummer,
        opslag.c.system_id,
        opslag.c.operation,
        opslag.c.tid,
        opslag.c.system_tid,
        opslag.c.nummer,
        cancellation.c.nummer,
        cancellation.c.registreringstid,
    ).join(cancellation, cancellation.c.annulleret_haendelse_nummer == opslag.c.nummer)
    found = (Cancelled(*row) for row in connection.execute(query.order_by(opslag.c.tid, opslag.c.nummer)))
    return [one for one in found if _is_soon(one.opslag, one.annulleret)]
