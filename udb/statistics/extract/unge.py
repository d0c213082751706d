"""The file ``unge``: each youth on the day, with the terms of docs/spec/figures.md.

The month of birth, never its day.
"""

from datetime import date
from typing import Any, Final

from udb.domain.clock import add_years
from udb.statistics.definitions.kui import kui
from udb.statistics.definitions.neet import neet, status_day
from udb.statistics.definitions.restgruppe import in_restgruppe
from udb.statistics.definitions.youth import (
    has_completed,
    in_education,
    in_population,
    in_school,
    in_youth_education,
    works_18,
    works_20,
)
from udb.statistics.extract.moment import Moment
from udb.statistics.extract.youths import Found, highest_level

NAME: Final = "unge"
COLUMNS: Final = (
    *("id", "koen", "foedt_aar", "foedt_maaned", "alder_paa_dag", "status", "kommunekode", "kommune_kendt_fra"),
    *("hoejeste_niveau", "paalaeg", "i_P", "F", "U", "Uu", "G", "B18", "B20", "restgruppe", "kui", "neet_dst"),
)
_FEMALE: Final = 2
"""The last digit of a woman's number is divisible by it."""


def row(found: Found, moment: Moment) -> tuple[Any, ...]:
    """Return the row of a youth."""
    day, youth, row = moment.request.day, found.youth, found.row
    group = kui(youth, day)
    return (
        found.id,
        "M" if int(row.cprnr[-1]) % _FEMALE else "K",
        found.born.year if found.born else None,
        found.born.month if found.born else None,
        age(found.born, day) if found.born else None,
        row.status,
        row.kommunekode,
        row.fra if row.fra != date.min else None,
        highest_level(found.fuldfoert, moment.codes, day),
        youth.paalaeg,
        in_population(youth, day),
        has_completed(youth, day),
        in_education(youth, day),
        in_youth_education(youth, day),
        in_school(youth, day),
        works_18(youth, day),
        works_20(youth, day),
        in_restgruppe(youth, day),
        group.name.lower() if group is not None else None,
        neet(youth, day) if day == status_day(day.year) else None,
    )


def age(born: date, day: date) -> int:
    """Return the age in years on a day; the birthday itself counts as reached."""
    years = day.year - born.year
    return years if add_years(born, years) <= day else years - 1
