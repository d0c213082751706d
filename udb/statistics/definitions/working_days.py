"""Working days in Denmark: Monday to Friday but for public holidays. 5 June, 24 and 31 December are working days."""

from datetime import date, timedelta
from functools import cache
from typing import Final

LAST_STORE_BEDEDAG: Final = 2023
"""The last year in which Store bededag was a holiday (lov nr. 214 af 6. marts 2023)."""
_AROUND_EASTER: Final = (-3, -2, 0, 1, 39, 49, 50)
"""Days from Easter Sunday: skærtorsdag, langfredag, the two påskedage, Kristi himmelfart, the two pinsedage."""
_STORE_BEDEDAG: Final = 26
_FIXED: Final = ((1, 1), (12, 25), (12, 26))
_SATURDAY: Final = 5


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
    easter = easter_sunday(year)
    moving = (*_AROUND_EASTER, *((_STORE_BEDEDAG,) if year <= LAST_STORE_BEDEDAG else ()))
    return frozenset(
        {*(date(year, month, day) for month, day in _FIXED), *(easter + timedelta(days=days) for days in moving)}
    )


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of a Gregorian year (the anonymous algorithm of Meeus, Jones and Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, left = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
