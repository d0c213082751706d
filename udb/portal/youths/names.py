"""Names and CPR numbers of youths, as lists show them."""

from datetime import date
from typing import Final

from udb.hentning.kommune.own import Own
from udb.hentning.kommune.seen import Seen

PROTECTED: Final = "beskyttet"


def name_of(one: Seen | Own) -> str:
    """Return a youth's name; of a protected one that it is, and the empty text where there is none."""
    return PROTECTED if one.beskyttet else one.navn or ""


def masked(cprnr: str | None) -> str:
    """Return the day and month of a CPR number alone; of one that may not be shown (None) nothing of it."""
    return f"{'xxxx' if cprnr is None else cprnr[:4]}xx-xxxx"


def age(turns_15: date, today: date) -> int:
    """Return a youth's age in whole years."""
    years = today.year - turns_15.year
    return 15 + years - ((today.month, today.day) < (turns_15.month, turns_15.day))
