"""Delivered months of eIndkomst: invented lines, and what the import makes of them month by month (sources 1).

The series and the changes are computed by the statements of the import. The events only get numbers of the night in
which their month was delivered, between those of the reports.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from udb.beskaeftigelse import lines, month_diff
from udb.beskaeftigelse.grad import STATUS, Satser, benefits, satser, wages
from udb.beskaeftigelse.month_result import settle
from udb.beskaeftigelse.pending_events import NEWS
from udb.beskaeftigelse.serie import go_on, months_from
from udb.beskaeftigelse.wage import keep_rates
from udb.beskaeftigelse.write_events import SERVICE, SOURCE
from udb.domain.clock import DANISH, add_months, month_end
from udb.domain.identifiers import clock_number, event_number
from udb.domain.kodesaet import Kodesaet
from udb.sandbox.past.rows import BATCH
from udb.sandbox.people import Invented
from udb.store.engine import analyze
from udb.store.shown_days import shown_over_25, shown_under_25
from udb.store.tables import haendelse, person
from udb.store.tables.indkomst import indkomst, indkomst_nyt, indkomstmaaned

MONTHS: Final = 24
DELIVERED: Final = 10
"""The day of the next month on which a month was delivered."""
AT_NIGHT: Final = 3
"""The hour; no report is registered then."""
_EMPLOYERS: Final = 400
_JOBS: Final = {"none": 45, "some": 35, "much": 15, "benefit": 5}
"""What a youth earns, with weights."""


@dataclass(slots=True)
class Earner:
    """A youth's work: from one month to another at about a share of full time, or a benefit."""

    cprnr: str
    turns_15: date
    turns_18: date
    turns_25: date
    kind: str
    employer: str
    first: int
    last: int
    percent: int


def last_days(today: date) -> list[date]:
    """Return the last days of the delivered months, in ascending order."""
    month = today.replace(day=1)
    latest = add_months(month, -1 if today > delivery(add_months(month, -1)).date() else -2)
    return [month_end(add_months(latest, -back)) for back in reversed(range(MONTHS))]


def delivery(month: date) -> datetime:
    """Return when a month, any day of it, was delivered."""
    after = add_months(month.replace(day=1), 1)
    return datetime(after.year, after.month, DELIVERED, AT_NIGHT, tzinfo=DANISH)


def store_income(
    connection: Connection,
    rng: random.Random,
    residents: Sequence[Invented],
    codes: Kodesaet,
    today: date,
    progress: Callable[[int, int], None],
) -> int:
    """Deliver all months, with every event stored before; return how many events they made."""
    earners = [_earner(rng, one) for one in residents]
    days = last_days(today)
    events = 0
    for index, day in enumerate(days):
        rows = list(_lines(rng, earners, index, day, codes))
        for begin in range(0, len(rows), BATCH):
            connection.execute(insert(indkomst), rows[begin : begin + BATCH])
        events += _deliver(connection, day, codes)
        progress(index + 1, len(days))
    return events


def _deliver(connection: Connection, day: date, codes: Kodesaet) -> int:
    at = delivery(day)
    analyze(connection, indkomst, lines.MONTH, lines.NUMBER)
    lines.note_delivered(connection, day)
    (month,) = months_from(connection, day, codes)
    keep_rates(connection, month)
    month_diff.find(connection, month)
    settle(connection, [month], codes, again=False)
    events = _events(connection, at)
    go_on(connection)
    noted = update(indkomstmaaned).where(indkomstmaaned.c.maaned == day)
    connection.execute(noted.values(leveret=at.date()))
    return events


def _events(connection: Connection, at: datetime) -> int:
    """Store the changes as events registered at a time, and return how many."""
    ages = shown_under_25().label("under_25"), shown_over_25(indkomst_nyt.c.maaned).label("over_25")
    news = select(*(indkomst_nyt.c[name] for name in NEWS), person.c.cprnr, *ages)
    query = news.join(person, person.c.id == indkomst_nyt.c.person_id)
    order = (indkomst_nyt.c.person_id, indkomst_nyt.c.maaned, indkomst_nyt.c.art)
    first = clock_number(at)
    rows = [
        {
            "nummer": event_number(first + place),
            "plads": event_number(first + place),
            "art": row.art,
            "person_id": row.person_id,
            "cprnr": row.cprnr,
            "service": SERVICE,
            "gentaget": False,
            "institution_nummer": SOURCE,
            "haendelse_dato": row.maaned,
            "registreringstid": at,
            "kilde_leverandoer": SOURCE,
            "annullering": False,
            "annulleret": False,
            "status_beskaeftigelse": None if row.status is None else STATUS[row.status],
            "beskaeftigelsesgrad": row.grad,
            "modtager_social_ydelse": row.social_ydelse,
            "vist": True,
            "vises_under_25": row.under_25,
            "vises_over_25": row.over_25,
        }
        for place, row in enumerate(connection.execute(query.order_by(*order)))
    ]
    for begin in range(0, len(rows), BATCH):
        connection.execute(insert(haendelse), rows[begin : begin + BATCH])
    connection.execute(delete(indkomst_nyt))
    return len(rows)


def _earner(rng: random.Random, one: Invented) -> Earner:
    kind = rng.choices(tuple(_JOBS), tuple(_JOBS.values()))[0]
    first = rng.randint(-12, MONTHS - 1)
    return Earner(
        cprnr=one.row["cprnr"],
        turns_15=one.row["turns_15"],
        turns_18=one.row["turns_18"],
        turns_25=one.row["turns_25"],
        kind=kind,
        employer=f"9{rng.randrange(_EMPLOYERS):07}",
        first=first,
        last=first + rng.randint(3, 30),
        percent=rng.randint(5, 60) if kind == "some" else rng.randint(50, 110),
    )


def _lines(
    rng: random.Random, earners: Sequence[Earner], index: int, day: date, codes: Kodesaet
) -> Iterator[dict[str, Any]]:
    """Yield the lines of a month, which is the ``index``-th."""
    rates: Satser = satser(codes, day)
    wage, benefit = wages(codes, day)[0], benefits(codes, day)[0]
    for one in earners:
        if one.kind == "none" or not one.first <= index <= one.last or not one.turns_15 <= day < one.turns_25:
            continue
        rate = rates.from_18 if one.turns_18 <= day else rates.from_15
        percent = one.percent * rng.uniform(0.9, 1.1)
        is_benefit = one.kind == "benefit"
        yield {
            "maaned": day,
            "cprnr": one.cprnr,
            "indberetter": one.employer,
            "indtaegtsart": benefit if is_benefit else wage,
            "oere": 1_200_000 if is_benefit else round(rate.month * percent / 100),
        }
