"""What each definition counts of a youth on a status day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.statistics.definitions.bredere import BREDERE, UKENDT, bredere
from udb.statistics.definitions.bredere import of_age as in_bredere
from udb.statistics.definitions.daekning import DAEKNING
from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.fuldfoert_25 import FULDFOERT_25, is_25
from udb.statistics.definitions.kui import KUI, Gruppe, group_of
from udb.statistics.definitions.neet import NEET, neet
from udb.statistics.definitions.neet import of_age as in_neet_ages
from udb.statistics.definitions.restgruppe import RESTGRUPPE
from udb.statistics.definitions.youth import Youth, has_completed, in_education, in_population, works_18
from udb.statistics.monthly.history import History

POPULATION: Final = "P"
"""The measure of all of whom a figure is a share."""
I_ALT: Final = "i_alt"
"""The measure that is the sum of a figure's sub-groups."""
UNDER_25: Final = ("15-17", "18-24")
UNDER_30: Final = (*UNDER_25, "25-29")
Count = Callable[[History, Youth, date], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure that counts youths by kommune, age group and sex.

    ``maal``: its measures; ``aldre``: the age groups that it has; ``count``: the measures in which a youth counts.
    """

    definition: Definition
    maal: Sequence[str]
    aldre: Sequence[str]
    count: Count


def name_of(group: Gruppe | str) -> str:
    """Return the measure of a group of the target group: its name in lower case."""
    return group.name.lower() if isinstance(group, Gruppe) else group


WITHOUT: Final = name_of(Gruppe.UDEN)
"""The measure of those without activity."""
_GROUPS: Final = tuple(name_of(one) for one in Gruppe)
FULDFOERT, I_UDDANNELSE, I_JOB = "fuldfoert", "i_uddannelse", "i_job"


def _restgruppe(_: History, youth: Youth, day: date) -> Sequence[str]:
    if not in_population(youth, day):
        return ()
    if has_completed(youth, day):
        return POPULATION, FULDFOERT
    if in_education(youth, day):
        return POPULATION, I_UDDANNELSE
    return POPULATION, I_JOB if works_18(youth, day) else RESTGRUPPE.kort


def _kui(_: History, youth: Youth, day: date) -> Sequence[str]:
    if not in_population(youth, day):
        return ()
    group = group_of(youth, day)
    return (POPULATION,) if group is None else (POPULATION, I_ALT, name_of(group))


def _bredere(_: History, youth: Youth, day: date) -> Sequence[str]:
    if not in_bredere(youth, day):
        return ()
    group = bredere(youth, day)
    return (POPULATION,) if group is None else (POPULATION, I_ALT, name_of(group))


def _fuldfoert_25(_: History, youth: Youth, day: date) -> Sequence[str]:
    if not is_25(youth, day):
        return ()
    return (POPULATION, FULDFOERT) if has_completed(youth, day) else (POPULATION,)


def _daekning(history: History, youth: Youth, day: date) -> Sequence[str]:
    if not in_population(youth, day):
        return ()
    is_covered = any(not one.gentaget and one.haendelse_dato <= day for one in history.events)
    return (POPULATION, DAEKNING.kort) if is_covered else (POPULATION,)


def _neet(_: History, youth: Youth, day: date) -> Sequence[str]:
    if not in_neet_ages(youth, day):
        return ()
    return (POPULATION, NEET.kort) if neet(youth, day) else (POPULATION,)


MONTHLY: Final = (
    Counted(RESTGRUPPE, (POPULATION, FULDFOERT, I_UDDANNELSE, I_JOB, RESTGRUPPE.kort), UNDER_25, _restgruppe),
    Counted(KUI, (POPULATION, I_ALT, *_GROUPS), UNDER_25, _kui),
    Counted(BREDERE, (POPULATION, I_ALT, *_GROUPS, UKENDT), UNDER_30, _bredere),
    Counted(FULDFOERT_25, (POPULATION, FULDFOERT), ("25-29",), _fuldfoert_25),
    Counted(DAEKNING, (POPULATION, DAEKNING.kort), UNDER_25, _daekning),
)
"""The figures of every first day of a month."""
YEARLY: Final = (Counted(NEET, (POPULATION, NEET.kort), UNDER_25, _neet),)
"""The figure of 30 November."""
