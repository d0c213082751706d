"""What an extract is asked for."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from udb.statistics.extract.pseudonym import Key

BEGINNING = date(1900, 1, 1)
"""The first day of a period without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An extract. ``day``: its status day, the last of the period; ``first``: the period's first; ``kommune``: the code
    of the only kommune whose residents are in it, None: all; ``packed``: gzip; ``provisional``: also where the month of
    the day is not delivered; ``with_cpr``: with the list of numbers beside.
    """

    day: date
    folder: Path
    key: Key
    first: date = BEGINNING
    kommune: str | None = None
    packed: bool = False
    provisional: bool = False
    with_cpr: bool = False

    def covers(self, day: date) -> bool:
        """Return whether a day is one of the period."""
        return self.first <= day <= self.day
