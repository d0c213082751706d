"""Forældet: a contact person that is registered and no longer to be trusted (V 5.1)."""

from datetime import date, timedelta
from typing import Final

from udb.statistics.definitions.definition import Definition

FORAELDET: Final = Definition(
    "Forældet kontaktperson",
    "forældet v1",
    "UDB-vejledningen 5.1",
    "Registreret for over 365 dage siden, eller af en kommune, hvor den unge ikke bor, eller af en institution, hvor "
    "den unge ikke har et åbent forløb, eller af et jobcenter, uden at den unge har uddannelsespålæg.",
)
DAYS: Final = timedelta(days=365)


def is_old(registered: date, day: date) -> bool:
    """Return whether a registration is more than 365 days old."""
    return day - registered > DAYS
