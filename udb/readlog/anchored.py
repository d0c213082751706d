"""Verification against the anchor: what it holds must be in the log, and in time.

A block is protected from the moment that it, or one after it, was anchored. Who takes anchors away, seals again and
anchors that would be right in every hash, but late.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from typing import Final

from sqlalchemy import Connection, RowMapping, func, select

from udb.readlog.anchor import Anchored
from udb.readlog.faults import at, each, named
from udb.readlog.verdict import CLOCKS_DIFFER, Terms, Verdict
from udb.store.tables.log import read_log_block

_AT_ONCE: Final = 500


def check(
    connection: Connection, terms: Terms, verdict: Verdict, anchors: Iterable[Anchored | str], *, after: int
) -> Iterator[str]:
    """Yield each fault, and count the anchors.

    ``after``: a block whose hash was kept elsewhere; that one before it came late was to be seen then, and is a notice.
    """
    last = 0
    gone: list[int] = []
    for batch in _batches(_readable(anchors, verdict)):
        query = select(read_log_block).where(read_log_block.c.nummer.in_([one.nummer for one in batch]))
        blocks = {block["nummer"]: block for block in connection.execute(query).mappings()}
        verdict.anchored += len(batch)
        gone += (one.nummer for one in batch if one.nummer not in blocks)
        for one in batch:
            yield from _differs(one, blocks.get(one.nummer))
        # What was made up for at once is one line.
        for tid, together in groupby(batch, lambda one: one.tid):
            until = max(one.nummer for one in together)
            late = [] if tid is None else [*_late(connection, last, until, tid, terms)]
            if until <= after:
                verdict.notices += late
            else:
                yield from late
            last = max(last, until)
    yield from each("Block", sorted(set(gone)), "was anchored and is gone.", "were anchored and are gone.")
    yield from _never(connection, last, terms)


def _differs(one: Anchored, block: RowMapping | None) -> Iterator[str]:
    if block is None:
        return
    if block["hash"] != one.hash:
        yield f"Block {one.nummer} is not the one that was anchored."
    if one.tid is not None and one.tid < block["forseglet"] - CLOCKS_DIFFER:
        yield f"Block {one.nummer} is dated after its anchor, which is of {at(one.tid)}."


def _readable(anchors: Iterable[Anchored | str], verdict: Verdict) -> Iterator[Anchored]:
    for one in anchors:
        if isinstance(one, str):
            verdict.notices.append(one)
        else:
            yield one


def _batches(anchors: Iterator[Anchored]) -> Iterator[list[Anchored]]:
    while batch := list(islice(anchors, _AT_ONCE)):
        yield batch


def _late(connection: Connection, last: int, nummer: int, tid: datetime, terms: Terms) -> Iterator[str]:
    """Yield the line for blocks after ``last`` whose rows were there long before this anchor."""
    if terms.waits is None:
        return
    between = read_log_block.c.nummer.between(last + 1, nummer)
    query = select(func.min(read_log_block.c.nummer), func.max(read_log_block.c.nummer))
    first, until = connection.execute(query.where(between, read_log_block.c.foerste < tid - terms.waits)).one()
    if first is not None:
        yield (f"{named('Block', first, until)} came late to the anchor, at {at(tid)}: no change before is known.")


def _never(connection: Connection, last: int, terms: Terms) -> Iterator[str]:
    if terms.waits is None:
        return
    late = select(read_log_block.c.nummer).where(
        read_log_block.c.nummer > last, read_log_block.c.forseglet < terms.now - terms.waits
    )
    numbers = connection.execute(late.order_by(read_log_block.c.nummer)).scalars()
    yield from each("Block", numbers, "is not anchored.", "are not anchored.")
