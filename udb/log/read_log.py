"""Who was given whose data, when and why (access.md, The read log). No log, no answer."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, func, insert, select

from udb.call import Call
from udb.clock import system_time
from udb.store.prepared import Prepared, parameter
from udb.store.tables import cprnummer, read_log

NOBODY: Final = 0
"""Stands in a refused look-up's row for a number that the register does not know: no person has this id. A row that
names nobody is written faster than one that does, and the time of the refusal would tell which it was.
"""


def sought(connection: Connection, cprnr: str) -> int:
    """Whom a refused look-up was about: the id of who has or had the number, or NOBODY. One row in either case, so that
    neither takes longer.
    """
    return int(_SOUGHT.rows(connection, cprnr=cprnr)[0][0])


_HOLDER: Final = select(cprnummer.c.person_id).where(cprnummer.c.cprnr == parameter("cprnr")).scalar_subquery()
_SOUGHT: Final = Prepared(lambda _: select(func.coalesce(_HOLDER, NOBODY)))


def log_read(
    connection: Connection,
    call: Call,
    persons: Iterable[int],
    *,
    clause: str | None,
    first: str | None = None,
    last: str | None = None,
) -> None:
    """Add the row of an answer; the caller commits before the first byte leaves.

    ``persons``: ids of the youths the answer speaks of. ``clause``: what gave access, None for a refusal. ``first``,
    ``last``: the number range of the answer's events.
    """
    _ADD.run(
        connection,
        tid=system_time(),
        system_id=call.system_id,
        institution_nummer=call.institution_nummer,
        operation=call.operation,
        correlation_id=call.correlation_id,
        klausul=clause,
        personer=sorted(persons),
        fra_nummer=first,
        til_nummer=last,
        certifikat=call.certificate,
    )


_ADD: Final = Prepared(
    lambda _: insert(read_log).values(
        {column.name: parameter(column.name) for column in read_log.c if column.name != "id"}
    )
)
