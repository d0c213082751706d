"""What eIndkomst tells of one youth month by month, for Udslusningstilskud (V 6.1; rules.md)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from udb.beskaeftigelse.grad import FULL_15, WAGE, reaches, satser
from udb.clock import month_end
from udb.kodesaet import Kodesaet
from udb.store.indkomst_tables import indkomst, indkomstmaaned, indkomstserie
from udb.store.tables import person


@dataclass(frozen=True, slots=True)
class Indkomstmaaned:
    """One month of one youth.

    ``last_day``: of the month. ``leveret``: the domain's day on which the month was delivered whole and every youth
    calculated; None when it is not. ``in_population``: whether the youth was in the population of eIndkomst in it, as
    known when it was last calculated; false when it is not delivered. ``twenty_hours``: whether the unrounded degree is
    54 or more, that is 20 hours a week; false unless ``in_population``.
    """

    last_day: date
    leveret: date | None
    in_population: bool
    twenty_hours: bool


def months_of(
    connection: Connection, person_id: int, days: Collection[date], codes: Kodesaet
) -> tuple[Indkomstmaaned, ...]:
    """The months in which some days lie, each once, in ascending order.

    A month counts as delivered from ``leveret`` on; whoever asks compares it with today, since the sandbox's clock can
    be set back. Raises UdbRefused when the code sets have no hourly rate for a month with income.
    """
    last_days = sorted({month_end(day) for day in days})
    turns_18 = connection.execute(select(person.c.turns_18).where(person.c.id == person_id)).scalar_one()
    delivered = select(indkomstmaaned.c.maaned, indkomstmaaned.c.leveret).where(
        indkomstmaaned.c.maaned.in_(last_days), indkomstmaaned.c.leveret.is_not(None)
    )
    leveret = {row.maaned: row.leveret for row in connection.execute(delivered)}
    spans = connection.execute(
        select(indkomstserie.c.fra, indkomstserie.c.til).where(indkomstserie.c.person_id == person_id)
    ).all()
    sums = (
        select(indkomst.c.maaned, func.sum(indkomst.c.oere))
        .where(indkomst.c.maaned.in_(last_days), indkomst.c.person_id == person_id, indkomst.c.indtaegtsart == WAGE)
        .group_by(indkomst.c.maaned)
    )
    wages = {maaned: int(oere) for maaned, oere in connection.execute(sums)}

    def told(last_day: date) -> Indkomstmaaned:
        inside = last_day in leveret and any(fra <= last_day <= til for fra, til in spans)
        enough = False
        if inside and wages.get(last_day, 0) > 0:
            rates = satser(codes, last_day)
            sats = rates.from_18 if turns_18 <= last_day else rates.from_15
            enough = reaches(wages[last_day], FULL_15, sats)
        return Indkomstmaaned(last_day, leveret.get(last_day), inside, enough)

    return tuple(told(last_day) for last_day in last_days)
