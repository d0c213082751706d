"""The answer to a report: its receipt, and the lines of a refusal or an advice (contract 4.1, 5)."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class Resultat(StrEnum):
    """The result of a report, spelled as in the contract."""

    ACCEPTERET = "Accepteret"
    AFVIST = "Afvist"


@dataclass(frozen=True, slots=True)
class Fejl:
    """One line. ``alvor`` is ``Haard`` or ``Bloed``; ``vedroerer_haendelse_nummer`` is always a report of the
    caller's own.
    """

    fejl_kode: str
    alvor: str
    fejl_tekst: str
    element: str | None = None
    vedroerer_haendelse_nummer: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a report. ``registreringstid`` is the instant by the domain clock.

    ``repeated``: the receipt of an earlier call under the same key is returned again; it is no part of the receipt.
    """

    resultat: Resultat
    registreringstid: datetime
    haendelse_nummer: str | None = None
    forloeb_id: str | None = None
    fejl: tuple[Fejl, ...] = ()
    repeated: bool = field(default=False, compare=False)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its lines."""
        return frozenset(line.fejl_kode for line in self.fejl)

    def to_json(self) -> dict[str, Any]:
        """Return the receipt as JSON, to be stored under the call key."""
        return {
            "resultat": self.resultat,
            "registreringstid": self.registreringstid.isoformat(),
            "haendelse_nummer": self.haendelse_nummer,
            "forloeb_id": self.forloeb_id,
            "fejl": [asdict(line) for line in self.fejl],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Return the receipt from the JSON of ``to_json``."""
        return cls(
            resultat=Resultat(kept["resultat"]),
            registreringstid=datetime.fromisoformat(kept["registreringstid"]),
            haendelse_nummer=kept["haendelse_nummer"],
            forloeb_id=kept["forloeb_id"],
            fejl=tuple(Fejl(**line) for line in kept["fejl"]),
        )
