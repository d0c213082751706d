"""Persons and institutions as today's registers have them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.domain.kodesaet import INSTITUTIONSTYPER, Kodesaet

RESIDENT: Final = frozenset({"01", "03"})
"""CPR status of those with a home address in Denmark (V 1)."""
LEFT_FOR_GOOD: Final = frozenset({"80", "90"})
"""CPR status of those who have gone abroad or died: their subscriptions end."""


KOMMUNE_TYPE: Final = "KOM"
"""The institution type of kommuner (sources 1)."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person by today's CPR register, under the current number."""

    id: int
    cprnr: str
    status: str
    kommunekode: str | None
    turns_15: date
    turns_18: date
    turns_25: date
    turns_30: date

    @property
    def resident(self) -> bool:
        """True if the person has a home address in Denmark."""
        return self.status in RESIDENT


@dataclass(frozen=True, slots=True)
class Institution:
    """One institution by today's register."""

    nummer: str
    hovedinstitution: str
    type3: str
    beliggenhedskommune: str | None
    administrerende_kommune: str | None
    lukket: date | None
    in_register: bool

    @property
    def kommunekode(self) -> str | None:
        """The code of the kommune that it is; None when it is not a kommune."""
        return self.administrerende_kommune if self.type3 == KOMMUNE_TYPE else None

    def may_use(self, service: str, codes: Kodesaet, day: date) -> bool:
        """Return whether the code set ``institutionstyper`` lets its type use a service on a day (rule 2003)."""
        row = codes.on(INSTITUTIONSTYPER, self.type3, day)
        return row is not None and service in row.text("tjenester").split()
