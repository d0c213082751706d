"""What can be reported by hand: the services of institutions, and what may have happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET
from udb.domain.services import (
    EDUCATION,
    FGU,
    FORBEREDENDE_AKTIVITET,
    INSTITUTION_KONTAKT,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)
from udb.portal.worded import Worded

KILDE: Final = "Manuel"
"""The KildeLeverandoer of every report by hand."""


class Hvad(Worded):
    """What happened."""

    OPTAGET = "optaget", "Optaget"
    RISIKO = "risiko", "I risiko for frafald"
    AFBRUDT = "afbrudt", "Afbrudt"
    GENNEMFOERT = "gennemfoert", "Gennemført"
    AENDRING = "aendring", "Ændring (speciale, skoleperiode)"
    KONTAKTPERSON = "kontaktperson", "Kontaktperson"


STATUS: Final[Mapping[Hvad, int]] = {
    Hvad.OPTAGET: OPTAGET,
    Hvad.RISIKO: OPTAGET,
    Hvad.AFBRUDT: AFBRUDT,
    Hvad.GENNEMFOERT: GENNEMFOERT,
    Hvad.AENDRING: OPTAGET,
}
TITLES: Final[Mapping[str, str]] = {
    UNGDOMSUDDANNELSE: "Ungdomsuddannelse",
    FGU: "Forberedende grunduddannelse (FGU)",
    FORBEREDENDE_AKTIVITET: "Forberedende aktivitet eller klassetrin",
    VIDEREGAAENDE: "Videregående uddannelse",
    INSTITUTION_KONTAKT: "Institutionens kontaktperson",
}
"""The services that can be used by hand, in the order of the pages."""
_CHANGING: Final = frozenset({UNGDOMSUDDANNELSE, FGU})


@dataclass(frozen=True, slots=True)
class Task:
    """What is reported: over which service, and what happened."""

    service: str
    hvad: Hvad

    @property
    def title(self) -> str:
        """Its heading."""
        return TITLES[self.service] if self.hvad is Hvad.KONTAKTPERSON else f"{TITLES[self.service]}: {self.happened}"

    @property
    def happened(self) -> str:
        """What happened, in words."""
        return self.hvad.words


def task_of(service: str, hvad: str) -> Task | None:
    """Return the task that two values of an address or a form name, None when there is none."""
    if hvad not in {one.value for one in Hvad}:
        return None
    found = Task(service, Hvad(hvad))
    if service == INSTITUTION_KONTAKT or found.hvad is Hvad.KONTAKTPERSON:
        return found if service == INSTITUTION_KONTAKT and found.hvad is Hvad.KONTAKTPERSON else None
    if service not in EDUCATION or (found.hvad is Hvad.AENDRING and service not in _CHANGING):
        return None
    return found
