"""The youths' series: month by month, who was in the population, with which status and benefit.

A youth's rows do not overlap. In a delivered month, a youth was in the population when a row covers it. When a month
changes nothing for a youth, nothing is written: the row that covers the month before continues (rules.md,
Beskæftigelse).

The rows of a new month wait in ``indkomstserie_ny`` until ``go_on``; call it before the series are read to be changed.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import (
    Connection,
    Date,
    delete,
    insert,
    literal,
    select,
    update,
)

from udb.beskaeftigelse.grad import benefits, satser, wages
from udb.beskaeftigelse.population import Month, monthly_status, sums_by_person
from udb.domain.haendelse import BESKAEFTIGELSE, SOCIAL_YDELSE
from udb.domain.kodesaet import Kodesaet
from udb.store.locks import one_series_at_a_time
from udb.store.tables import cprnummer, person
from udb.store.tables.indkomst import indkomst_venter, indkomstmaaned, indkomstserie, indkomstserie_ny

OPEN: Final = date.max
ARTS: Final = (BESKAEFTIGELSE, SOCIAL_YDELSE)
"""The kinds of event that eIndkomst makes."""
COLUMNS: Final = ("person_id", "fra", "til", "status", "grad", "social_ydelse", "tyve_timer")
"""A row of the series."""


def months_from(connection: Connection, first: date, codes: Kodesaet) -> list[Month]:
    """Return the delivered months from ``first`` on, in ascending order. Raises UdbRefused when one lacks a rate."""
    query = select(indkomstmaaned.c.maaned).where(indkomstmaaned.c.maaned >= first).order_by(indkomstmaaned.c.maaned)
    days = connection.execute(query).scalars().all()
    lasts = [*(day_before(day) for day in days[1:]), OPEN]
    return [
        Month(day, last, satser(codes, day), wages(codes, day), benefits(codes, day))
        for day, last in zip(days, lasts, strict=False)
    ]


def day_before(day: date) -> date:
    """Return the day before."""
    return day - timedelta(days=1)


def rewrite(connection: Connection, months: Sequence[Month], fra: date) -> None:
    """Calculate the series of those who wait from ``fra`` on; ``months``: all delivered from there on."""
    waits = select(indkomst_venter.c.person_id).where(indkomst_venter.c.fra == fra)
    theirs = indkomstserie.c.person_id.in_(waits)
    connection.execute(delete(indkomstserie).where(theirs, indkomstserie.c.fra >= fra))
    connection.execute(update(indkomstserie).where(theirs, indkomstserie.c.til >= fra).values(til=day_before(fra)))
    for month in months:
        lines = sums_by_person(month, cprnummer.c.person_id.in_(waits)).subquery("lines")
        says = monthly_status(month, person.outerjoin(lines, lines.c.person_id == person.c.id), lines)
        said = (person.c.id, literal(month.day), literal(month.last), *says.values)
        rows = select(*said).select_from(says.source).where(person.c.id.in_(waits), says.in_population)
        connection.execute(insert(indkomstserie).from_select(COLUMNS, rows))


def go_on(connection: Connection) -> None:
    """End the current row of each youth with a change waiting, and add the new row of those in the population."""
    one_series_at_a_time(connection)
    new = indkomstserie_ny.c
    for day in connection.execute(select(new.fra).distinct().order_by(new.fra)).scalars().all():
        theirs = select(new.person_id).where(new.fra == day).scalar_subquery()
        connection.execute(
            update(indkomstserie)
            .where(indkomstserie.c.person_id.in_(theirs), indkomstserie.c.til >= day)
            .values(til=day_before(day))
        )
        said = (new.person_id, new.fra, literal(OPEN, Date), *(new[name] for name in COLUMNS[3:]))
        rows = select(*said).where(new.fra == day, new.status.is_not(None)).order_by(new.person_id)
        connection.execute(insert(indkomstserie).from_select(COLUMNS, rows))
    connection.execute(delete(indkomstserie_ny))
