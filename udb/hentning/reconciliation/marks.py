"""The marks of a row, and the result as values (portal 3.30)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from udb.hentning.reconciliation.kinds import Hvad


class Maerke(StrEnum):
    """The marks, in the order in which they are tried. A row has exactly one; KUN_I_UDB is of what the file lacks."""

    UGYLDIG_LINJE = "ugyldig_linje"
    DUBLET = "dublet"
    OVERLAP = "overlap"
    IKKE_VIST = "ikke_vist"
    ALDER = "alder"
    UGYLDIG_KODE = "ugyldig_kode"
    AFVIST = "afvist"
    ANNULLERET = "annulleret"
    MANGLER_I_UDB = "mangler_i_udb"
    AFVIGER = "afviger"
    FUNDET = "fundet"
    KUN_I_UDB = "kun_i_udb"


WHAT_TO_DO: Final[Mapping[Maerke, str]] = {
    Maerke.UGYLDIG_LINJE: "Ret filen.",
    Maerke.DUBLET: "Den samme står tidligere i filen. Find ud af, hvilken der gælder.",
    Maerke.OVERLAP: "To rækker om samme uddannelse overlapper. Ret den ene periode.",
    Maerke.IKKE_VIST: "Nummeret er ikke i registret, eller den unge er ikke jeres.",
    Maerke.ALDER: "UDB tager ikke imod indberetninger om den unge på grund af alderen.",
    Maerke.UGYLDIG_KODE: "Koden findes ikke, eller den var ikke gyldig den dag. Ret koden.",
    Maerke.AFVIST: "Indberetningen blev afvist. Ret den, og send den igen.",
    Maerke.ANNULLERET: "Den har været i UDB og er annulleret eller slettet. Send den igen, hvis den gælder.",
    Maerke.MANGLER_I_UDB: "Den er aldrig kommet. Find ud af, hvilket system der skal sende den.",
    Maerke.AFVIGER: "Find ud af, hvem der har ret, og ret den anden.",
    Maerke.FUNDET: "Intet.",
    Maerke.KUN_I_UDB: "Afslut den, slet den, eller ret jeres liste.",
}


@dataclass(frozen=True, slots=True)
class Afvigelse:
    """A field that differs."""

    element: str
    deres: str
    vores: str


@dataclass(frozen=True, slots=True)
class Linje:
    """A row of the file with its mark.

    ``cpr``: masked. ``tekst``: the mark's particulars, in Danish. ``koder``: of the rules. ``transaktion``, ``tid``: of
    the refusal. ``af``, ``registreret``: who reported ours and when. ``tillaeg``: sub-marks, in Danish.
    """

    linje: int
    reference: str
    cpr: str
    maerke: Maerke
    celler: Mapping[str, str]
    tekst: str = ""
    afvigelser: Sequence[Afvigelse] = ()
    koder: Sequence[str] = ()
    transaktion: str | None = None
    tid: datetime | None = None
    nummer: str | None = None
    af: str | None = None
    registreret: datetime | None = None
    tillaeg: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class KunIUdb:
    """What the caller has in UDB and not in the file. ``cprnr``: for the caller's own file of the result."""

    cprnr: str
    felter: Mapping[str, str]
    af: str
    registreret: datetime
    nummer: str | None = None

    @property
    def cpr(self) -> str:
        """The number, masked."""
        return masked(self.cprnr)


@dataclass(frozen=True, slots=True)
class Resultat:
    """The result. ``dag``: of a list of one day; ``fra``, ``til``: else. ``i_udb``: how many of UDB's are in scope;
    ``genfundet``: those of them in rows that are found or differ; ``andet_maerke``: in rows with another mark.
    """

    hvad: Hvad
    kolonner: Sequence[str]
    linjer: Sequence[Linje]
    kun_i_udb: Sequence[KunIUdb]
    i_udb: int
    genfundet: Mapping[Maerke, int]
    andet_maerke: int
    dag: date
    fra: date
    til: date
    now: datetime
    persons: frozenset[int] = field(default_factory=frozenset, repr=False)

    @property
    def antal(self) -> Counter[Maerke]:
        """How many rows have each mark."""
        return Counter(one.maerke for one in self.linjer)

    @property
    def is_none_ours(self) -> bool:
        """Whether no row of the file is of a youth of the caller."""
        return bool(self.linjer) and all(one.maerke is Maerke.IKKE_VIST for one in self.linjer)

    @property
    def formel(self) -> str:
        """The rows as the sum of their marks, in Danish."""
        parts = [f"{count} {_said(mark)}" for mark in Maerke if (count := self.antal[mark])]
        return f"{len(self.linjer)} rækker = {' + '.join(parts)}"

    @property
    def formel_udb(self) -> str:
        """What UDB has as the sum of what became of it, in Danish."""
        parts = [f"{self.genfundet[mark]} {mark}" for mark in (Maerke.FUNDET, Maerke.AFVIGER)]
        parts.append(f"{len(self.kun_i_udb)} {_said(Maerke.KUN_I_UDB)}")
        if self.andet_maerke:
            parts.append(f"{self.andet_maerke} i rækker med et andet mærke")
        return f"UDB's {self.i_udb} = {' + '.join(parts)}"


def _said(mark: Maerke) -> str:
    return mark.replace("_udb", " UDB").replace("_", " ")


def masked(cprnr: str) -> str:
    """Return a CPR number as pages show it; empty for what is none."""
    return f"{cprnr[:4]}xx-xxxx" if cprnr else ""
