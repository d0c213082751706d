"""CPR numbers: the birth date and the birthdays that count.

The century follows from the 7th digit. Modulus 11 is not checked: valid numbers without it are issued (rule 1001).
Invented numbers add 60 to the day, so that none can be a real person's; they are valid only in the sandbox
(sources.md 4).
"""

from dataclasses import dataclass
from datetime import date

from stdnum.dk import cpr as dk_cpr
from stdnum.exceptions import ValidationError

from udb.domain.clock import add_years

INVENTED_DAY = 60


def birth_date(cprnr: str, *, invented_allowed: bool) -> date | None:
    """Return the birth date in a CPR number of ten digits, or None when it is not a date.

    ``invented_allowed``: subtract 60 from a day above 60.
    """
    day = int(cprnr[:2])
    if day > INVENTED_DAY:
        if not invented_allowed:
            return None
        cprnr = f"{day - INVENTED_DAY:02}{cprnr[2:]}"
    try:
        return dk_cpr.get_birth_date(cprnr)
    except ValidationError:
        return None


@dataclass(frozen=True, slots=True)
class Birthdays:
    """The days on which a person turns 15, 18, 25 and 30. The birthday itself counts as reached."""

    turns_15: date
    turns_18: date
    turns_25: date
    turns_30: date


def birthdays(born: date) -> Birthdays:
    """Return the four birthdays that count, from a birth date."""
    return Birthdays(add_years(born, 15), add_years(born, 18), add_years(born, 25), add_years(born, 30))
