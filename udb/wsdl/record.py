"""The record of a call: what every log line of it says, kept in one context variable.

structlog's own context has a variable for each value, which must be set at the start of a call and reset at its end.
"""

from collections.abc import MutableMapping
from contextvars import ContextVar, Token
from typing import Any, Final

Values = dict[str, Any]

_RECORD: Final[ContextVar[Values | None]] = ContextVar("udb_call", default=None)


def begin(**values: Any) -> Token[Values | None]:
    """Begin the record of a call; ``end`` takes the token."""
    return _RECORD.set(values)


def note(**values: Any) -> None:
    """Add values to the record, or replace them. Does nothing outside a call."""
    record = _RECORD.get()
    if record is not None:
        record.update(values)


def end(token: Token[Values | None]) -> None:
    """End the record: later lines say nothing of the call."""
    _RECORD.reset(token)


def merge(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the record to a log line (a processor of structlog); the line's own values count."""
    record = _RECORD.get()
    return {**record, **event} if record else event
