"""The wages of delivered months, read beside the youths: one pass over each month, in the order of their ids."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from udb.beskaeftigelse.grad import HOURS
from udb.beskaeftigelse.wage import wages_and_rates
from udb.statistics.definitions.youth import EIGHTEEN, WEEK, Work, work_of
from udb.store.tables.indkomst import indkomstmaaned

_AT_ONCE: Final = 1000


def delivered(connection: Connection) -> list[date]:
    """Return the last days of the months of eIndkomst that are delivered, in ascending order."""
    query = select(indkomstmaaned.c.maaned).where(indkomstmaaned.c.leveret.is_not(None))
    return list(connection.execute(query.order_by(indkomstmaaned.c.maaned)).scalars())


class Income:
    """The wages of some months, and who had a job of 18 hours in others, of the youths up to an id.

    ``wages``, ``jobs``: the last days of the months. Nothing is held but the youths of one batch.
    """

    def __init__(self, connection: Connection, wages: Collection[date], jobs: Collection[date]) -> None:
        """Begin to read the months; the connection must see one moment until all are read."""
        self._wages = {month: _Stream(connection, wages_and_rates(month)) for month in wages}
        self._jobs = {month: _Stream(connection, _jobs(month)) for month in jobs}
        self._work: dict[date, dict[int, Work]] = {}
        self._has_job: dict[date, set[int]] = {}

    def go_on(self, last: int) -> None:
        """Read what comes up to the youth with this id, which is higher than any before."""
        self._work = {
            month: {row.person_id: work_of(month, row.oere, row.sats_oere) for row in stream.up_to(last)}
            for month, stream in self._wages.items()
        }
        self._has_job = {month: {row.person_id for row in stream.up_to(last)} for month, stream in self._jobs.items()}

    def work(self, person_id: int, month: date | None) -> Work:
        """Return a youth's employment in a month; without wages when there is no line, or no month."""
        if month is None:
            return Work()
        return self._work[month].get(person_id) or Work(month)

    def has_job(self, person_id: int, month: date) -> bool:
        """Return whether a youth had 18 hours a week or more in a month."""
        return person_id in self._has_job[month]


def _jobs(month: date) -> Select[Any]:
    found = wages_and_rates(month).subquery("found")
    return select(found.c.person_id).where(found.c.oere * WEEK >= found.c.sats_oere * (EIGHTEEN * HOURS))


class _Stream:
    """The rows of a query by ``person_id``, each read once."""

    def __init__(self, connection: Connection, query: Select[Any]) -> None:
        # By its name: the column of a grouped subquery has one and no table.
        rows = connection.execute(query.order_by("person_id"), execution_options={"yield_per": _AT_ONCE})
        self._rows = iter(rows)
        self._next = next(self._rows, None)

    def up_to(self, last: int) -> Iterator[Any]:
        """Yield the rows that have not been read of persons up to an id."""
        while self._next is not None and self._next.person_id <= last:
            yield self._next
            self._next = next(self._rows, None)
