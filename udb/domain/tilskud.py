"""The result of a judgement, and what both judgements need from the code of a forloeb."""

from dataclasses import dataclass
from enum import StrEnum

from udb.domain.forloeb import Forloeb
from udb.domain.kodesaet import COSA, STADS, Kodesaet, Row


class Grundlag(StrEnum):
    """The grounds that fulfil the conditions of the udslusningstilskud, spelled as in the contract (5.2)."""

    UDDANNELSE = "Uddannelse"
    BESKAEFTIGELSE = "Beskaeftigelse"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement: either ``refused``, a code of rules.md 8, or ``opfyldt`` and, where known, its ``grundlag``."""

    opfyldt: bool | None = None
    grundlag: Grundlag | None = None
    refused: str | None = None


def education_row(forloeb: Forloeb, codes: Kodesaet) -> Row | None:
    """Return the code set row of a formål or STADS course by the report that began it; None for other codes."""
    if forloeb.key.kodesaet not in {COSA, STADS}:
        return None
    first = forloeb.optag or forloeb.events[0]
    variant = str(first.kode_version) if forloeb.key.kodesaet == COSA else None
    return codes.describing(forloeb.key.kodesaet, forloeb.key.kode, first.haendelse_dato, variant)
