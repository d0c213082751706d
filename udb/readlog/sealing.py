"""Sealing of the read log: the rows that wait become a numbered block with the hash of the block before."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, RowMapping, delete, exists, func, insert, select

from udb.domain.clock import system_time
from udb.readlog.hashes import BEFORE_THE_FIRST, block_hash, row_hash, rows_hash
from udb.store.engine import reading, writing
from udb.store.tables.log import read_log, read_log_block, read_log_sealed, read_log_unsealed

LARGEST_BLOCK: Final = 2_000
"""More rows than this make several blocks, each in its own transaction, so that other writers do not wait long."""
AT_ONCE: Final = timedelta(0)
_ONE_AT_A_TIME: Final = 7_029_004


def seal(engine: Engine, *, unless_within: timedelta = AT_ONCE) -> int:
    """Seal the rows that wait and return how many blocks that made.

    None is made when the latest is younger than ``unless_within``, or another process is sealing. Raises
    DatabaseUnavailable.
    """
    if not _has_work(engine, unless_within):
        return 0
    made = 0
    while (sealed := _seal_block(engine, unless_within if made == 0 else AT_ONCE)) is not None:
        made += 1
        if sealed < LARGEST_BLOCK:
            break
    return made


def wait_for_sealing(connection: Connection) -> None:
    """Wait for a running sealing to end, and let others wait until this transaction has ended.

    On SQLite there is only one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))


def _has_work(engine: Engine, unless_within: timedelta) -> bool:
    # On SQLite a query that writes nothing blocks no writer.
    with reading(engine) as connection:
        waits = connection.execute(select(read_log_unsealed.c.row_id).limit(1)).first() is not None
        return waits and _is_due(_latest(connection), unless_within)


def _seal_block(engine: Engine, unless_within: timedelta) -> int | None:
    """Seal one block and return its number of rows, None when there was nothing to do."""
    with writing(engine) as connection:
        if not _is_my_turn(connection):
            return None
        latest = _latest(connection)
        waiting = (
            select(read_log)
            .join(read_log_unsealed, read_log_unsealed.c.row_id == read_log.c.id)
            .order_by(read_log.c.id)
        )
        rows = connection.execute(waiting.limit(LARGEST_BLOCK)).mappings().all()
        if not rows or not _is_due(latest, unless_within):
            return None
        hashes = [row_hash(row) for row in rows]
        block: dict[str, Any] = {
            "nummer": latest["nummer"] + 1 if latest else 1,
            "forrige": latest["hash"] if latest else BEFORE_THE_FIRST,
            "raekker": rows_hash(hashes),
            "antal": len(rows),
            "foerste": min(row["tid"] for row in rows),
            "sidste": max(row["tid"] for row in rows),
            "forseglet": system_time(),
        }
        connection.execute(insert(read_log_block).values(**block, hash=block_hash(block)))
        connection.execute(
            insert(read_log_sealed),
            [
                {"row_id": row["id"], "blok": block["nummer"], "hash": found}
                for row, found in zip(rows, hashes, strict=True)
            ],
        )
        now_sealed = exists().where(
            read_log_sealed.c.row_id == read_log_unsealed.c.row_id, read_log_sealed.c.blok == block["nummer"]
        )
        connection.execute(delete(read_log_unsealed).where(now_sealed))
        return len(rows)


def _is_my_turn(connection: Connection) -> bool:
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(select(func.pg_try_advisory_xact_lock(_ONE_AT_A_TIME))).scalar_one())


def _latest(connection: Connection) -> RowMapping | None:
    query = select(read_log_block).order_by(read_log_block.c.nummer.desc()).limit(1)
    return connection.execute(query).mappings().one_or_none()


def _is_due(latest: RowMapping | None, unless_within: timedelta) -> bool:
    return latest is None or system_time() - latest["forseglet"] >= unless_within
