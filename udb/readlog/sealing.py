"""Sealing of the read log: what waits becomes a numbered block with the hash of the block before.

Rows wait, and notes of removal, which retention writes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, RowMapping, delete, exists, func, insert, select
from sqlalchemy.exc import IntegrityError

from udb.domain.clock import system_time
from udb.domain.errors import UdbRefused
from udb.store.engine import reading, writing
from udb.store.locks import is_only_sealing
from udb.store.log_hashes import BEFORE_THE_FIRST, block_hash, joint_hash, note_hash, row_hash
from udb.store.tables.log import read_log, read_log_block, read_log_removed, read_log_sealed, read_log_unsealed

LARGEST_BLOCK: Final = 2_000
"""More rows than this make several blocks, each in its own transaction, so that other writers do not wait long."""
AT_ONCE: Final = timedelta(0)
_OTHER_CLOCK: Final = "not the time of the database"
"""What the trigger on ``read_log_block`` says (migration 0007)."""


def seal(engine: Engine, *, unless_within: timedelta = AT_ONCE) -> int:
    """Seal what waits and return how many blocks that made.

    None is made when the latest is younger than ``unless_within``, or another process is sealing. Raises UdbRefused
    when this machine's clock is not the database's, DatabaseUnavailable.
    """
    if not _has_work(engine, unless_within):
        return 0
    made = 0
    while (sealed := _seal_block(engine, unless_within if made == 0 else AT_ONCE)) is not None:
        made += 1
        if sealed < LARGEST_BLOCK:
            break
    return made


def waits_since(engine: Engine, limit: timedelta) -> datetime | None:
    """Return since when rows wait that have waited longer than ``limit``, None when none has.

    Whatever keeps them: any role of the database can hold the lock of the sealing. Raises DatabaseUnavailable.
    """
    waiting = select(func.min(read_log.c.tid)).join(read_log_unsealed, read_log_unsealed.c.row_id == read_log.c.id)
    with reading(engine) as connection:
        since: datetime | None = connection.execute(waiting.where(read_log.c.tid < system_time() - limit)).scalar_one()
    return since


def _has_work(engine: Engine, unless_within: timedelta) -> bool:
    # On SQLite a query that writes nothing blocks no writer.
    with reading(engine) as connection:
        latest = _latest(connection)
        waits = connection.execute(select(read_log_unsealed.c.row_id).limit(1)).first() is not None
        return (waits or bool(_notes(connection, latest))) and _is_due(latest, unless_within)


def _seal_block(engine: Engine, unless_within: timedelta) -> int | None:
    """Seal one block and return its number of rows, None when there was nothing to do."""
    with writing(engine) as connection:
        if not is_only_sealing(connection):
            return None
        latest = _latest(connection)
        waiting = (
            select(read_log)
            .join(read_log_unsealed, read_log_unsealed.c.row_id == read_log.c.id)
            .order_by(read_log.c.id)
        )
        rows = connection.execute(waiting.limit(LARGEST_BLOCK)).mappings().all()
        notes = _notes(connection, latest)
        if not (rows or notes) or not _is_due(latest, unless_within):
            return None
        _store_block(connection, latest, rows, notes, system_time())
        return len(rows)


def seal_past(connection: Connection, until: datetime) -> None:
    """Seal the waiting rows from before ``until`` in one block of that time, in a log that is made with its past.

    The caller holds the lock of the sealing, and there are at most ``LARGEST_BLOCK`` such rows.
    """
    waiting = (
        select(read_log)
        .join(read_log_unsealed, read_log_unsealed.c.row_id == read_log.c.id)
        .where(read_log.c.tid < until)
        .order_by(read_log.c.id)
    )
    rows = connection.execute(waiting).mappings().all()
    _store_block(connection, _latest(connection), rows, [], until)


def _store_block(
    connection: Connection,
    latest: RowMapping | None,
    rows: Sequence[RowMapping],
    notes: Sequence[RowMapping],
    now: datetime,
) -> None:
    hashes = [row_hash(row) for row in rows]
    block = _block(latest, [row["tid"] for row in rows], hashes, [note_hash(note) for note in notes], now)
    _insert(connection, block)
    if rows:
        _leave_the_queue(connection, block["nummer"], rows, hashes)


def _block(
    latest: RowMapping | None, times: Sequence[datetime], hashes: Sequence[str], notes: Sequence[str], now: datetime
) -> dict[str, Any]:
    block = {
        "nummer": latest["nummer"] + 1 if latest else 1,
        "forrige": latest["hash"] if latest else BEFORE_THE_FIRST,
        "raekker": joint_hash(hashes),
        "antal": len(hashes),
        "foerste": min(times, default=now),
        "sidste": max(times, default=now),
        "forseglet": now,
        "fjernelser": joint_hash(notes) if notes else None,
    }
    return {**block, "hash": block_hash(block)}


def _insert(connection: Connection, block: dict[str, Any]) -> None:
    try:
        connection.execute(insert(read_log_block).values(block))
    except IntegrityError as error:
        if _OTHER_CLOCK not in str(error.orig):
            raise
        raise UdbRefused(
            "The clock of this machine is ten minutes ahead of the database's, or behind the last block: nothing was "
            "sealed. Set the clock, then run: udb log seal"
        ) from None


def _leave_the_queue(connection: Connection, nummer: int, rows: Sequence[RowMapping], hashes: Sequence[str]) -> None:
    connection.execute(
        insert(read_log_sealed),
        [{"row_id": row["id"], "blok": nummer, "hash": found} for row, found in zip(rows, hashes, strict=True)],
    )
    now_sealed = exists().where(
        read_log_sealed.c.row_id == read_log_unsealed.c.row_id, read_log_sealed.c.blok == nummer
    )
    connection.execute(delete(read_log_unsealed).where(now_sealed))


def _latest(connection: Connection) -> RowMapping | None:
    query = select(read_log_block).order_by(read_log_block.c.nummer.desc()).limit(1)
    return connection.execute(query).mappings().one_or_none()


def _notes(connection: Connection, latest: RowMapping | None) -> Sequence[RowMapping]:
    """Return the notes of removal that belong to the block after the latest."""
    if latest is None:
        return []
    query = select(read_log_removed).where(read_log_removed.c.noteret_i == latest["nummer"] + 1)
    return connection.execute(query.order_by(read_log_removed.c.blok)).mappings().all()


def _is_due(latest: RowMapping | None, unless_within: timedelta) -> bool:
    # A block that is dated ahead keeps none from being sealed: verification names it.
    return latest is None or not timedelta(0) <= system_time() - latest["forseglet"] < unless_within
