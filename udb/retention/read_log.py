"""Retention of the read log: old blocks lose their rows and keep their hashes (access.md, Retention)."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time
from typing import Final

from sqlalchemy import Connection, Engine, delete, exists, insert, select
from sqlalchemy.exc import ProgrammingError

from udb.domain.clock import add_years, system_time
from udb.domain.errors import UdbRefused
from udb.retention.deletion_log import DeletionLog
from udb.store.engine import reading, writing
from udb.store.tables.log import read_log, read_log_block, read_log_person, read_log_removed, read_log_sealed

LAESELOG: Final = "laeselog"


def remove_old(engine: Engine, log: DeletionLog, years: int) -> tuple[int, int]:
    """Remove the rows of every block whose latest row is more than ``years`` old; return how many blocks and rows.

    Each block is removed in its own transaction, with the note that lets the database delete its rows. Raises
    UdbRefused when the database role lacks the right or the deletion log cannot be written, DatabaseUnavailable.
    """
    now = system_time()
    before = keeps_from(now, years)
    query = select(read_log_block.c.nummer).where(read_log_block.c.sidste < before, ~_GONE)
    with reading(engine) as connection:
        blocks = connection.execute(query.order_by(read_log_block.c.nummer)).scalars().all()
    rows = 0
    try:
        for block in blocks:
            with writing(engine) as connection:
                log.note(connection, LAESELOG, blokke=[block], aar=years)
                rows += remove(connection, block, now, years)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":
            raise
        raise UdbRefused(
            "This database role may only add to the read log. Use the role that owns the tables."
        ) from None
    return len(blocks), rows


def keeps_from(now: datetime, years: int) -> datetime:
    """Return the first instant whose rows are kept ``years``, counted back from ``now`` (UTC)."""
    return datetime.combine(add_years(now.astimezone(UTC).date(), -years), time(), UTC)


def present(connection: Connection, blocks: Collection[int]) -> Sequence[int]:
    """Return those of the blocks that still have their rows."""
    query = select(read_log_block.c.nummer).where(read_log_block.c.nummer.in_(blocks), ~_GONE)
    return connection.execute(query.order_by(read_log_block.c.nummer)).scalars().all()


def remove(connection: Connection, block: int, now: datetime, years: int) -> int:
    """Remove the rows of a block; return how many."""
    connection.execute(insert(read_log_removed).values(blok=block, tid=now, aar=years))
    of_block = select(read_log_sealed.c.row_id).where(read_log_sealed.c.blok == block)
    connection.execute(delete(read_log_person).where(read_log_person.c.row_id.in_(of_block)))
    rows = connection.execute(delete(read_log).where(read_log.c.id.in_(of_block))).rowcount
    connection.execute(delete(read_log_sealed).where(read_log_sealed.c.blok == block))
    return rows


_GONE: Final = exists().where(read_log_removed.c.blok == read_log_block.c.nummer)
