"""What every call needs before its work begins, in one query: may the caller, what is the institution, what time is
it, which code sets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, literal, select

from udb.call import Call
from udb.errors import NoDataaftale
from udb.rules.facts import Institution
from udb.services import ALL_SERVICES
from udb.store.persons import INSTITUTION_COLUMNS
from udb.store.state import CODE_EDITION, SANDBOX_CLOCK, domain_now, value_of
from udb.store.tables import dataaftale, institution


@dataclass(frozen=True, slots=True)
class Admission:
    """An admitted call: the institution it is for (None: in no register, ever), the domain's now, the edition of the
    code sets.
    """

    institution: Institution | None
    now: datetime
    edition: int


def admit(connection: Connection, call: Call, *, sandbox: bool) -> Admission:
    """Read the domain clock, once for the whole call, and check the dataaftale on that day.

    Raises NoDataaftale, also for an unknown institution: the two must not be told apart.
    """
    one = select(literal(1).label("one")).subquery()
    query = (
        select(
            value_of(CODE_EDITION).label("edition"),
            value_of(SANDBOX_CLOCK).label("clock"),
            dataaftale.c.id.label("dataaftale"),
            dataaftale.c.fra,
            dataaftale.c.til,
            *INSTITUTION_COLUMNS,
        )
        .select_from(one)
        .outerjoin(institution, institution.c.nummer == call.institution_nummer)
        .outerjoin(
            dataaftale,
            and_(
                dataaftale.c.system_id == call.system_id,
                dataaftale.c.institution_nummer == call.institution_nummer,
                dataaftale.c.service.in_((call.service, ALL_SERVICES)),
            ),
        )
    )
    rows = connection.execute(query).mappings().all()
    now = domain_now(rows[0]["clock"] if sandbox else None)
    if not any(_agreed(row, now) for row in rows):
        raise NoDataaftale
    found = Institution(**{name: rows[0][name] for name in _INSTITUTION}) if rows[0]["nummer"] is not None else None
    return Admission(found, now, rows[0]["edition"] or 0)


_INSTITUTION: Final = tuple(column.name for column in INSTITUTION_COLUMNS)


def _agreed(row: Mapping[Any, Any], now: datetime) -> bool:
    day = now.date()
    return (
        row["dataaftale"] is not None
        and (row["fra"] is None or row["fra"] <= day)
        and (row["til"] is None or day <= row["til"])
    )
