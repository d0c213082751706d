"""The first step of every call, in one query: the dataaftale, the institution, the time and the edition of the code
sets.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, literal, or_, select

from udb.domain.call import Call
from udb.domain.clock import system_time
from udb.domain.clocks import SILENT_WHILE_SERVED, disagreement
from udb.domain.errors import ClockDisagrees, DatabaseUnavailable, NoDataaftale
from udb.domain.persons import Institution
from udb.domain.services import ALL_SERVICES
from udb.settings import Settings
from udb.store import clocks, guard
from udb.store.persons import INSTITUTION_COLUMNS
from udb.store.sql.prepared import Prepared, parameter
from udb.store.state import CODE_EDITION, SANDBOX_CLOCK, domain_now, value_of
from udb.store.tables import counter, dataaftale, institution


@dataclass(frozen=True, slots=True)
class Admission:
    """An admitted call. ``institution``: the one the call is for; None: it was never in a register.

    ``now``: the domain's now. ``edition``: of the code sets.
    """

    institution: Institution | None
    now: datetime
    edition: int


def admit(connection: Connection, call: Call, settings: Settings) -> Admission:
    """Read the domain clock, once for the whole call, and check the dataaftale on that day.

    Raises NoDataaftale, also for an unknown institution: the caller must not be able to distinguish the two; and
    DatabaseUnavailable when this host's clock cannot be trusted outside a sandbox, or the database lacks events.
    """
    mark = guard.mark(connection)
    rows = _ADMIT.rows(
        connection, system_id=call.system_id, institution_nummer=call.institution_nummer, service=call.service
    )
    edition, clock, last, noted, database, *_ = rows[0]
    guard.require(connection, mark, last, edition or 0)
    now = domain_now(clock if settings.sandbox else None)
    if not settings.sandbox:
        try:
            found = clocks.judged_by(system_time(), database, last=last, noted=noted, sandbox=clock is not None)
            wrong = disagreement(found, limit=settings.ur_afvigelse, silence=SILENT_WHILE_SERVED)
        except ClockDisagrees as error:
            wrong = str(error)
        if wrong is not None:
            # Another host may answer.
            raise DatabaseUnavailable(wrong)
    if not any(_agreed(now.date(), *row[_CLOCK:_AGREED]) for row in rows):
        raise NoDataaftale
    place = rows[0][_AGREED:]
    return Admission(Institution(*place) if place[0] is not None else None, now, edition or 0)


_CLOCK, _AGREED = 5, 8
"""Positions in a row of the query: the dataaftale's columns begin at the first and end before the second."""


def _agreed(day: date, number: int | None, fra: date | None, til: date | None) -> bool:
    return number is not None and (fra is None or fra <= day) and (til is None or day <= til)


def _admit(dialect: str) -> Select[Any]:
    one = select(literal(1).label("one")).subquery()
    wanted = parameter("institution_nummer")
    return (
        select(
            value_of(CODE_EDITION),
            value_of(SANDBOX_CLOCK),
            select(counter.c.last).scalar_subquery(),
            value_of(clocks.CLOCK),
            clocks.database_clock(dialect),
            dataaftale.c.id,
            dataaftale.c.fra,
            dataaftale.c.til,
            *INSTITUTION_COLUMNS,
        )
        .select_from(one)
        .outerjoin(institution, institution.c.nummer == wanted)
        .outerjoin(
            dataaftale,
            and_(
                dataaftale.c.system_id == parameter("system_id"),
                dataaftale.c.institution_nummer == wanted,
                or_(dataaftale.c.service == parameter("service"), dataaftale.c.service == ALL_SERVICES),
            ),
        )
    )


_ADMIT: Final = Prepared(_admit)
