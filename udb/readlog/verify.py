"""Verification of the read log: compute every hash again and compare it with the stored one."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, RowMapping, exists, func, select

from udb.readlog.hashes import BEFORE_THE_FIRST, block_hash, row_hash, rows_hash
from udb.retention.read_log import keeps_from
from udb.store.engine import reading
from udb.store.tables.log import (
    read_log,
    read_log_block,
    read_log_person,
    read_log_removed,
    read_log_sealed,
    read_log_unsealed,
)


@dataclass(frozen=True, slots=True)
class Seal:
    """A block's number and hash, to be kept elsewhere."""

    nummer: int
    hash: str


@dataclass(slots=True)
class Verdict:
    """The result: one line for each fault, and how much was checked.

    ``removed``: how many blocks retention has emptied, by the years it kept them.
    """

    faults: list[str] = field(default_factory=list)
    blocks: int = 0
    removed: dict[int, int] = field(default_factory=dict)
    rows: int = 0
    waiting: int = 0
    last: Seal | None = None


def verify(engine: Engine, kept: Seal | None = None) -> Verdict:
    """Compare every block with its rows and with the block before; ``kept``: a block whose hash was kept elsewhere.

    Raises DatabaseUnavailable.
    """
    if engine.dialect.name == "postgresql":
        # All statements see the same moment, as they do on SQLite.
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    verdict = Verdict()
    with reading(engine) as connection:
        verdict.faults += _blocks(connection, verdict)
        verdict.faults += _outside(connection)
        verdict.waiting = connection.execute(select(func.count()).select_from(read_log_unsealed)).scalar_one()
        if kept is not None:
            verdict.faults += _against(connection, kept)
    return verdict


def _blocks(connection: Connection, verdict: Verdict) -> Iterator[str]:
    removals = {row["blok"]: row for row in connection.execute(select(read_log_removed)).mappings()}
    before = Seal(0, BEFORE_THE_FIRST)
    for block in connection.execute(select(read_log_block).order_by(read_log_block.c.nummer)).mappings().all():
        nummer = block["nummer"]
        yield from (f"Block {missing} is gone." for missing in range(before.nummer + 1, nummer))
        if block_hash(block) != block["hash"]:
            yield f"Block {nummer} was changed."
        if block["forrige"] != before.hash and nummer == before.nummer + 1:
            yield f"Block {nummer} does not follow block {before.nummer}: one of them was replaced."
        if nummer in removals:
            yield from _removal(block, removals[nummer])
            years = removals[nummer]["aar"]
            verdict.removed[years] = verdict.removed.get(years, 0) + 1
        else:
            yield from _rows(connection, block, verdict)
        verdict.blocks += 1
        before = verdict.last = Seal(nummer, block["hash"])
    gone = sorted(removals.keys() - set(range(1, before.nummer + 1)))
    yield from (f"Block {nummer} is gone." for nummer in gone)


def _removal(block: RowMapping, removal: RowMapping) -> Iterator[str]:
    if block["sidste"] >= keeps_from(removal["tid"], removal["aar"]):
        yield f"Block {block['nummer']} was removed before its {removal['aar']} years were over."


def _rows(connection: Connection, block: RowMapping, verdict: Verdict) -> Iterator[str]:
    nummer = block["nummer"]
    sealed = (
        select(read_log, read_log_sealed.c.row_id.label("sealed_id"), read_log_sealed.c.hash.label("sealed_hash"))
        .select_from(read_log_sealed.outerjoin(read_log, read_log.c.id == read_log_sealed.c.row_id))
        .where(read_log_sealed.c.blok == nummer)
        .order_by(read_log_sealed.c.row_id)
    )
    rows = connection.execute(sealed).mappings().all()
    if rows_hash(row["sealed_hash"] for row in rows) != block["raekker"]:
        yield f"The hashes of the rows of block {nummer} were changed: {len(rows)} of {block['antal']} are there."
    persons = _indexed(connection, nummer)
    for row in rows:
        if row["id"] is None:
            yield f"Row {row['sealed_id']} of block {nummer} was removed."
        elif row_hash(row) != row["sealed_hash"]:
            yield f"Row {row['id']} of block {nummer} was changed."
        elif persons.get(row["id"], set()) != set(row["personer"]):
            yield f"The persons by whom row {row['id']} of block {nummer} is found were changed."
    verdict.rows += len(rows)


def _indexed(connection: Connection, block: int) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    query = (
        select(read_log_person.c.row_id, read_log_person.c.person_id)
        .join(read_log_sealed, read_log_sealed.c.row_id == read_log_person.c.row_id)
        .where(read_log_sealed.c.blok == block)
    )
    for row_id, person_id in connection.execute(query):
        found.setdefault(row_id, set()).add(person_id)
    return found


def _outside(connection: Connection) -> Iterator[str]:
    """Yield the rows that are in no block and do not wait for one, and the rows that wait but no longer exist."""
    is_sealed = exists().where(read_log_sealed.c.row_id == read_log.c.id)
    waits = exists().where(read_log_unsealed.c.row_id == read_log.c.id)
    for row_id in connection.execute(select(read_log.c.id).where(~is_sealed, ~waits).order_by(read_log.c.id)).scalars():
        yield f"Row {row_id} is in no block and does not wait for one."
    is_there = exists().where(read_log.c.id == read_log_unsealed.c.row_id)
    lost = select(read_log_unsealed.c.row_id).where(~is_there).order_by(read_log_unsealed.c.row_id)
    for row_id in connection.execute(lost).scalars():
        yield f"Row {row_id} was removed before it was sealed."


def _against(connection: Connection, kept: Seal) -> Iterator[str]:
    query = select(read_log_block.c.hash).where(read_log_block.c.nummer == kept.nummer)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        yield f"Block {kept.nummer}, whose hash was kept, is gone."
    elif found != kept.hash:
        yield f"Block {kept.nummer} is not the one whose hash was kept."
