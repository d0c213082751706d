"""How often a user may look CPR numbers up: so many in an hour, and slowly after five refusals in a row.

All is counted in the transaction of the look-up, by one transaction of a user at a time: of two look-ups at once, the
second finds the first one counted.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from udb.domain.clock import system_time
from udb.portal import attempts

WITHIN: Final = timedelta(hours=1)
REFUSED: Final = attempts.Limit("opslag-afvist", 5, WITHIN)
"""Refused look-ups in a row, after which the next ones must wait."""
PAUSE: Final = timedelta(seconds=10)
"""How long after a refusal the next look-up must wait then."""

_log = structlog.get_logger(__name__)


class TooSoonError(Exception):
    """The user must wait; nothing was looked up. ``wait``: how long."""

    def __init__(self, wait: timedelta, *, paused: bool) -> None:
        super().__init__(wait)
        self.wait = wait
        self.paused = paused


@dataclass(slots=True)
class Patience:
    """Counts one look-up of a user; ``most``: how many an hour has, 0: no limits."""

    user: str
    most: int
    in_a_row: int = 0

    def before(self, connection: Connection) -> None:
        """Count a look-up that is about to be made. Raises TooSoonError."""
        if not self.most:
            return
        attempts.count_alone(connection, self.user)
        limit = attempts.Limit("opslag", self.most, WITHIN)
        if attempts.is_exceeded(connection, limit, self.user):
            raise TooSoonError(WITHIN, paused=False)
        self.in_a_row, latest = attempts.counted(connection, REFUSED, self.user)
        if self.in_a_row >= REFUSED.most and latest is not None:
            wait = PAUSE - (system_time() - latest)
            if wait > timedelta():
                raise TooSoonError(wait, paused=True)
        attempts.count(connection, limit, self.user)

    def after(self, connection: Connection, *, found: bool) -> None:
        """Count a look-up that was refused; one that found its youth ends the row."""
        if not self.most:
            return
        if found:
            if self.in_a_row:
                attempts.forget(connection, REFUSED, self.user)
            return
        attempts.count(connection, REFUSED, self.user)
        self.in_a_row += 1
        if self.in_a_row >= REFUSED.most:
            _log.warning("portal.look_ups_refused", in_a_row=self.in_a_row, bruger=self.user)
