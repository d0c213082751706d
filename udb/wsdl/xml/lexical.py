"""Values and their XML text: the one place where a simple value is read or written.

The readers take text that the schema has let through; they raise ValueError or OverflowError for what Python cannot
hold.
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
"""Of the Danish date: an answer must be able to give it (DatoTidType)."""

TRUE: Final = "true"
FALSE: Final = "false"

_MARKUP: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
UNSAFE: Final = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_token(text: str) -> str:
    """Text of an ``xs:token``: outer blanks gone, inner ones single."""
    return _SPACES.sub(" ", text.strip(_SPACE))


def read_int(text: str) -> int:
    """Return a whole number; a plus sign and leading zeros are allowed."""
    return int(text.strip(_SPACE))


def read_boolean(text: str) -> bool:
    """Read ``true``, ``false``, ``1`` or ``0``."""
    return text.strip(_SPACE) in {TRUE, "1"}


def read_datetime(text: str) -> datetime:
    """Return a point in time, naive without zone. Fractions are cut at microseconds; 24:00:00 is the next midnight.

    The schema sees the year that is written; the Danish date may lie in another.
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
    if danish_date(moment).year not in _YEARS:
        raise ValueError
    return moment


def write_text(value: str) -> str:
    """Text with markup escaped. What XML 1.0 has no way to say becomes the replacement character."""
    return UNSAFE.sub(_escaped, value) if UNSAFE.search(value) else value


def write_datetime(value: date) -> str:
    """Return a point in time in Danish time with milliseconds and offset; a date is its midnight (contract 4.2)."""
    return danish(value).isoformat(timespec="milliseconds") if isinstance(value, datetime) else _midnight(value)


@lru_cache(maxsize=40_000)
def _midnight(day: date) -> str:
    # A page has few different days, each many times.
    return midnight(day).isoformat(timespec="milliseconds")


def _escaped(found: re.Match[str]) -> str:
    return _MARKUP.get(found.group(), _REPLACEMENT)
