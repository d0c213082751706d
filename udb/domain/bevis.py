"""Diplomas of Eksamensdatabasen (V 1.3): what they say of a gennemført and of the youth's level. Pure values."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.domain.kodesaet import COSA, Kodesaet

NEAR: Final = 60
"""How many days a diploma may lie from the gennemført it belongs to."""


@dataclass(frozen=True, slots=True)
class Bevis:
    """One diploma: the formål, the main institution by today's register, the day."""

    formaal: str
    hovedinstitution: str
    dato: date


@dataclass(frozen=True, slots=True)
class Beviser:
    """All diplomas of one person, and the day up to which everybody's are delivered; None: nothing is."""

    til: date | None = None
    beviser: tuple[Bevis, ...] = ()


NO_BEVISER: Final = Beviser()


def lacks(gennemfoert: Bevis, version: int | None, known: Beviser, codes: Kodesaet) -> bool:
    """Return whether a gennemført of a formål that gives a diploma should have one by now and has none (5007).

    ``gennemfoert``: the diploma it would have on the day itself.
    """
    if known.til is None or known.til < gennemfoert.dato:
        return False
    row = codes.describing(COSA, gennemfoert.formaal, gennemfoert.dato, None if version is None else str(version))
    if row is None or not row.flag("bevis"):
        return False
    return not any(
        (one.formaal, one.hovedinstitution) == (gennemfoert.formaal, gennemfoert.hovedinstitution)
        and abs((one.dato - gennemfoert.dato).days) <= NEAR
        for one in known.beviser
    )


def gives(bevis: Bevis, codes: Kodesaet) -> str | None:
    """Return what a diploma completes, by its formål's ``fuldfoerer``: for the level alone, not for access."""
    row = codes.describing(COSA, bevis.formaal, bevis.dato)
    return row.text("fuldfoerer") or None if row is not None else None
