"""Queries of the read log: who received a youth's data (access.md, The read log)."""

import os
import pwd
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, func, select

from udb.domain.call import Call
from udb.readlog.entries import log_read
from udb.store.tables.log import read_log, read_log_person

COMMAND_LINE: Final = "udb"
"""The system in the log, followed by the user, when a command shows a youth's data."""
OPERATOR: Final = "drift"
"""The clause in the log for a command: the operator of the register."""
EVERYBODY: Final = -1
"""The id in the row of a command that shows all youths; no person has it, and each is found by it."""
LOGIN_ID: Final = Path("/proc/self/loginuid")
"""Linux: the user who logged in, also when the process runs as another since. The kernel lets no user change it."""
_NO_LOGIN: Final = 2**32 - 1


class Reading(NamedTuple):
    """One answer with the youth's data. ``klausul``: the clause that granted access; ``bruger``, ``formaal``: the
    person who looked and what for, where it was no system.

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
    bruger: str | None
    formaal: str | None


def readings(connection: Connection, persons: Collection[int]) -> list[Reading]:
    """Return every answer with data of one of these persons, or of everybody, the earliest first."""
    of_these = select(read_log_person.c.row_id).where(read_log_person.c.person_id.in_((*persons, EVERYBODY)))
    columns = (read_log.c[name] for name in Reading._fields)
    query = select(*columns).where(read_log.c.id.in_(of_these)).order_by(read_log.c.tid, read_log.c.id)
    # Thousands of rows for five years: all at once, and as tuples.
    return [Reading._make(row) for row in connection.execute(query).all()]


def alone_in(connection: Connection, persons: Collection[int]) -> frozenset[int]:
    """Return the ids of the rows that name one person alone, of those that name one of these persons.

    A look-up names one; the row does not say more of how the answer was asked for.
    """
    of_these = select(read_log_person.c.row_id).where(read_log_person.c.person_id.in_(persons))
    query = select(read_log.c.id).where(read_log.c.id.in_(of_these), func.json_array_length(read_log.c.personer) == 1)
    return frozenset(connection.execute(query).scalars().all())


def log_command(connection: Connection, command: str, persons: Collection[int], institution_nummer: str = "") -> None:
    """Log that a command shows persons' data to the user who runs it; call it before it prints them.

    ``persons``: their ids, or EVERYBODY alone; none: the command refuses.
    """
    call = Call(
        correlation_id=str(uuid4()),
        system_id=operator(),
        service=COMMAND_LINE,
        operation=command,
        institution_nummer=institution_nummer,
        transaction_id="",
    )
    log_read(connection, call, persons, clause=OPERATOR if persons else None)


def operator() -> str:
    """Return who runs this process: ``udb:root, login anna``. The login is left out where it is the same or unknown.

    Both by the kernel: an environment variable says what its owner likes.
    """
    process, login = os.geteuid(), _login()
    named = f"{COMMAND_LINE}:{_name(process)}"
    return named if login in {None, process} else f"{named}, login {_name(login)}"


def user() -> str:
    """Return the user who logged in, or the one of this process where that is unknown. By the kernel, as above."""
    login = _login()
    return _name(os.geteuid() if login is None else login)


def _login() -> int | None:
    try:
        found = int(LOGIN_ID.read_text())
    except (OSError, ValueError):
        return None
    return None if found == _NO_LOGIN else found


def _name(user: int) -> str:
    """Return a user's name, cut to fit into the log twice, or the number where it has none."""
    try:
        return pwd.getpwuid(user).pw_name[:_LONGEST]
    except KeyError:
        return str(user)


_LONGEST: Final = 32
"""The longest name that Linux gives a user."""
