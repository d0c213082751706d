"""Verification of what retention removed.

Each note belongs to the hash of the block sealed next. It is judged by today and by the years of the settings, never by
its own word alone.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Column, Connection, RowMapping, exists, func, select

from udb.readlog.faults import at, each
from udb.readlog.verdict import CLOCKS_DIFFER, Terms
from udb.retention.read_log import keeps_from
from udb.store.log_hashes import joint_hash, note_hash
from udb.store.tables.log import read_log_block, read_log_removed, read_log_sealed


def by_block(connection: Connection, column: Column[int], blocks: Sequence[RowMapping]) -> dict[int, list[RowMapping]]:
    """Return the notes that name one of these blocks in ``column``, by its number."""
    query = select(read_log_removed).where(column.between(blocks[0]["nummer"], blocks[-1]["nummer"]))
    found: dict[int, list[RowMapping]] = {}
    for note in connection.execute(query.order_by(read_log_removed.c.blok)).mappings():
        found.setdefault(note[column.name], []).append(note)
    return found


def held(block: RowMapping, notes: Sequence[RowMapping]) -> Iterator[str]:
    """Yield the faults of the notes that a block's hash holds."""
    nummer = block["nummer"]
    if (joint_hash(note_hash(note) for note in notes) if notes else None) != block["fjernelser"]:
        yield f"The notes of removal in block {nummer} were changed: {len(notes)} are there."
    ahead = (note["blok"] for note in notes if note["tid"] > block["forseglet"] + CLOCKS_DIFFER)
    yield from each("The removal of block", ahead, f"is dated after block {nummer}, which holds its note.")


def check(block: RowMapping, removal: RowMapping, terms: Terms) -> Iterator[str]:
    """Yield the faults of the removal of a block's rows."""
    nummer = block["nummer"]
    latest = max(block["sidste"], block["forseglet"])
    if removal["tid"] > terms.now + CLOCKS_DIFFER:
        yield f"The removal of block {nummer} is dated ahead: {at(removal['tid'])}."
    if latest >= keeps_from(removal["tid"], removal["aar"]):
        yield f"Block {nummer} was removed before its {removal['aar']} years were over."
    elif latest >= keeps_from(terms.now, terms.aar):
        yield f"Block {nummer} was removed, and its {terms.aar} years are not over today."


def outside(connection: Connection, last: int, terms: Terms) -> Iterator[str]:
    """Yield the faults of notes and rows that belong to no block. ``last``: the number of the last block."""
    is_there = exists().where(read_log_block.c.nummer == read_log_removed.c.blok)
    gone = select(read_log_removed.c.blok).where(~is_there).order_by(read_log_removed.c.blok)
    yield from each("Block", connection.execute(gone).scalars(), "is gone.", "are gone.")
    left = (
        select(read_log_sealed.c.blok, func.count())
        .join(read_log_removed, read_log_removed.c.blok == read_log_sealed.c.blok)
        .group_by(read_log_sealed.c.blok)
        .order_by(read_log_sealed.c.blok)
    )
    yield from (f"Block {nummer} was removed and has rows: {rows}." for nummer, rows in connection.execute(left))
    query = select(read_log_removed).where(read_log_removed.c.noteret_i > last).order_by(read_log_removed.c.blok)
    waiting = connection.execute(query).mappings().all()
    never = (note["blok"] for note in waiting if note["noteret_i"] != last + 1)
    yield from each("The removal of block", never, "is noted in no block.")
    if terms.waits is not None:
        late = (note["blok"] for note in waiting if note["tid"] < terms.now - terms.waits)
        yield from each("The removal of block", late, "should be noted in a block. Run: udb log seal")
