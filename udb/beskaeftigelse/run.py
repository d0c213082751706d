"""Telling what is worked out, in batches: each one transaction, so that a run that was stopped goes on where it was
(docs/architecture.md, decision 1: persons first, at most 1,000 numbers, numbers last).
"""

from collections.abc import Callable
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
            if connection.execute(select(indkomst_nyt.c.person_id).limit(1)).first() is None:
                _delivered(connection)
                return events
            events += _batch(connection)
        told += MOST_NUMBERS
        done(min(told, total), total)


def _delivered(connection: Connection) -> None:
    today = state.now(connection).date()
    connection.execute(update(indkomstmaaned).where(indkomstmaaned.c.leveret.is_(None)).values(leveret=today))


def _batch(connection: Connection) -> int:
    """Tell the news of the next youths. Gives how many events they were."""
    until = _until(connection)
    ids = select(indkomst_nyt.c.person_id).where(changes.below(until)).distinct()
    lock_persons(connection, connection.execute(ids).scalars())
    count = changes.tell(connection, until, state.now(connection))
    changes.mark_gone(connection, until)
    changes.done(connection, until)
    return count


def _until(connection: Connection) -> int | None:
    """The first youth whose news no longer fit into one drawing of numbers; None when all fit. Whoever is first is told
    whole.
    """
    nyt = indkomst_nyt.c.person_id
    ids = select(nyt).order_by(nyt)
    until = connection.execute(ids.offset(MOST_NUMBERS).limit(1)).scalar_one_or_none()
    if until is not None and connection.execute(ids.limit(1)).scalar_one() == until:
        until = connection.execute(select(func.min(nyt)).where(nyt > until)).scalar_one()
    return until
