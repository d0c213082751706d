"""Rows of the read log, added and tampered with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Row, insert, select, text, update

from udb.domain.clock import system_time
from udb.readlog import sealing
from udb.store.engine import writing
from udb.store.log_hashes import block_hash, joint_hash, row_hash
from udb.store.tables.log import read_log, read_log_block, read_log_sealed


def row(number: int, tid: datetime | None = None) -> dict[str, Any]:
    """Return a row about two persons."""
    return {
        "id": number,
        "tid": tid or system_time(),
        "system_id": "afproever",
        "institution_nummer": "281111",
        "operation": "HentHaendelser",
        "correlation_id": f"{number:036}",
        "klausul": "A1",
        "personer": [number, number + 1],
    }


def add(engine: Engine, *numbers: int, tid: datetime | None = None) -> None:
    """Add rows with these numbers."""
    with writing(engine) as connection:
        connection.execute(insert(read_log), [row(number, tid) for number in numbers])


def seal_at(engine: Engine, instant: datetime) -> int:
    """Seal what waits when it is that time; return how many blocks that made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "system_time", lambda: instant)
        return sealing.seal(engine)


@contextmanager
def tampering(engine: Engine) -> Iterator[Connection]:
    """Connect with the triggers and constraints of the read log switched off."""
    triggers: Sequence[Row[Any]] = ()
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            made = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'read_log%'"
            triggers = connection.execute(text(made)).all()
            for name, _ in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        for _, statement in triggers:
            connection.exec_driver_sql(statement)


def forge(connection: Connection, nummer: int, forrige: str | None = None) -> str:
    """Change a row of a block and compute all its hashes again."""
    of_block = select(read_log_sealed.c.row_id).where(read_log_sealed.c.blok == nummer)
    connection.execute(update(read_log).where(read_log.c.id.in_(of_block)).values(system_id="en anden"))
    hashes = []
    rows = connection.execute(select(read_log).where(read_log.c.id.in_(of_block)).order_by(read_log.c.id))
    for one in rows.mappings().all():
        hashes.append(row_hash(one))
        its_own = read_log_sealed.c.row_id == one["id"]
        connection.execute(update(read_log_sealed).where(its_own).values(hash=hashes[-1]))
    this = select(read_log_block).where(read_log_block.c.nummer == nummer)
    block = {**connection.execute(this).mappings().one(), "raekker": joint_hash(hashes)}
    if forrige is not None:
        block["forrige"] = forrige
    block["hash"] = block_hash(block)
    connection.execute(update(read_log_block).where(read_log_block.c.nummer == nummer).values(block))
    return str(block["hash"])
