"""Verification of the blocks: each one's hashes, times, rows and notes of removal, and the block before it."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, RowMapping, select

from udb.readlog import removals
from udb.readlog.faults import at, each, gone
from udb.readlog.sealing import LARGEST_BLOCK
from udb.readlog.verdict import CLOCKS_DIFFER, Seal, Terms, Verdict
from udb.store.log_hashes import BEFORE_THE_FIRST, block_hash, joint_hash, row_hash
from udb.store.tables.log import read_log, read_log_block, read_log_person, read_log_removed, read_log_sealed

_AT_ONCE: Final = 500


def check(connection: Connection, terms: Terms, verdict: Verdict) -> Iterator[str]:
    """Yield each fault of a block, and count blocks, rows and removals."""
    before: RowMapping | None = None
    for page in _pages(connection):
        held = removals.by_block(connection, read_log_removed.c.noteret_i, page)
        removed = removals.by_block(connection, read_log_removed.c.blok, page)
        for block in page:
            nummer = block["nummer"]
            yield from _chain(block, before, terms)
            yield from removals.held(block, held.get(nummer, []))
            for removal in removed.get(nummer, []):
                yield from removals.check(block, removal, terms)
                verdict.removed[removal["aar"]] = verdict.removed.get(removal["aar"], 0) + 1
            if nummer not in removed:
                yield from _rows(connection, block, verdict)
            verdict.blocks += 1
            verdict.last = Seal(nummer, block["hash"])
            before = block
    yield from removals.outside(connection, verdict.last.nummer if verdict.last else 0, terms)


def _pages(connection: Connection) -> Iterator[Sequence[RowMapping]]:
    """Yield the blocks in order, some at a time: there is one for each minute of the log."""
    query = select(read_log_block).order_by(read_log_block.c.nummer).limit(_AT_ONCE)
    page: Sequence[RowMapping] = connection.execute(query).mappings().all()
    while page:
        yield page
        page = connection.execute(query.where(read_log_block.c.nummer > page[-1]["nummer"])).mappings().all()


def _chain(block: RowMapping, before: RowMapping | None, terms: Terms) -> Iterator[str]:
    nummer = block["nummer"]
    follows = before["nummer"] + 1 if before else 1
    if follows < nummer:
        yield gone(follows, nummer - 1)
    if block_hash(block) != block["hash"]:
        yield f"Block {nummer} was changed."
    if follows == nummer and block["forrige"] != (before["hash"] if before else BEFORE_THE_FIRST):
        yield f"Block {nummer} does not follow block {nummer - 1}: one of them was replaced."
    if block["forseglet"] > terms.now + CLOCKS_DIFFER:
        yield f"Block {nummer} is dated ahead: {at(block['forseglet'])}."
    elif before and before["forseglet"] > block["forseglet"] + CLOCKS_DIFFER:
        yield f"Block {before['nummer']} is dated after block {nummer}: {at(before['forseglet'])}."
    # A full block leaves earlier rows to the next one.
    elif before and before["antal"] < LARGEST_BLOCK and block["foerste"] < before["forseglet"] - CLOCKS_DIFFER:
        yield f"Block {nummer} has rows that are dated before block {before['nummer']}, from {at(block['foerste'])} on."
    if block["sidste"] > block["forseglet"] + CLOCKS_DIFFER:
        yield f"Block {nummer} has rows that are dated after its sealing, up to {at(block['sidste'])}."


def _rows(connection: Connection, block: RowMapping, verdict: Verdict) -> Iterator[str]:
    nummer = block["nummer"]
    sealed = (
        select(read_log, read_log_sealed.c.row_id.label("sealed_id"), read_log_sealed.c.hash.label("sealed_hash"))
        .select_from(read_log_sealed.outerjoin(read_log, read_log.c.id == read_log_sealed.c.row_id))
        .where(read_log_sealed.c.blok == nummer)
        .order_by(read_log_sealed.c.row_id)
    )
    rows = connection.execute(sealed).mappings().all()
    verdict.rows += len(rows)
    if joint_hash(row["sealed_hash"] for row in rows) != block["raekker"]:
        yield f"The hashes of the rows of block {nummer} were changed: {len(rows)} of {block['antal']} are there."
    missing = (row["sealed_id"] for row in rows if row["id"] is None)
    yield from each("Row", missing, f"of block {nummer} was removed.", f"of block {nummer} were removed.")
    there = [row for row in rows if row["id"] is not None]
    changed = {row["id"]: None for row in there if row_hash(row) != row["sealed_hash"]}
    yield from each("Row", changed, f"of block {nummer} was changed.", f"of block {nummer} were changed.")
    persons = _indexed(connection, nummer)
    moved = (
        row["id"] for row in there if not _is_found(row, persons.get(row["id"], set())) and row["id"] not in changed
    )
    yield from each("The persons of row", moved, f"of block {nummer}, by which it is found, were changed.")
    if rows and len(there) == len(rows) and not changed and not _is_described(block, rows):
        yield f"Block {nummer} gives its rows another number or other times than they have."


def _is_found(row: RowMapping, indexed: set[int]) -> bool:
    named = row["personer"]
    return isinstance(named, list) and all(isinstance(one, int) for one in named) and set(named) == indexed


def _is_described(block: RowMapping, rows: Sequence[RowMapping]) -> bool:
    times = [row["tid"] for row in rows]
    # That some are missing is named by itself.
    is_whole = joint_hash(row["sealed_hash"] for row in rows) == block["raekker"]
    return not is_whole or (len(rows), min(times), max(times)) == (block["antal"], block["foerste"], block["sidste"])


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
