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
    for day in found.days:
        at = delivery(day.dag) if day.is_final else min(morning, delivery(add_months(day.dag, -1)))
        rows += store(connection, replace(found, days=[day], beregnet=at))
    freeze_contacts(connection, morning)
    return rows
