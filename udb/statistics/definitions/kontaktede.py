"""Which part of those without activity was contacted since they were without (S1's goal of 90 percent)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from udb.statistics.definitions.courses import Course
from udb.statistics.definitions.definition import Definition

KONTAKTEDE: Final = Definition(
    kort="kontaktede",
    navn="Kontaktede i målgruppen",
    version="v1",
    kilde="Målet om 90 procent i Københavns interne revision af KUI 2025; afgrænsningen er egen",
    formel="Af KUI-målgruppens unge uden aktivitet: de, som der er registreret en Kontakttid eller en kontaktperson i "
    "kommunen om, fra den dag de kom i gruppen til og med statusdagen. Den unge kom i gruppen på den seneste af: "
    "afslutningen af det sidste forløb, 15-års fødselsdagen, første dag efter den sidste måned med løn.",
    eksempel="Af ti unge uden aktivitet er seks kontaktet, efter at de kom i gruppen, én før og tre aldrig: 60 "
    "procent.",
)
KONTAKTET: Final = "kontaktet"
GOAL: Final = 90
"""Percent."""


def entered(courses: Sequence[Course], turns_15: date, last_work: date | None, day: date) -> date:
    """Return the day on which a youth without activity on ``day`` became so; ``last_work``: the last month with a wage,
    by its last day.
    """
    ends = [one.til for one in courses if one.til is not None and one.til <= day]
    work = [] if last_work is None else [last_work + timedelta(days=1)]
    return max([turns_15, *ends, *work])


def is_contacted(registered: Iterable[date], since: date, day: date) -> bool:
    """Return whether any registration is from ``since`` to ``day``, both included."""
    return any(since <= one <= day for one in registered)
