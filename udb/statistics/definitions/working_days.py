"""Working days in Denmark: Monday to Friday but for public holidays. 5 June, 24 and 31 December are working days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from holidays import HolidayBase

_SATURDAY: Final = 5
_EASTER_SUNDAY: Final = "Påskedag"


def is_working_day(day: date) -> bool:
    """Return whether a day is a working day."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def working_day_after(day: date, count: int) -> date:
    """Return the ``count``-th working day after a day, which itself is not counted."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """Return how many working days come after ``first``, up to and with ``last``."""
    return sum(is_working_day(first + timedelta(days=number)) for number in range(1, (last - first).days + 1))


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year."""
    return frozenset(_calendar(year))


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of a year."""
    return _calendar(year).get_named(_EASTER_SUNDAY, lookup="exact")[0]


def _calendar(year: int) -> HolidayBase:
    # Imported late: it takes a tenth of a second, and most processes never ask.
    from holidays import country_holidays

    return country_holidays("DK", years=year, categories="public", language="da", expand=False)
