"""The rows of the read log: who received whose data, when and why (access.md, The read log). No log, no answer."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, func, select

from udb.domain.call import Call
from udb.domain.clock import system_time
from udb.store.persons import HOLDER
from udb.store.sql.prepared import Prepared
from udb.store.sql.together import Kind, Row
from udb.store.tables.log import read_log

NO_PERSON: Final = 0
"""The id in a refused look-up's row for a number that the register does not know; no person has it.

A row that names no person is written faster than one that does, and the time of the refusal would show which it was.
"""


def sought(connection: Connection, cprnr: str) -> int:
    """Return the id of the person who has or had the number of a refused look-up, or NO_PERSON.

    One row in either case, so that neither takes longer.
    """
    return int(_SOUGHT.rows(connection, cprnr=cprnr)[0][0])


_SOUGHT: Final = Prepared(lambda _: select(func.coalesce(HOLDER.scalar_subquery(), NO_PERSON)))


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

    ``persons``: ids of the youths in the answer. ``clause``: the clause that granted access, None for a refusal.
    ``first``, ``last``: the number range of the answer's events.
    """
    kind, values = read_row(call, persons, clause=clause, first=first, last=last)
    kind.add(connection, values)


def read_row(
    call: Call, persons: Iterable[int], *, clause: str | None, first: str | None = None, last: str | None = None
) -> Row:
    """Return the row that ``log_read`` adds, for a caller that adds it together with other rows."""
    values = (
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
    # Systems and commands have neither. A backup also logs itself in a database of before these columns.
    if call.bruger is None and call.formaal is None:
        return _READ, values
    return _READ_BY, (*values, call.bruger, call.formaal)


_BY: Final = ("bruger", "formaal")
_COLUMNS: Final = tuple(column.name for column in read_log.c if column.name not in {"id", *_BY})
_READ: Final = Kind(read_log, _COLUMNS)
_READ_BY: Final = Kind(read_log, (*_COLUMNS, *_BY))
