"""Working days, as the seed needs them to put a contact before or after its due day."""

from datetime import date, timedelta
from typing import Final

DUE: Final = 5
"""A contact is due on this working day after the day on which the kommune knew (V 2.4)."""
_LAST_PRAYER_DAY: Final = 2023
"""The last year in which store bededag was a holiday."""


def easter(year: int) -> date:
    """Return Easter Sunday of a year of the Gregorian calendar (Gauss, in the form of Meeus)."""
    golden, century, in_century = year % 19, year // 100, year % 100
    leap, rest = divmod(century, 4)
    epact = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * rest + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_working_day(day: date) -> bool:
    """Return whether a day is Monday to Friday and no Danish public holiday."""
    after = {-3, -2, 1, 39, 50} | ({26} if day.year <= _LAST_PRAYER_DAY else set())
    moving = {easter(day.year) + timedelta(days=days) for days in after}
    return day.weekday() < DUE and day not in moving and (day.month, day.day) not in {(1, 1), (12, 25), (12, 26)}


def due(known: date) -> date:
    """Return the day on which a contact is due: the fifth working day after ``known``."""
    day, left = known, DUE
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day
