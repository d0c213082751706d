"""Code sets: the meaning of a code on a day.

One immutable snapshot holds all code sets; it is read again when the edition in the database has changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

COSA: Final = "cosa_formaal"
FORBEREDENDE: Final = "forberedende_aktiviteter"
KOMMUNE_AKTIVITETER: Final = "kommune_aktiviteter"
STADS: Final = "stads"
AKTIVITETSGRUPPER: Final = "aktivitetsgrupper"
ELEVTRIN: Final = "elevtrin"
"""Not a file: the grade itself is the education code (contract 4.2)."""
AFBRUDSAARSAGER: Final = "afbrudsaarsager"
KLASSETYPER: Final = "klassetyper"
FGU_SKOLEPERIODER: Final = "fgu_skoleperioder"
INSTITUTIONSTYPER: Final = "institutionstyper"
KOMMUNER: Final = "kommuner"
UDDANNELSESNIVEAUER: Final = "uddannelsesniveauer"
INDTAEGTSARTER: Final = "indtaegtsarter"
TIMELOEN: Final = "timeloen"

CHRISTIANSOE: Final = "411"
"""The registers' code for the one place with residents that is in no kommune, so not in KOMMUNER."""

INDTAEGTSART_FORM: Final = "[0-9]{4}|[0-9]{2}"
"""Pattern of a code of ``indtaegtsarter``: kode 68, or the indkomsttype of a line without one (sources 1)."""
LOEN: Final = "loen"
SOCIAL_YDELSE: Final = "social_ydelse"
"""With ``LOEN`` the values of the column ``loentype`` of ``indtaegtsarter``: what an income counts as, if anything."""
EFTERSKOLE: Final = "efterskole"
"""Column of ``institutionstyper``: 1 for a type whose events no school kommune sees (V 7)."""
VEJLEDNING: Final = "vejledning"
"""The edition of ``institutionstyper`` by V 7: 1011 and 1012 are efterskoler."""
REGISTER: Final = "register"
"""The edition by Institutionsregisteret: 1010 and 1011 are efterskoler, 1012 are folkeskoler."""
EDITIONS: Final = (VEJLEDNING, REGISTER)

EUD_ARTS: Final = frozenset({"eud", "gf1", "gf2"})
"""Kinds (column ``art`` of ``cosa_formaal``) that are an EUD."""
HF_ARTS: Final = frozenset({"hf", "hf_enkeltfag"})
"""Kinds that complete a youth education only with GennemfoertHf true."""


@dataclass(frozen=True, slots=True)
class Row:
    """One dated row; both days included."""

    kode: str
    variant: str
    tekst: str
    gyldig_fra: date
    gyldig_til: date | None
    egenskaber: Mapping[str, str]

    def valid_on(self, day: date) -> bool:
        """Return whether the row holds on ``day``."""
        return self.gyldig_fra <= day and (self.gyldig_til is None or day <= self.gyldig_til)

    def flag(self, column: str) -> bool:
        """Return the value of a further column of 0 or 1."""
        return self.egenskaber.get(column) == "1"

    def text(self, column: str) -> str:
        """Return the text of a further column, empty when it has no value."""
        return self.egenskaber.get(column, "")


class Kodesaet:
    """All code sets of one edition."""

    __slots__ = ("_by_kode", "edition")

    def __init__(self, edition: int, rows: Iterable[tuple[str, Row]]) -> None:
        """``rows``: each with the name of its set."""
        self.edition = edition
        self._by_kode: dict[str, dict[str, list[Row]]] = {}
        for saet, row in rows:
            self._by_kode.setdefault(saet, {}).setdefault(row.kode, []).append(row)
        for codes in self._by_kode.values():
            for found in codes.values():
                found.sort(key=lambda row: (row.variant, row.gyldig_fra))

    def rows(self, saet: str, kode: str, variant: str | None = None) -> Iterator[Row]:
        """Yield the rows of a code, oldest first within a variant; ``variant`` None takes them all."""
        for row in self._by_kode.get(saet, {}).get(kode, ()):
            if variant is None or row.variant == variant:
                yield row

    def on(self, saet: str, kode: str, day: date, variant: str | None = None) -> Row | None:
        """Return the row of a code that holds on ``day``."""
        return next((row for row in self.rows(saet, kode, variant) if row.valid_on(day)), None)

    def describing(self, saet: str, kode: str, day: date, variant: str | None = None) -> Row | None:
        """Return the row describing a code on ``day``: the valid one, else the latest earlier one, else the first."""
        first = latest = None
        for row in self._by_kode.get(saet, {}).get(kode, ()):
            if variant is not None and row.variant != variant:
                continue
            if row.valid_on(day):
                return row
            first = first or row
            if row.gyldig_fra <= day and (latest is None or row.gyldig_fra > latest.gyldig_fra):
                latest = row
        return latest or first

    def is_efterskole(self, type3: str) -> bool:
        """Return whether a row of an institution type says that it is an efterskole, whatever the row's days."""
        return any(row.flag(EFTERSKOLE) for row in self.rows(INSTITUTIONSTYPER, type3))

    def codes(self, saet: str) -> Iterator[str]:
        """Return every code of a set."""
        return iter(self._by_kode.get(saet, {}))
