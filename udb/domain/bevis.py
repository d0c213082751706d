"""Diplomas of Eksamensdatabasen (V 1.3): which gennemført lacks one, and what they complete. Pure values."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.domain.kodesaet import COSA, Kodesaet

NEAR: Final = 60
"""The most days between a diploma and the gennemført it belongs to."""


@dataclass(frozen=True, slots=True)
class Bevis:
    """One diploma: its formål, the main institution by today's register, and its day."""

    formaal: str
    hovedinstitution: str
    dato: date


@dataclass(frozen=True, slots=True)
class Beviser:
    """All diplomas of one person. ``til``: the day up to which all diplomas are delivered; None: no delivery yet."""

    til: date | None = None
    beviser: tuple[Bevis, ...] = ()


NO_BEVISER: Final = Beviser()


def lacks(gennemfoert: Bevis, version: int | None, known: Beviser, codes: Kodesaet) -> bool:
    """Return whether a gennemført of a formål with diplomas should have one by now and has none (5007).

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
    """Return what a diploma completes, by its formål's ``fuldfoerer``; used for the level only, not for access."""
    row = codes.describing(COSA, bevis.formaal, bevis.dato)
    return row.text("fuldfoerer") or None if row is not None else None
