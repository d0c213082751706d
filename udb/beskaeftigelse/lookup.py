"""One youth's months in eIndkomst, for Udslusningstilskud (V 6.1; rules.md)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from udb.domain.clock import month_end
from udb.store.tables.indkomst import indkomstmaaned, indkomstserie


@dataclass(frozen=True, slots=True)
class Indkomstmaaned:
    """One month of one youth.

    ``last_day``: the month's last day. ``leveret``: the domain's day on which the month was delivered whole and every
    youth calculated; None if it is not. ``in_population``: whether the youth was in the population of eIndkomst in that
    month, as of its last calculation; false if it is not delivered. ``twenty_hours``: whether the unrounded degree is
    54 or more, that is 20 hours a week; false unless ``in_population``.
    """

    last_day: date
    leveret: date | None
    in_population: bool
    twenty_hours: bool


def months_of(connection: Connection, person_id: int, days: Collection[date]) -> tuple[Indkomstmaaned, ...]:
    """Return the months that contain the given days, each once, in ascending order.

    A month counts as delivered from ``leveret`` on. The caller compares it with today, since the sandbox's clock can be
    set back.
    """
    last_days = sorted({month_end(day) for day in days})
    delivered = select(indkomstmaaned.c.maaned, indkomstmaaned.c.leveret).where(
        indkomstmaaned.c.maaned.in_(last_days), indkomstmaaned.c.leveret.is_not(None)
    )
    leveret = {row.maaned: row.leveret for row in connection.execute(delivered)}
    spans = connection.execute(
        select(indkomstserie.c.fra, indkomstserie.c.til, indkomstserie.c.tyve_timer).where(
            indkomstserie.c.person_id == person_id
        )
    ).all()

    def month(last_day: date) -> Indkomstmaaned:
        covering = (row for row in spans if row.fra <= last_day <= row.til and last_day in leveret)
        row = next(covering, None)
        return Indkomstmaaned(last_day, leveret.get(last_day), row is not None, row is not None and row.tyve_timer)

    return tuple(month(last_day) for last_day in last_days)
