"""Who was given whose data, when and why (access.md, The read log). No log, no answer."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, func, select

from udb.domain.call import Call
from udb.domain.clock import system_time
from udb.store.persons import HOLDER
from udb.store.sql.prepared import Prepared
from udb.store.sql.together import Kind, Row
from udb.store.tables.log import read_log

NOBODY: Final = 0
"""Stands in a refused look-up's row for a number that the register does not know: no person has this id. A row that
names nobody is written faster than one that does, and the time of the refusal would tell which it was.
"""


def sought(connection: Connection, cprnr: str) -> int:
    """Whom a refused look-up was about: the id of who has or had the number, or NOBODY. One row in either case, so that
    neither takes longer.
    """
    return int(_SOUGHT.rows(connection, cprnr=cprnr)[0][0])


_SOUGHT: Final = Prepared(lambda _: select(func.coalesce(HOLDER.scalar_subquery(), NOBODY)))


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
    kind, values = read_row(call, persons, clause=clause, first=first, last=last)
    kind.add(connection, values)


def read_row(
    call: Call, persons: Iterable[int], *, clause: str | None, first: str | None = None, last: str | None = None
) -> Row:
    """The row that ``log_read`` adds, for one who adds it together with others."""
    return _READ, (
        system_time(),
        call.system_id,
        call.institution_nummer,
        call.operation,
        call.correlation_id,
        clause,
        sorted(persons),
        first,
        last,
        call.certificate,
    )


_READ: Final = Kind(read_log, (column.name for column in read_log.c if column.name != "id"))
