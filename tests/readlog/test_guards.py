"""Each of the database's guards of the read log is needed: without it, something is taken or left undone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from tests.support.read_log import add, row
from udb.domain.clock import system_time
from udb.readlog.sealing import seal
from udb.store import state
from udb.store.engine import writing
from udb.store.tables.log import (
    read_log,
    read_log_anchor,
    read_log_block,
    read_log_person,
    read_log_removed,
    read_log_sealed,
    read_log_unsealed,
)

LOG: Final = (
    read_log,
    read_log_anchor,
    read_log_block,
    read_log_person,
    read_log_removed,
    read_log_sealed,
    read_log_unsealed,
)
LONG_AGO: Final = datetime(1999, 1, 1, tzinfo=UTC)
Deed = Callable[[Connection], object]


def block(nummer: int = 3, **changes: Any) -> dict[str, Any]:
    """Return a block without rows that comes after the second."""
    times = dict.fromkeys(("foerste", "sidste", "forseglet"), system_time())
    return {"nummer": nummer, "antal": 0, "forrige": "0", "raekker": "0", "hash": "0", **times, **changes}


def removed(**changes: Any) -> dict[str, Any]:
    """Return a note that the first block is removed."""
    return {"blok": 1, "tid": system_time(), "aar": 5, "noteret_i": 3, **changes}


def lived(engine: Engine) -> None:
    """Put rows into every table of the read log: two blocks, of which the second is empty and removed, and a row that
    waits.
    """
    add(engine, 1, 2)
    seal(engine)
    add(engine, 3)
    with writing(engine) as connection:
        last = connection.execute(select(read_log_block.c.hash)).scalar_one()
        connection.execute(insert(read_log_block).values(**block(2, forrige=last)))
        connection.execute(insert(read_log_removed).values(**removed(blok=2)))
        connection.execute(insert(read_log_anchor).values(blok=1, svar=b"0"))
        state.write(connection, "a", 1)


def added(connection: Connection) -> object:
    """Add a row; return what the database added by itself."""
    connection.execute(insert(read_log).values(**row(9)))
    found = [
        connection.execute(select(func.count()).select_from(table).where(table.c.row_id == 9)).scalar_one()
        for table in (read_log_person, read_log_unsealed)
    ]
    assert found in ([2, 1], [0, 0])
    return found


def said(statement: str) -> Deed:
    return lambda connection: connection.execute(text(statement)) and None


def inserted(table: Table, values: Callable[[], dict[str, Any]]) -> Deed:
    return lambda connection: connection.execute(insert(table).values(**values())) and None


def deeds(table: str, dialect: str) -> list[Deed]:
    """Return all that the guards of a table stand against, and the one thing that a trigger adds."""
    if table == "state":
        return [
            said("INSERT INTO state VALUES ('sandbox', '{}')"),
            said("UPDATE state SET name = 'sandbox' WHERE name = 'a'"),
        ]
    (log,) = (one for one in LOG if one.name == table)
    key = next(iter(log.primary_key)).name
    found = [*ADDED.get(log, ()), said(f"UPDATE {table} SET {key} = {key}"), said(f"DELETE FROM {table}")]
    if dialect == "postgresql":
        return [*found, said(f"TRUNCATE {table} CASCADE")]
    return [*found, said(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")]


SOON: Final = timedelta(hours=1)
ADDED: Final[Mapping[Table, Sequence[Deed]]] = {
    read_log: [added, inserted(read_log, lambda: row(9, LONG_AGO))],
    read_log_block: [
        inserted(read_log_block, lambda: block(foerste=LONG_AGO)),
        inserted(read_log_block, lambda: block(9)),
        inserted(read_log_block, lambda: block(forseglet=system_time() + SOON)),
    ],
    read_log_sealed: [inserted(read_log_sealed, lambda: {"row_id": 3, "blok": 1, "hash": "0"})],
    read_log_removed: [
        inserted(read_log_removed, lambda: removed(tid=LONG_AGO)),
        inserted(read_log_removed, lambda: removed(tid=system_time() + SOON)),
        inserted(read_log_removed, lambda: removed(noteret_i=9)),
    ],
}
"""Rows that do not follow from what is there."""


def outcome(connection: Connection, deed: Deed) -> object:
    """Return what becomes of a deed, and undo it."""
    savepoint = connection.begin_nested()
    try:
        return deed(connection)
    except DBAPIError as error:
        return str(error.orig).splitlines()[0]
    finally:
        savepoint.rollback()


def test_each_guard_of_the_read_log_is_needed(engine: Engine) -> None:
    lived(engine)
    dialect = engine.dialect.name
    made = (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        if dialect == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    )
    with engine.connect() as connection:
        # The others are about a youth's events (tests/store/test_kommuner.py).
        every = [(name, table) for name, table in connection.execute(text(made))]
        guards = [one for one in every if one[0].startswith("read_log")]
        assert {table for _, table in guards} == {*(table.name for table in LOG), "state"}
        for name, table in guards:
            connection.begin_nested()
            drop(connection, [one for one in guards if does_for(one[0], name, table)], dialect)
            before = [outcome(connection, deed) for deed in deeds(table, dialect)]
            drop(connection, [(name, table)], dialect)
            after = [outcome(connection, deed) for deed in deeds(table, dialect)]
            changed = [with_it for with_it, without in zip(before, after, strict=True) if with_it != without]
            assert changed, name
            words = ("append-only", "sandbox", "[2, 1]")
            assert all(any(word in str(one) for word in words) for one in changed), (name, changed)
            connection.rollback()


def does_for(other: str, name: str, table: str) -> bool:
    """Return whether another guard refuses the same: a TRUNCATE reaches other tables, and a block that replaces one
    does not follow the last.
    """
    if name.endswith("_whole"):
        return other.endswith("_whole") and other != name
    return name.endswith("_not_replaced") and other.startswith(f"{table}_follows")


def drop(connection: Connection, guards: Iterable[tuple[str, str]], dialect: str) -> None:
    for name, table in guards:
        connection.execute(text(f"DROP TRIGGER {name}" + (f" ON {table}" if dialect == "postgresql" else "")))
