"""Queries of the read log: who received a youth's data (access.md, The read log)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from getpass import getuser
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, select

from udb.domain.call import Call
from udb.readlog.entries import log_read
from udb.store.tables.log import read_log, read_log_person

COMMAND_LINE: Final = "udb"
"""The system in the log, followed by the user, when a command shows a youth's data."""
_LONGEST: Final = 100
OPERATOR: Final = "drift"
"""The clause in the log for a command: the operator of the register."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer with the youth's data. ``klausul``: the clause that granted access.

    ``fra_nummer``, ``til_nummer``: the range of all events in that answer, also those of other youths.
    """

    id: int
    tid: datetime
    operation: str
    institution_nummer: str
    system_id: str
    fra_nummer: str | None
    til_nummer: str | None
    klausul: str | None
    correlation_id: str
    certifikat: str | None


def readings(connection: Connection, persons: Collection[int]) -> list[Reading]:
    """Return every answer with data of one of these persons, the earliest first."""
    of_these = select(read_log_person.c.row_id).where(read_log_person.c.person_id.in_(persons))
    columns = (read_log.c[name] for name in Reading.__dataclass_fields__)
    query = select(*columns).where(read_log.c.id.in_(of_these)).order_by(read_log.c.tid, read_log.c.id)
    return [Reading(*row) for row in connection.execute(query)]


def log_command(connection: Connection, command: str, persons: Collection[int], institution_nummer: str = "") -> None:
    """Log that a command shows persons' data to the machine's user who runs it; call it before it prints them."""
    call = Call(
        correlation_id=str(uuid4()),
        system_id=f"{COMMAND_LINE}:{getuser()}"[:_LONGEST],
        service=COMMAND_LINE,
        operation=command,
        institution_nummer=institution_nummer,
        transaction_id="",
    )
    log_read(connection, call, persons, clause=OPERATOR if persons else None)
