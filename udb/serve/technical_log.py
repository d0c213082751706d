"""The technical log: one JSON line per event, on standard error, without personal data (access.md).

The service's own lines hold none. These processors remove it from the lines of libraries too: CPR numbers are struck
out everywhere, and of an exception only the type and traceback are kept, because its text may quote a value.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, Final, TextIO

import structlog

from udb.domain.clock import system_time
from udb.domain.cpr import INVENTED_DAY
from udb.wsdl import record

STRUCK_OUT: Final = "**********"
# No hexadecimal digit beside it: that is a piece of a correlation id or of a fingerprint.
_LIKE_CPR: Final = re.compile(
    "(?<![0-9A-Fa-f])([0-9]{2})((?:0[1-9]|1[0-2])[0-9]{2})-?[0-9]{4}(?![0-9A-Fa-f])", re.ASCII
)
_LONGEST_MONTHS: Final = {"02": 29, "04": 30, "06": 30, "09": 30, "11": 30}

Event = MutableMapping[str, Any]


def strike_out(_logger: Any, _method: str, event: Event) -> Event:
    """Replace what looks like a CPR number in every value: ten digits of which the first six are a date."""
    for name, value in event.items():
        event[name] = _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _LIKE_CPR.sub(_unless_no_day, value)
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return value


def _unless_no_day(found: re.Match[str]) -> str:
    """Return what replaces ten digits: themselves when they begin with no day of the calendar."""
    day, month = int(found[1]), found[2][:2]
    if day > INVENTED_DAY:
        day -= INVENTED_DAY
    # 29 February of any year: the seventh digit decides the century, and a doubt strikes out.
    return STRUCK_OUT if 1 <= day <= _LONGEST_MONTHS.get(month, 31) else found[0]


def without_words(_logger: Any, _method: str, event: Event) -> Event:
    """Replace an exception by its type and the places of its traceback."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found if isinstance(found, BaseException) else sys.exception()
    if found and error is not None:
        places = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["traceback"] = [f"{place.filename}:{place.lineno} {place.name}" for place in places]
    return event


class Unfailing:
    """A stream for whole lines. A line that cannot be written (full disk, closed pipe) is lost and fails no call.

    The standard library's logging does the same.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream: Final = stream

    def write(self, line: str) -> None:
        """Write a line; ignore errors."""
        with suppress(OSError, ValueError):
            self._stream.write(line)

    def flush(self) -> None:
        """Flush the stream; ignore errors."""
        with suppress(OSError, ValueError):
            self._stream.flush()


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, default=lambda value: _clean(repr(value)))


def as_line(_logger: Any, method: str, event: Event) -> str:
    """Return an event as its line, with level and time, without what must not be in the log."""
    # structlog's name of the method that logs an exception is not that of its level.
    event["level"] = "error" if method == "exception" else method
    event["timestamp"] = system_time().isoformat().replace("+00:00", "Z")
    event = without_words(None, method, event)
    line = _ENCODER.encode(event)
    # A line without a backslash holds every text as it is, and nearly every line holds nothing like a number.
    if "\\" in line or _LIKE_CPR.search(line):
        line = _ENCODER.encode(strike_out(None, method, event))
    return line


def configure() -> None:
    """Set up structlog and the standard library's logging for ``udb serve``."""
    # Our own lines are written directly: through the standard library's logging, each would cost twice as much.
    structlog.configure(
        processors=[record.merge, as_line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(Unfailing(sys.stderr)),  # type: ignore[arg-type]  # writes and flushes alone
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[record.merge],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, as_line],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    # Below WARNING, sqlalchemy logs statements with their values, and alembic every check of the database's version.
    for name in ("sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
