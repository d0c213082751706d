"""Telling what is worked out, in batches: each one transaction, so that a run that was stopped goes on where it was
(docs/architecture.md, decision 1: persons first, at most 1,000 numbers, numbers last).
"""

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import Connection, Engine, func, select, update

from udb.beskaeftigelse import changes
from udb.beskaeftigelse.settle import work_out
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import allow_memory, writing
from udb.store.indkomst_tables import indkomst_nyt, indkomst_venter, indkomstmaaned
from udb.store.locks import lock_persons, one_import_at_a_time

MOST_NUMBERS: Final = 1000

News = tuple[int, str]
"""A youth, and the kind of what is to be told."""
Done = Callable[[int, int], None]
"""Called with how many rows of news are told, and how many there are."""


def calculate(engine: Engine, done: Done = lambda _done, _total: None) -> int:
    """Calculate everybody who waits, tell what is new, and note that the months are delivered. Gives how many events
    were made.
    """
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        if connection.execute(select(indkomst_venter.c.person_id).limit(1)).first() is not None:
            allow_memory(connection)
            work_out(connection, load_codes(connection))
        total = connection.execute(select(func.count()).select_from(indkomst_nyt)).scalar_one()
    events = told = 0
    while True:
        with writing(engine) as connection:
            one_import_at_a_time(connection)
            news = _next(connection)
            if not news:
                _delivered(connection)
                return events
            events += _batch(connection, news)
        told += len(news)
        done(min(told, total), total)


def _delivered(connection: Connection) -> None:
    today = state.now(connection).date()
    connection.execute(update(indkomstmaaned).where(indkomstmaaned.c.leveret.is_(None)).values(leveret=today))


def _next(connection: Connection) -> list[News]:
    """The news of the next youths, as many as fit into one drawing of numbers; a youth who has more is told whole."""
    query = select(indkomst_nyt.c.person_id, indkomst_nyt.c.art).order_by(indkomst_nyt.c.person_id)
    news: list[News] = [(person_id, art) for person_id, art in connection.execute(query.limit(MOST_NUMBERS + 1))]
    if len(news) <= MOST_NUMBERS:
        return news
    (first, _), (last, _) = news[0], news[-1]
    if first == last:
        whole = connection.execute(query.where(indkomst_nyt.c.person_id == first))
        return [(person_id, art) for person_id, art in whole]
    return [(person_id, art) for person_id, art in news if person_id != last]


def _batch(connection: Connection, news: Sequence[News]) -> int:
    """Tell the news of the youths who have the lowest ids. Gives how many events they were."""
    until, _ = news[-1]
    ids = sorted({person_id for person_id, _ in news})
    lock_persons(connection, ids)
    seen = [person_id for person_id, art in news if art == changes.SEE]
    count = len(news) - len(seen)
    if count:
        changes.tell(connection, ids, count, state.now(connection))
    changes.mark_gone(connection, seen)
    changes.done(connection, until)
    return count
