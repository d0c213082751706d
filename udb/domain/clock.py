"""Time: the domain clock and the Danish date rules.

Two clocks (docs/architecture.md): the *domain clock* is the time that the rules use, and can be set in the sandbox;
*system time* dates faults, logs and call keys. No other module reads the time. The domain clock is read in
``udb.store.state``, since the sandbox keeps it in the database.
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

DANISH = ZoneInfo("Europe/Copenhagen")
_MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)


def system_time() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.now(UTC)


def system_today() -> date:
    """Return the Danish date by system time: for dating what this project writes, never for the domain."""
    return danish_date(system_time())


def danish(instant: datetime) -> datetime:
    """Return the same instant with Danish offset; without offset it is taken as Danish time (contract 4.2).

    The offset is a fixed one: Python compares and subtracts two times of one zone by the clock on the wall, which is
    wrong in the hour that comes twice in October.
    """
    local = instant.replace(tzinfo=DANISH) if instant.tzinfo is None else instant.astimezone(DANISH)
    return local.replace(tzinfo=_fixed(local.utcoffset()), fold=0)


@cache
def _fixed(offset: timedelta | None) -> timezone:
    assert offset is not None, "DANISH has an offset at every time"
    return timezone(offset)


@lru_cache(maxsize=10_000)
def danish_date(instant: datetime) -> date:
    """Return the Danish calendar date of an instant."""
    # Cached: each rule asks for the date of the same report.
    return danish(instant).date()


def day_in_words(day: date) -> str:
    """Return the date as Danish prose writes it: 17. august 2026."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def month_in_words(day: date) -> str:
    """Return the month of a day as Danish prose writes it: august 2026."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def time_in_words(instant: datetime) -> str:
    """Return the Danish date and time as Danish prose writes them: 17. august 2026 kl. 10.00."""
    local = danish(instant)
    return f"{day_in_words(local.date())} kl. {local:%H.%M}"


def time_in_figures(instant: datetime) -> str:
    """Return the Danish date and time as tables show them: 2026-08-17 10:00.

    In the hour that comes twice in October, with its offset: 2026-10-25 02:30+01:00.
    """
    local = danish(instant)
    wall = local.replace(tzinfo=DANISH)
    if wall.utcoffset() != wall.replace(fold=1).utcoffset():
        return local.isoformat(" ", "minutes")
    return f"{local:%Y-%m-%d %H:%M}"


def midnight(day: date) -> datetime:
    """Return midnight of a Danish date, with the Danish offset of that instant."""
    return datetime.combine(day, time(), DANISH)


def add_years(day: date, years: int) -> date:
    """Return the same day ``years`` later; 29 February becomes 1 March in a year without one (rules.md, Dates)."""
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later, or that month's last day (rules.md, Dates)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))


def month_end(day: date) -> date:
    """Return the last day of the month of ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
