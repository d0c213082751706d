"""Events of one youth as values."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from udb.domain.haendelse import OPTAGET, Haendelse
from udb.domain.kodesaet import STADS
from udb.domain.services import VIDEREGAAENDE

START: Final = date(2026, 8, 10)
NOW: Final = datetime(2026, 8, 17, 9, tzinfo=UTC)


def number(n: int) -> str:
    """Return an event number."""
    return f"UDB-{n:023}"


def event(n: int, status: int = OPTAGET, day: int = 0, **changes: Any) -> Haendelse:
    """Return the event with number ``n``, in its own place, dated ``day`` days from the start."""
    made = Haendelse(
        nummer=number(n),
        plads=number(n),
        art="uddannelse",
        cprnr="6503084001",
        service=VIDEREGAAENDE,
        institution_nummer="461700",
        hovedinstitution="461700",
        haendelse_dato=START + timedelta(days=day),
        registreringstid=NOW,
        kilde_leverandoer="Skolesystem",
        status=status,
        kodesaet=STADS,
        kode="9302",
    )
    return replace(made, **changes)


def mark(n: int, about: int) -> Haendelse:
    """Return the kommune's mark on the event with number ``about``."""
    return event(
        n,
        ifoelge_kommunen="Risiko",
        vedroerer_haendelse_nummer=number(about),
        kodesaet=None,
        kode=None,
        service="Kommune",
    )
