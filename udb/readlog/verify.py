"""Verification of the read log: compute every hash again, and compare it with the stored and the anchored ones."""

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DataError

from udb.readlog import anchored, blocks, queue
from udb.readlog.anchor import Anchor
from udb.readlog.faults import at
from udb.readlog.verdict import CLOCKS_DIFFER, Seal, Terms, Verdict
from udb.store.engine import reading
from udb.store.tables.log import read_log_block


def verify(engine: Engine, terms: Terms, kept: Seal | None = None, place: Anchor | None = None) -> Verdict:
    """Compare every block with its rows, its notes of removal and the block before.

    ``kept``: a block whose hash was kept elsewhere. ``place``: the anchor to compare with; None: none. Raises
    AnchorUnavailable, DatabaseUnavailable.
    """
    if engine.dialect.name == "postgresql":
        # All statements see the same moment, as they do on SQLite.
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    verdict = Verdict()
    end = place.end() if place is not None else 0
    with reading(engine) as connection:
        verdict.faults += _clock(connection, terms)
        verdict.faults += _compared(blocks.check(connection, terms, verdict), "blocks")
        verdict.faults += _compared(queue.check(connection, terms, verdict), "rows that wait")
        if kept is not None:
            verdict.faults += _against(connection, kept)
        if place is not None:
            after = kept.nummer if kept else 0
            verdict.faults += anchored.check(connection, terms, verdict, place.kept(connection, end), after=after)
    return verdict


def _compared(faults: Iterator[str], what: str) -> Iterator[str]:
    """Yield the faults, and one where the database holds what its columns cannot mean, as SQLite's may."""
    try:
        yield from faults
    except (ValueError, TypeError, DataError) as error:
        yield f"Among the {what} is something that is no value ({type(error).__name__}): the rest was not compared."


def _clock(connection: Connection, terms: Terms) -> Iterator[str]:
    """Yield a fault when this machine's clock, by which all is judged, is not the database's."""
    if connection.dialect.name == "postgresql":
        theirs = connection.execute(select(func.clock_timestamp())).scalar_one()
        if abs(theirs - terms.now) > CLOCKS_DIFFER:
            yield f"The clock of this machine, {at(terms.now)}, is not that of the database, {at(theirs)}."


def _against(connection: Connection, kept: Seal) -> Iterator[str]:
    query = select(read_log_block.c.hash).where(read_log_block.c.nummer == kept.nummer)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        yield f"Block {kept.nummer}, whose hash was kept, is gone."
    elif found != kept.hash:
        yield f"Block {kept.nummer} is not the one whose hash was kept."
