"""Verification of the rows outside the blocks: those that wait, too long perhaps, and those that should."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, exists, func, select

from udb.readlog.faults import at, each
from udb.readlog.verdict import CLOCKS_DIFFER, Terms, Verdict
from udb.store.tables.log import read_log, read_log_sealed, read_log_unsealed

_AT_ONCE: Final = 10_000


def check(connection: Connection, terms: Terms, verdict: Verdict) -> Iterator[str]:
    """Yield each fault, and count the rows that wait."""
    is_sealed = exists().where(read_log_sealed.c.row_id == read_log.c.id)
    waits = exists().where(read_log_unsealed.c.row_id == read_log.c.id)
    query = select(read_log.c.id).where(~is_sealed, ~waits).order_by(read_log.c.id)
    # Of a log without blocks these are all its rows.
    loose = connection.execute(query, execution_options={"yield_per": _AT_ONCE}).scalars()
    yield from each("Row", loose, "is in no block and does not wait for one.", "are in no block and wait for none.")
    is_there = exists().where(read_log.c.id == read_log_unsealed.c.row_id)
    lost = select(read_log_unsealed.c.row_id).where(~is_there).order_by(read_log_unsealed.c.row_id)
    lines = connection.execute(lost).scalars()
    yield from each("Row", lines, "was removed before it was sealed.", "were removed before they were sealed.")
    verdict.waiting = connection.execute(select(func.count()).select_from(read_log_unsealed)).scalar_one()
    yield from _times(connection, terms)


def _times(connection: Connection, terms: Terms) -> Iterator[str]:
    waiting = select(func.count(), func.min(read_log.c.tid), func.max(read_log.c.tid)).join(
        read_log_unsealed, read_log_unsealed.c.row_id == read_log.c.id
    )
    if terms.waits is not None:
        late, since, _ = connection.execute(waiting.where(read_log.c.tid < terms.now - terms.waits)).one()
        if late:
            yield (
                f"Of the rows that wait, {late} should be in a block, one since {at(since)}: nothing protects them. "
                "Run: udb log seal"
            )
    ahead, _, until = connection.execute(waiting.where(read_log.c.tid > terms.now + CLOCKS_DIFFER)).one()
    if ahead:
        yield f"Of the rows that wait, {ahead} are dated ahead, up to {at(until)}."
