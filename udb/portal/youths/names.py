"""Names and CPR numbers of youths, as lists show them."""

from datetime import date
from typing import Final

from udb.domain.cpr import BORN_ON_LEAP_DAY, LEAP_DAY
from udb.hentning.kommune.own import Own
from udb.hentning.kommune.seen import Seen

PROTECTED: Final = "beskyttet"


def name_of(one: Seen | Own) -> str:
    """Return a youth's name; of a protected one that it is, and the empty text where there is none."""
    return PROTECTED if one.beskyttet else one.navn or ""


def masked(cprnr: str | None) -> str:
    """Return the day and month of a CPR number alone; of one that may not be shown (None) nothing of it."""
    return f"{'xxxx' if cprnr is None else cprnr[:4]}xx-xxxx"


def age(cprnr: str, turns_15: date, today: date) -> int:
    """Return a youth's age in whole years."""
    years = today.year - turns_15.year
    # Who was born on 29 February turned 15 on 1 March, and has a birthday on 29 February where there is one.
    month, day = LEAP_DAY if cprnr.startswith(BORN_ON_LEAP_DAY) else (turns_15.month, turns_15.day)
    return 15 + years - ((today.month, today.day) < (month, day))
