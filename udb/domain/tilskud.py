"""What a judgement says, and what both judgements ask of a forloeb."""

from dataclasses import dataclass
from enum import StrEnum

from udb.domain.forloeb import Forloeb
from udb.domain.kodesaet import COSA, STADS, Kodesaet, Row


class Grundlag(StrEnum):
    """What fulfils the conditions of the udslusningstilskud, spelled as in the contract (5.2)."""

    UDDANNELSE = "Uddannelse"
    BESKAEFTIGELSE = "Beskaeftigelse"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Either ``refused``, a code of rules.md 8, or whether the conditions hold, and by what."""

    opfyldt: bool | None = None
    grundlag: Grundlag | None = None
    refused: str | None = None


def education_row(forloeb: Forloeb, codes: Kodesaet) -> Row | None:
    """Return what the code of a formål or STADS course says of itself, by the report that began it; None for other
    codes.
    """
    if forloeb.key.kodesaet not in {COSA, STADS}:
        return None
    first = forloeb.optag or forloeb.events[0]
    variant = str(first.kode_version) if forloeb.key.kodesaet == COSA else None
    return codes.describing(forloeb.key.kodesaet, forloeb.key.kode, first.haendelse_dato, variant)
