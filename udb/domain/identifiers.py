"""HaendelseNummer and ForloebId (contract 6).

Both have a fixed width, so text order is number order.
"""

import re
from datetime import UTC, datetime, timedelta

from udb.domain.clock import DANISH, danish

EVENT_PREFIX = "UDB-"
FORLOEB_PREFIX = "UDB-FL-"
DIGITS = 23
_EVENT = re.compile(rf"{EVENT_PREFIX}[0-9]{{{DIGITS}}}", re.ASCII)


def is_event_number(text: str) -> bool:
    """Return whether a text has the form of a HaendelseNummer."""
    return _EVENT.fullmatch(text) is not None


def clock_number(now: datetime) -> int:
    """Return the lowest number for an instant: Danish local time with milliseconds, and six zeros."""
    local = danish(now)
    return int(f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03}000000")


def number_time(number: int) -> datetime | None:
    """Return the instant at which a number was drawn, in UTC; None for a number without a date, such as 0.

    Of the hour that comes twice in October it is the first; so the instant is at most an hour too early.
    """
    text = f"{number:0{DIGITS}}"
    try:
        day = datetime(int(text[:4]), int(text[4:6]), int(text[6:8]), tzinfo=DANISH)
    except ValueError:
        return None
    # Numbers drawn in one millisecond count on: the last second of an hour can overflow.
    hours, minutes, seconds, milliseconds = int(text[8:10]), int(text[10:12]), int(text[12:14]), int(text[14:17])
    local = day + timedelta(hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds)
    return local.astimezone(UTC)


def next_number(now: datetime, last: int) -> int:
    """Return the number to draw at ``now`` when ``last`` was drawn before: never lower than ``last`` + 1."""
    return max(clock_number(now), last + 1)


def event_number(number: int) -> str:
    """Return a drawn number as HaendelseNummer."""
    return f"{EVENT_PREFIX}{number:0{DIGITS}}"


def drawn_number(haendelse_nummer: str) -> int:
    """Return the drawn number of a HaendelseNummer."""
    return int(haendelse_nummer.removeprefix(EVENT_PREFIX))


def forloeb_id(number: int) -> str:
    """Return a drawn number as ForloebId."""
    return f"{FORLOEB_PREFIX}{number:0{DIGITS}}"
