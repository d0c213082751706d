"""How those of a cohort who have dropped out left: by what cause, and how long after the start."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.domain.haendelse import AFBRUDT, EJ_MOEDT
from udb.statistics.definitions.courses import Course

CAUSE: Final = "aarsag_"
"""Measures of a cause: this and the code of the afbrudsaarsag, or ``NO_AFBRUD``."""
NO_AFBRUD: Final = "ingen"
"""What was left was completed, and completes no education of the group: GF1, or hf without GennemfoertHf."""
NOT_SAID: Final = "9"
"""The afbrudsaarsag of who gives none."""
TIME: Final = "tid_"
"""Measures of a time: this and the last day of the bucket, counted from the start."""
BUCKETS: Final = (30, 90, 182, 366)
"""The last day of each; the last one is over when the twelve months are, and the first has all that is before it."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The last end of a group within twelve months of the start. ``aarsag``: its code, or ``NO_AFBRUD``."""

    dag: date
    aarsag: str

    def measures(self, start: date) -> tuple[str, str]:
        """Return the measures of its cause and of the time since the start."""
        return f"{CAUSE}{self.aarsag}", time_of((self.dag - start).days)


def time_of(days: int) -> str:
    """Return the measure of a number of days."""
    return f"{TIME}{next((last for last in BUCKETS if days <= last), BUCKETS[-1]):03}"


TIMES: Final = tuple(map(time_of, BUCKETS))


def leaving(own: Iterable[Course], then: date) -> Leaving:
    """Return how a youth left who is in no course of a group any more; ``own``: all of the group, one ended by then.

    Who never came to a later course left nothing there. Of two ends on one day an afbrud says more than what was
    completed, and what was reported last holds.
    """
    ends = (one.forloeb.end for one in own if one.forloeb is not None)
    left = [
        end
        for end in ends
        if end is not None
        and end.haendelse_dato <= then
        and not (end.status == AFBRUDT and end.afbrudsarsags_kode == EJ_MOEDT)
    ]
    last = max(left, key=lambda end: (end.haendelse_dato, end.status == AFBRUDT, end.nummer))
    return Leaving(last.haendelse_dato, (last.afbrudsarsags_kode or NOT_SAID) if last.status == AFBRUDT else NO_AFBRUD)
