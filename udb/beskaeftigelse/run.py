"""The calculation of all who wait, in batches: each one transaction, so that a run that was stopped goes on where it
was (docs/architecture.md, decision 1: persons first, at most 1,000 numbers, numbers last).
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection, Engine, func, select, update

from udb.beskaeftigelse import changes
from udb.beskaeftigelse.population import Month
from udb.beskaeftigelse.serie import months_from, rewrite
from udb.kodesaet import Kodesaet
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import reading, writing
from udb.store.indkomst_tables import indkomst_venter, indkomstmaaned
from udb.store.locks import lock_persons, one_import_at_a_time

MOST_NUMBERS: Final = 1000

Done = Callable[[int, int], None]
"""Called with how many youths are calculated, and how many there are."""


def calculate(engine: Engine, done: Done = lambda _done, _total: None) -> int:
    """Calculate everybody who waits, tell what is new, and note that the months are delivered. Gives how many events
    were made.
    """
    events, calculated = 0, 0
    with reading(engine) as connection:
        total = connection.execute(select(func.count()).select_from(indkomst_venter)).scalar_one()
        codes = load_codes(connection)
    while True:
        with writing(engine) as connection:
            one_import_at_a_time(connection)
            fra = connection.execute(select(func.min(indkomst_venter.c.fra))).scalar_one()
            if fra is None:
                _delivered(connection)
                return events
            youths, made = _batch(connection, fra, codes)
        events += made
        calculated += youths
        done(min(calculated, total), total)


def _delivered(connection: Connection) -> None:
    today = state.now(connection).date()
    connection.execute(update(indkomstmaaned).where(indkomstmaaned.c.leveret.is_(None)).values(leveret=today))


def _batch(connection: Connection, fra: date, codes: Kodesaet) -> tuple[int, int]:
    """Calculate the next youths who wait from a month on. Gives how many youths and events they were."""
    months = months_from(connection, fra, codes)
    most = MOST_NUMBERS // max(len(months), 1)
    query = select(indkomst_venter.c.person_id).where(indkomst_venter.c.fra == fra)
    ids = connection.execute(query.order_by(indkomst_venter.c.person_id).limit(most)).scalars().all()
    lock_persons(connection, ids)
    rewrite(connection, months, fra, ids)
    ids, count = _fitting(changes.counted(connection, fra, ids), ids)
    if count:
        changes.tell(connection, fra, ids, count, state.now(connection))
    if not _first_time(connection, months, fra):
        changes.mark_gone(connection, ids)
    changes.done(connection, ids)
    return len(ids), count


def _fitting(counts: Sequence[tuple[int, int]], ids: Sequence[int]) -> tuple[Sequence[int], int]:
    """The youths from the first on whose events fit into one drawing of numbers, and how many the events are."""
    total = 0
    for person_id, count in counts:
        if total and total + count > MOST_NUMBERS:
            return ids[: bisect_left(ids, person_id)], total
        total += count
    return ids, total


def _first_time(connection: Connection, months: Sequence[Month], fra: date) -> bool:
    """Whether this is the latest month, calculated for the first time: then there is no event that could be gone."""
    if [month.day for month in months] != [fra]:
        return False
    query = select(indkomstmaaned.c.leveret).where(indkomstmaaned.c.maaned == fra)
    return connection.execute(query).scalar_one() is None
