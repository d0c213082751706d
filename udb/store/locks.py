"""Locks that are held until a transaction ends (docs/architecture.md, decision 1)."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, func, select

from udb.store.sql.dialects import among
from udb.store.tables import person

_ONE_SEALING_AT_A_TIME: Final = 7_029_004
_ONE_IMPORT_AT_A_TIME: Final = 7_029_027
_ONE_SERIES_AT_A_TIME: Final = 7_029_028
_ONE_COUNT_AT_A_TIME: Final = 7_029_032
_ONE_RUN_AT_A_TIME: Final = 7_029_033
_ONE_STATEMENT_AT_A_TIME: Final = 7_029_034


def one_sealing_at_a_time(connection: Connection) -> None:
    """Wait until the read log is not being sealed, and let others wait; SQLite has only one writer in any case."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ONE_SEALING_AT_A_TIME)))


def is_only_sealing(connection: Connection) -> bool:
    """Take the lock of the sealing and return True, or return False at once when another transaction has it."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(select(func.pg_try_advisory_xact_lock(_ONE_SEALING_AT_A_TIME))).scalar_one())


def one_import_at_a_time(connection: Connection) -> None:
    """Wait until no other import runs, and keep others waiting; SQLite has only one writer in any case."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ONE_IMPORT_AT_A_TIME)))


def no_import_beside(connection: Connection) -> None:
    """Wait until no import runs, and let none begin; several transactions can hold this lock together."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(_ONE_IMPORT_AT_A_TIME)))


def one_series_at_a_time(connection: Connection) -> None:
    """Wait until no other transaction continues the series of eIndkomst, and keep others waiting."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ONE_SERIES_AT_A_TIME)))


def one_count_at_a_time(connection: Connection, who: int) -> None:
    """Wait until no other transaction counts what one user does, and keep others waiting; ``who``: 32 bits with a sign,
    and two users with the same wait for each other.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ONE_COUNT_AT_A_TIME, who)))


def one_run_at_a_time(connection: Connection) -> None:
    """Wait until no other transaction adds frozen figures, and keep others waiting."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ONE_RUN_AT_A_TIME)))


def one_statement_at_a_time(connection: Connection, institution_nummer: str) -> None:
    """Wait until no other transaction states anything about an institution: its changes of system, with their
    checklists, and its responsible function; and keep others waiting. Two institutions may wait for each other.
    """
    if connection.dialect.name == "postgresql":
        who = int.from_bytes(sha256(institution_nummer.encode()).digest()[:4], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(_ONE_STATEMENT_AT_A_TIME, who)))


def lock_persons(connection: Connection, ids: Iterable[int]) -> None:
    """Lock persons until the transaction ends, lowest id first: the same order everywhere prevents deadlocks."""
    theirs = among(connection, person.c.id, list(ids))
    locked = select(person.c.id).where(theirs).order_by(person.c.id).with_for_update().subquery()
    connection.execute(select(func.count()).select_from(locked)).all()
