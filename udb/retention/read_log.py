"""Retention of the read log: old blocks lose their rows and keep their hashes (access.md, Retention)."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, exists, func, insert, select
from sqlalchemy.exc import ProgrammingError

from udb.domain.clock import add_years, system_time
from udb.domain.errors import UdbRefused
from udb.retention.deletion_log import DeletionLog
from udb.store.engine import reading, writing
from udb.store.locks import one_sealing_at_a_time
from udb.store.log_hashes import block_hash, joint_hash, row_hash
from udb.store.tables.log import read_log, read_log_block, read_log_person, read_log_removed, read_log_sealed

LAESELOG: Final = "laeselog"


class Removed(NamedTuple):
    """How many blocks were removed with how many rows. ``kept``: blocks that are not what was sealed, left alone."""

    blocks: int
    rows: int
    kept: tuple[int, ...] = ()


def remove_old(engine: Engine, log: DeletionLog, years: int) -> Removed:
    """Remove the rows of every block whose rows and whose sealing are all more than ``years`` old.

    Each block is removed in its own transaction, with the note that lets the database delete its rows. Raises
    UdbRefused when the database role lacks the right or the deletion log cannot be written, DatabaseUnavailable.
    """
    now = system_time()
    query = select(read_log_block.c.nummer).where(_is_old(now, years), read_log_block.c.antal > 0, ~_GONE)
    with reading(engine) as connection:
        blocks = connection.execute(query.order_by(read_log_block.c.nummer)).scalars().all()
    rows, kept = 0, []
    try:
        for block in blocks:
            with writing(engine) as connection:
                one_sealing_at_a_time(connection)
                if not _is_whole(connection, block):
                    kept.append(block)
                    continue
                log.note(connection, LAESELOG, blokke=[block], aar=years)
                rows += remove(connection, block, now, years)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":
            raise
        raise UdbRefused(
            "This database role may only add to the read log. Use the role that owns the tables."
        ) from None
    return Removed(len(blocks) - len(kept), rows, tuple(kept))


def is_due(connection: Connection, nummer: int, now: datetime, years: int) -> bool:
    """Return whether a block that has its rows is more than ``years`` old and holds what was sealed."""
    query = select(read_log_block.c.nummer).where(read_log_block.c.nummer == nummer, _is_old(now, years))
    return connection.execute(query).first() is not None and _is_whole(connection, nummer)


def _is_old(now: datetime, years: int) -> ColumnElement[bool]:
    # The time of the sealing too: a row that is dated back is kept as long as any other.
    before = keeps_from(now, years)
    return and_(read_log_block.c.sidste < before, read_log_block.c.forseglet < before)


def _is_whole(connection: Connection, nummer: int) -> bool:
    """Return whether a block holds the rows it was sealed with, and its times are theirs.

    The block alone says how old it is: one that was made to look old would otherwise take its rows with it.
    """
    block = connection.execute(select(read_log_block).where(read_log_block.c.nummer == nummer)).mappings().one()
    of_block = select(read_log).join(read_log_sealed, read_log_sealed.c.row_id == read_log.c.id)
    query = of_block.where(read_log_sealed.c.blok == nummer).order_by(read_log.c.id)
    rows = connection.execute(query).mappings().all()
    times = [row["tid"] for row in rows]
    return (
        block_hash(block) == block["hash"]
        and joint_hash(row_hash(row) for row in rows) == block["raekker"]
        and len(rows) == block["antal"]
        and (min(times, default=None), max(times, default=None)) == (block["foerste"], block["sidste"])
    )


def keeps_from(now: datetime, years: int) -> datetime:
    """Return the first instant whose rows are kept ``years``, counted back from ``now`` (UTC)."""
    return datetime.combine(add_years(now.astimezone(UTC).date(), -years), time(), UTC)


def present(connection: Connection, blocks: Collection[int]) -> Sequence[int]:
    """Return those of the blocks that still have their rows."""
    query = select(read_log_block.c.nummer).where(read_log_block.c.nummer.in_(blocks), ~_GONE)
    return connection.execute(query.order_by(read_log_block.c.nummer)).scalars().all()


def remove(connection: Connection, block: int, now: datetime, years: int) -> int:
    """Remove the rows of a block; return how many. The note belongs to the block that is sealed next."""
    following = select(func.coalesce(func.max(read_log_block.c.nummer), 0) + 1).scalar_subquery()
    connection.execute(insert(read_log_removed).values(blok=block, tid=now, aar=years, noteret_i=following))
    of_block = select(read_log_sealed.c.row_id).where(read_log_sealed.c.blok == block)
    connection.execute(delete(read_log_person).where(read_log_person.c.row_id.in_(of_block)))
    rows = connection.execute(delete(read_log).where(read_log.c.id.in_(of_block))).rowcount
    connection.execute(delete(read_log_sealed).where(read_log_sealed.c.blok == block))
    return rows


_GONE: Final = exists().where(read_log_removed.c.blok == read_log_block.c.nummer)
