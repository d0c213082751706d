"""Retention of the read log: the rows of old blocks go, the blocks and their hashes stay (access.md, Retention)."""

from datetime import UTC, datetime, time

from sqlalchemy import Engine, delete, exists, insert, select
from sqlalchemy.exc import ProgrammingError

from udb.clock import add_years, system_time
from udb.errors import UdbRefused
from udb.store.engine import reading, writing
from udb.store.log_tables import read_log, read_log_block, read_log_person, read_log_removed, read_log_sealed


def remove_old(engine: Engine, years: int) -> tuple[int, int]:
    """Remove the rows of every block whose latest row is more than ``years`` old; gives how many blocks and rows.

    Each block in a transaction of its own, with the note that lets the database delete them. Raises UdbRefused when the
    database's role may not, DatabaseUnavailable.
    """
    now = system_time()
    gone = exists().where(read_log_removed.c.blok == read_log_block.c.nummer)
    before = keeps_from(now, years)
    query = select(read_log_block.c.nummer).where(read_log_block.c.sidste < before, ~gone)
    with reading(engine) as connection:
        blocks = connection.execute(query.order_by(read_log_block.c.nummer)).scalars().all()
    try:
        rows = sum(_remove(engine, block, now, years) for block in blocks)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":
            raise
        raise UdbRefused(
            "This database role may only add to the read log. Use the role that owns the tables."
        ) from None
    return len(blocks), rows


def keeps_from(now: datetime, years: int) -> datetime:
    """The first instant whose rows are kept ``years``, as counted at ``now``."""
    return datetime.combine(add_years(now.astimezone(UTC).date(), -years), time(), UTC)


def _remove(engine: Engine, block: int, now: datetime, years: int) -> int:
    with writing(engine) as connection:
        connection.execute(insert(read_log_removed).values(blok=block, tid=now, aar=years))
        of_block = select(read_log_sealed.c.row_id).where(read_log_sealed.c.blok == block)
        connection.execute(delete(read_log_person).where(read_log_person.c.row_id.in_(of_block)))
        rows = connection.execute(delete(read_log).where(read_log.c.id.in_(of_block))).rowcount
        connection.execute(delete(read_log_sealed).where(read_log_sealed.c.blok == block))
        return rows
