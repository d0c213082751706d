"""CPR numbers: the birth date and the birthdays that count.

The century follows from the 7th digit. Modulus 11 is not checked: valid numbers without it are issued (rule 1001).
Invented numbers add 60 to the day, so that none can be a real person's; they are valid only in the sandbox
(sources.md 4).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum.dk import cpr as dk_cpr
from stdnum.exceptions import ValidationError

from udb.domain.clock import add_years

INVENTED_DAY = 60
LEAP_DAY: Final = (2, 29)
BORN_ON_LEAP_DAY: Final = ("2902", f"{29 + INVENTED_DAY}02")
"""How the numbers of those begin who were born on 29 February."""
_LIKE_ONE: Final = re.compile(r"(?<!\d)(\d{6})[- ]?(\d{4})(?!\d)", re.ASCII)


def looks_like_one(text: str) -> bool:
    """Return whether a part of a text has the digits of a CPR number, of any date or none."""
    return _LIKE_ONE.search(text) is not None


def names_a_person(text: str) -> bool:
    """Return whether a part of a text is a CPR number by its date; a telephone with its country code is none."""
    return any(birth_date(found[1] + found[2], invented_allowed=True) for found in _LIKE_ONE.finditer(text))


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
