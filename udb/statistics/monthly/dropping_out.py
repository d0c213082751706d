"""What the definitions of drop-out and of deadlines count of a youth on a status day, by groups of their own."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from udb.domain.clock import add_months, month_end
from udb.statistics.definitions.courses import Slags
from udb.statistics.definitions.frafald import CHECKPOINTS, Efter, Udfald, dropped_out, school_year, starts
from udb.statistics.definitions.frist import Udfald as Fristudfald
from udb.statistics.definitions.leaving import TIMES
from udb.statistics.definitions.youth import IN_EDUCATION
from udb.statistics.monthly.contact_facts import Owed
from udb.statistics.monthly.history import History
from udb.statistics.monthly.income import Income

COHORTS: Final = 5
"""School years before that of the status day whose starts are counted."""
AFTER_MONTHS: Final = 36
"""Months before the status day in which an afbrud is followed."""
OWED_MONTHS: Final = 13
"""Months before the status day whose afbrud are counted against their deadlines."""
KOHORTE: Final = "kohorte"
FRAFALD_MAAL: Final = (
    KOHORTE,
    Udfald.EJ_MOEDT.value,
    *(f"{kind}_{one}" for kind in ("hurtig", "endelig") for one in Udfald if one is not Udfald.EJ_MOEDT),
    *TIMES,
)
"""``kohorte``: those whose twelve months are over, without those who never came. Causes are counted as they occur."""
EFTER_MAAL: Final = tuple(one.value for one in Efter)
FRIST_MAAL: Final = tuple(one.name.lower() for one in Fristudfald)
CONTACTED: Final = (Fristudfald.I_TIDE, Fristudfald.FOR_SENT)
"""The outcomes of which the working days are counted."""
MOST_DAYS: Final = 99
Found = Iterator[tuple[date, str, Sequence[str]]]
"""The day whose kommune counts, the group, and the measures."""


def of_starts(youth: History, day: date) -> Found:
    """Yield a youth's starts whose twelve months are over, by group and school year."""
    oldest = school_year(day) - COHORTS
    for start in starts(youth.courses, day):
        if start.hurtig is None or start.endelig is None or start.aar < oldest:
            continue
        group = f"{start.gruppe} {start.aar}"
        if start.hurtig is Udfald.EJ_MOEDT:
            yield start.dag, group, (Udfald.EJ_MOEDT.value,)
        else:
            left = start.forlod.measures(start.dag) if start.forlod is not None else ()
            yield start.dag, group, (KOHORTE, f"hurtig_{start.hurtig}", f"endelig_{start.endelig}", *left)


def followed_months(day: date, delivered: Iterable[date]) -> list[date]:
    """Return the delivered months in which youths are looked at some months after an afbrud."""
    first = add_months(day, CHECKPOINTS[0] - AFTER_MONTHS)
    return [month for month in delivered if first <= month <= month_end(day)]


def of_afbrud(youth: History, day: date, income: Income, delivered: frozenset[date]) -> Found:
    """Yield what a youth did some months after each afbrud, by group, school year and number of months.

    ``delivered``: the months of ``followed_months``.
    """
    for group, left in dropped_out(youth.courses):
        if add_months(day, -AFTER_MONTHS) < left <= day:
            for months in CHECKPOINTS:
                then = add_months(left, months)
                name = f"{group} {school_year(left)} +{months:02}"
                yield left, name, (_after(youth, then, day, income, delivered).value,)


def _after(youth: History, then: date, day: date, income: Income, delivered: frozenset[date]) -> Efter:
    month = month_end(then)
    if then > day or month not in delivered:
        return Efter.ENDNU_IKKE
    open_kinds = {one.slags for one in youth.courses if one.gyldig and one.is_open(then)}
    studies = not open_kinds.isdisjoint(IN_EDUCATION)
    if Slags.ERHVERV in open_kinds or income.has_job(youth.person_id, month):
        return Efter.BEGGE if studies else Efter.I_JOB
    if studies:
        return Efter.I_UDDANNELSE
    return Efter.UKENDT if youth.turns_25 <= month else Efter.INGEN


def of_deadlines(owed: Iterable[Owed], day: date) -> Iterator[tuple[Owed, str, Sequence[str]]]:
    """Yield the outcome of each afbrud that calls for a contact, by its month, with the working days to the contact."""
    for one in owed:
        if add_months(day, -OWED_MONTHS) < one.dag <= day:
            found = one.on(day)
            more = (_days(found.dage),) if found.dage is not None and found.udfald in CONTACTED else ()
            yield one, f"{one.dag:%Y-%m}", (found.udfald.name.lower(), *more)


def _days(count: int) -> str:
    """Return the measure of a number of working days from knowing to the contact, of which a median is made."""
    return f"dage_{min(count, MOST_DAYS):02}"
