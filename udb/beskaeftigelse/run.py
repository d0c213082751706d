"""Store the noted events in batches.

Each batch is one transaction, so that a run that was stopped can continue (docs/architecture.md, decision 1: persons
first, at most 1,000 numbers, numbers last). On PostgreSQL the series are updated at the same time, and the next batch
locks its youths while one stores its events.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, func, select, update

from udb.beskaeftigelse import pending_events, write_events
from udb.beskaeftigelse.month_result import work_out
from udb.beskaeftigelse.serie import go_on
from udb.domain.errors import DatabaseUnavailable
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import allow_memory, writing
from udb.store.locks import lock_persons, no_import_beside, one_import_at_a_time
from udb.store.tables.indkomst import indkomst_nyt, indkomst_venter, indkomstmaaned

MOST_NUMBERS: Final = 1000
_AHEAD: Final = {"postgresql": 1, "sqlite": 0}
"""How many batches are begun while one is stored; SQLite has one writer."""

Done = Callable[[int, int], None]
"""Called with how many rows of news are stored, and how many there are."""
BatchResult = tuple[int, int]
"""How many events a batch stored, and from how many rows of news."""


def calculate(engine: Engine, done: Done = lambda _done, _total: None) -> int:
    """Calculate everyone who waits, store the new events, and note that the months are delivered.

    Returns how many events were stored.
    """
    events = stored = 0
    while left := _left(engine):
        total = stored + left
        with ThreadPoolExecutor(1) as series:
            series.submit(_go_on, engine)
            for new_events, news in _tell(engine):
                events += new_events
                stored += news
                done(min(stored, total), total)
    return events


def _go_on(engine: Engine) -> None:
    """Update the series while the events are stored, on PostgreSQL; if it fails, ``_left`` does it."""
    if engine.dialect.name == "postgresql":
        with writing(engine) as connection:
            no_import_beside(connection)
            go_on(connection)


def _left(engine: Engine) -> int:
    """Calculate everyone who waits, and return how many rows of news there are; with none the months are delivered.

    Called again when all news is stored: another import may have come in between two batches.
    """
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        if connection.execute(select(indkomst_venter.c.person_id).limit(1)).first() is not None:
            allow_memory(connection)
            go_on(connection)
            work_out(connection, load_codes(connection))
        left = int(connection.execute(select(func.count()).select_from(indkomst_nyt)).scalar_one())
        if not left:
            go_on(connection)
            _delivered(connection)
        return left


def _delivered(connection: Connection) -> None:
    today = state.now(connection).date()
    connection.execute(update(indkomstmaaned).where(indkomstmaaned.c.leveret.is_(None)).values(leveret=today))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Youths in ascending id, who are locked, and whose news is gathered.

    ``events``: how many events it makes; ``seen``: the youths whose stored events must be checked.
    """

    ids: Sequence[int]
    events: int
    seen: Sequence[int]
    now: datetime


def _tell(engine: Engine) -> Iterator[BatchResult]:
    """Store the news, batch by batch. When a batch fails, the one already begun may still be stored."""
    ahead, last = _AHEAD[engine.dialect.name], 0
    batches: deque[Future[BatchResult]] = deque()
    with ThreadPoolExecutor(1) as storing:
        while True:
            with ExitStack() as transaction:
                try:
                    connection = transaction.enter_context(writing(engine))
                    no_import_beside(connection)
                    batch = _locked(connection, last)
                except DatabaseUnavailable:
                    # The error of the batch before says more.
                    for earlier in batches:
                        earlier.result()
                    raise
                if batch is None:
                    break
                last = batch.ids[-1]
                batches.append(storing.submit(_end, transaction.pop_all(), connection, batch))
            if len(batches) > ahead:
                yield batches.popleft().result()
        for earlier in batches:
            yield earlier.result()


def _locked(connection: Connection, after: int) -> _Batch | None:
    """Return the next batch, with all done that can be before its numbers are drawn; None when there is none."""
    ids = _youths(connection, after)
    if not ids:
        return None
    lock_persons(connection, ids)
    # Read with the youths locked: another run may have stored it.
    query = select(indkomst_nyt.c.person_id).where(
        pending_events.of_range(ids[0], ids[-1]), indkomst_nyt.c.art == pending_events.SEE
    )
    seen = connection.execute(query.distinct().order_by(indkomst_nyt.c.person_id)).scalars().all()
    return _Batch(ids, write_events.gather(connection, ids), seen, state.now(connection))


def _youths(connection: Connection, after: int) -> list[int]:
    """Return the next youths with news, in ascending id.

    They are as many as fit into one drawing of numbers, or a single one with more.
    """
    query = select(indkomst_nyt.c.person_id).where(indkomst_nyt.c.person_id > after)
    found = connection.execute(query.order_by(indkomst_nyt.c.person_id).limit(MOST_NUMBERS + 1)).scalars().all()
    whole = [one for one in found if one != found[-1]] if len(found) > MOST_NUMBERS else found
    return sorted(set(whole or found))


def _end(transaction: ExitStack, connection: Connection, batch: _Batch) -> BatchResult:
    with transaction:
        return _store(connection, batch)


def _store(connection: Connection, batch: _Batch) -> BatchResult:
    """Store all news of a batch."""
    if batch.events:
        write_events.tell(connection, batch.events, batch.now)
    pending_events.mark_gone(connection, batch.seen)
    return batch.events, batch.events + len(batch.seen)
