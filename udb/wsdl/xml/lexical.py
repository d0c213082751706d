"""Convert simple values to and from their XML text; no other module does.

The readers take text that the schema has accepted. They raise ValueError or OverflowError for a value that Python
cannot hold.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from udb.domain.clock import danish, danish_date, midnight

_SPACE: Final = " \t\r\n"
_SPACES: Final = re.compile(f"[{_SPACE}]+")
_DATETIME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z)|([+-])(\d\d):(\d\d))?",
    re.ASCII,
)
_MICROSECOND_DIGITS: Final = 6
_YEARS: Final = range(1900, 3000)
"""The years that the Danish date may have: an answer cannot hold others (DatoTidType)."""

TRUE: Final = "true"
FALSE: Final = "false"

_MARKUP: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
UNSAFE: Final = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_token(text: str) -> str:
    """Return the text of an ``xs:token``: without outer blanks, and with single blanks inside."""
    return _SPACES.sub(" ", text.strip(_SPACE))


def read_int(text: str) -> int:
    """Return a whole number; a plus sign and leading zeros are allowed."""
    return int(text.strip(_SPACE))


def read_boolean(text: str) -> bool:
    """Return the truth value of ``true``, ``false``, ``1`` or ``0``."""
    return text.strip(_SPACE) in {TRUE, "1"}


def read_datetime(text: str) -> datetime:
    """Return a point in time; it is naive if the text has no zone.

    Fractions are cut at microseconds; 24:00:00 is the next midnight. Raises ValueError when the Danish date is outside
    the years 1900 to 2999.
    """
    found = _DATETIME.fullmatch(text.strip(_SPACE))
    if found is None:
        raise ValueError
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    fraction, utc, sign, zone_hours, zone_minutes = found.groups()[6:]
    microsecond = int((fraction or "0")[:_MICROSECOND_DIGITS].ljust(_MICROSECOND_DIGITS, "0"))
    zone: timezone | None = UTC if utc else None
    if sign:
        offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
        zone = timezone(-offset if sign == "-" else offset)
    end_of_day = (hour, minute, second, microsecond) == (24, 0, 0, 0)
    moment = datetime(year, month, day, 0 if end_of_day else hour, minute, second, microsecond, zone)
    if end_of_day:
        moment += timedelta(days=1)
    # The schema checks the year in the text; the Danish date may be in another year.
    if danish_date(moment).year not in _YEARS:
        raise ValueError
    return moment


def write_text(value: str) -> str:
    """Return the text with markup escaped. Characters that XML 1.0 forbids become the replacement character."""
    return UNSAFE.sub(_escaped, value) if UNSAFE.search(value) else value


def write_datetime(value: date) -> str:
    """Return a point in time as Danish time with milliseconds and offset; for a date, its midnight (contract 4.2)."""
    return danish(value).isoformat(timespec="milliseconds") if isinstance(value, datetime) else _midnight(value)


@lru_cache(maxsize=40_000)
def _midnight(day: date) -> str:
    # Cached: a page has few different days, each many times.
    return midnight(day).isoformat(timespec="milliseconds")


def _escaped(found: re.Match[str]) -> str:
    return _MARKUP.get(found.group(), _REPLACEMENT)
