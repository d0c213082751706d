"""The frozen figures of a sandbox's past: each month as it would have been computed when its income was delivered."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from udb.domain.clock import DANISH, add_months
from udb.sandbox.past.income import AT_NIGHT, delivery, last_days
from udb.statistics.frozen_contacts import freeze_contacts
from udb.statistics.monthly.run import compute, store

STEP: Final = "counting months"
MONTHS: Final = 13
"""How many delivered months are counted: a year, and the month before it to compare with."""


SIGNED: Final = 2
"""How many of the last days have their small counts hidden: choosing what to hide takes three seconds a month."""
NOTHING_HIDDEN: Final = 1


def store_figures(connection: Connection, today: date) -> int:
    """Count the last delivered months and those since; return how many rows they have.

    One pass over the youths counts all months. What was reported late is counted as if it had been on time.
    """
    first = last_days(today)[-MONTHS].replace(day=1)
    months = [first]
    while months[-1] < today.replace(day=1):
        months.append(add_months(months[-1], 1))
    found = compute(connection, months)
    morning = datetime(today.year, today.month, today.day, AT_NIGHT, tzinfo=DANISH)
    rows = 0
    for left, day in zip(range(len(found.days), 0, -1), found.days, strict=True):
        at = delivery(day.dag) if day.is_final else min(morning, delivery(add_months(day.dag, -1)))
        limit = None if left <= SIGNED else NOTHING_HIDDEN
        rows += store(connection, replace(found, days=[day], beregnet=at), limit)
    freeze_contacts(connection, morning)
    return rows
