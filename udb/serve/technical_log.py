"""The technical log: one JSON line an event, on standard error, without personal data (access.md).

Our own lines hold none. These processors remove it from the lines of libraries too: a CPR number is struck out
anywhere, and of an exception only its type and place are kept, because its text may quote a value.
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

STRUCK_OUT: Final = "**********"
_CPR_NUMBER: Final = re.compile(r"(?<![0-9])[0-9]{6}-?[0-9]{4}(?![0-9])")

Event = MutableMapping[str, Any]


def strike_out(_logger: Any, _method: str, event: Event) -> Event:
    """Remove what looks like a CPR number from every value."""
    for name, value in event.items():
        event[name] = _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _CPR_NUMBER.sub(STRUCK_OUT, value)
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return value


def without_words(_logger: Any, _method: str, event: Event) -> Event:
    """Replace an exception by its kind and the places it passed."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found if isinstance(found, BaseException) else sys.exception()
    if found and error is not None:
        places = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["traceback"] = [f"{place.filename}:{place.lineno} {place.name}" for place in places]
    return event


class Unfailing:
    """A stream for whole lines. A line that cannot be written (full disk, closed pipe) is lost, as with the standard
    library's logging: no call fails for it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream: Final = stream

    def write(self, line: str) -> None:
        """Write a line, if it can be."""
        with suppress(OSError, ValueError):
            self._stream.write(line)

    def flush(self) -> None:
        """Hand over what was written, if it can be."""
        with suppress(OSError, ValueError):
            self._stream.flush()


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, default=repr)
_JSON: Final = structlog.processors.JSONRenderer(lambda event, **_: _ENCODER.encode(event))


def configure() -> None:
    """Set up structlog and the standard library's logging for a process that serves."""
    bound = structlog.contextvars.merge_contextvars
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
        strike_out,
    ]
    # Our own lines are written at once: by way of the standard library's logging each costs twice as much.
    structlog.configure(
        processors=[bound, *shared, _JSON],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(Unfailing(sys.stderr)),  # type: ignore[arg-type]  # writes and flushes alone
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[bound, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _JSON,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    # Below WARNING one logs statements with their values, the other every look at the database's version.
    for name in ("sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
