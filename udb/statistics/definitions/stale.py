"""Forældet: a contact person that is registered and no longer to be trusted (V 5.1)."""

from datetime import date, timedelta
from typing import Final

from udb.statistics.definitions.definition import Definition

FORAELDET: Final = Definition(
    kort="foraeldet",
    navn="Forældet kontaktperson",
    version="v1",
    kilde="UDB-vejledningen 5.1",
    formel="Registreret for over 365 dage siden, eller af en kommune, hvor den unge ikke bor, eller af en "
    "institution, hvor den unge ikke har et åbent forløb, eller af et jobcenter, uden at den unge har "
    "uddannelsespålæg.",
    eksempel="Den 17. august 2026 er en kontakt fra den 16. august 2025 forældet (366 dage); en fra den 17. august "
    "2025 er det ikke (365 dage).",
)
DAYS: Final = timedelta(days=365)


def is_old(registered: date, day: date) -> bool:
    """Return whether a registration is more than 365 days old."""
    return day - registered > DAYS
