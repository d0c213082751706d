"""What can be reconciled: the columns of each kind, and how a row is read and normalised (portal 3.30)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from udb.domain import elementer as e
from udb.domain.services import (
    EDUCATION,
    INSTITUTION_KONTAKT,
    KOMMUNE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    KONTAKTPERSON,
    ONSKER,
)
from udb.hentning.reconciliation.file import REFERENCE, Row


class Hvad(StrEnum):
    """The kinds."""

    KONTAKT = "kontakt"
    FORLOEB = "forloeb"
    AFBRUD = "afbrud"
    OENSKER = "oensker"
    TIDER = "tider"


KODE: Final = "Kode"
DATO_OPTAG: Final = "DatoOptag"
SLUTDATO: Final = "Slutdato"
OF_KOMMUNER: Final = frozenset({Hvad.OENSKER, Hvad.TIDER})
"""What kommuner alone register."""
BETWEEN: Final = frozenset({Hvad.AFBRUD, Hvad.TIDER})
"""What is asked for from a day to a day."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a kind. ``forklaring``: of each, in Danish; ``eksempel``: a row of the template."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    forklaring: Mapping[str, str]
    eksempel: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, in the order of the template."""
        return (*self.required, *self.optional, REFERENCE)


_WORDS: Final = {
    e.CPRNR: "Ti cifre, med eller uden bindestreg. Et regneark fjerner et nul forrest: gem kolonnen som tekst.",
    e.KONTAKT_NAVN: "Kontaktpersonens navn",
    e.KONTAKT_MAIL: "Kontaktpersonens e-mail",
    e.KONTAKT_TELEFON: "Kontaktpersonens telefon; +45 og mellemrum er uden betydning",
    KODE: "Uddannelsens eller aktivitetens kode, som den indberettes",
    DATO_OPTAG: "Første dag, som 2026-08-17 eller 17-08-2026",
    SLUTDATO: "Sidste dag, når forløbet er slut",
    e.STATUS: "1 i gang, 2 afbrudt, 3 gennemført",
    e.INSTITUTION_NUMMER: "Institutionens nummer, seks cifre",
    e.HAENDELSE_DATO: "Dagen, som 2026-08-17 eller 17-08-2026",
    e.AFBRUDSARSAGS_KODE: "Årsagens kode",
    e.TYPE: "Kontakttid eller Tilbudstid",
    e.JOB_ONSKER: "Den unges jobønsker, med | imellem",
    e.UDDANNELSES_ONSKER: "Den unges uddannelsesønsker, med | imellem",
    REFERENCE: "Jeres egen: den kommer med tilbage",
}


def _of(required: tuple[str, ...], optional: tuple[str, ...], eksempel: tuple[str, ...]) -> Columns:
    names = (*required, *optional, REFERENCE)
    return Columns(required, optional, {name: _WORDS[name] for name in names}, eksempel)


COLUMNS: Final[Mapping[Hvad, Columns]] = {
    Hvad.KONTAKT: _of(
        (e.CPRNR, e.KONTAKT_NAVN),
        (e.KONTAKT_MAIL, e.KONTAKT_TELEFON),
        ("6101054234", "Test Jensen", "test@kommune.example", "23456789", "sag 1"),
    ),
    Hvad.FORLOEB: _of(
        (e.CPRNR, KODE, DATO_OPTAG),
        (SLUTDATO, e.STATUS, e.INSTITUTION_NUMMER),
        ("6101054234", "3017", "2026-08-10", "", "1", "461248", "elev 1"),
    ),
    Hvad.AFBRUD: _of(
        (e.CPRNR, KODE, e.HAENDELSE_DATO),
        (e.AFBRUDSARSAGS_KODE, e.INSTITUTION_NUMMER),
        ("6101054234", "3017", "2026-08-10", "904", "461248", "elev 1"),
    ),
    Hvad.OENSKER: _of((e.CPRNR,), (e.JOB_ONSKER, e.UDDANNELSES_ONSKER), ("6101054234", "Tømrer|Murer", "EUD", "sag 1")),
    Hvad.TIDER: _of((e.CPRNR, e.TYPE, e.HAENDELSE_DATO), (), ("6101054234", "Kontakttid", "2026-08-10", "sag 1")),
}


def services_of(hvad: Hvad, *, kommune: bool) -> frozenset[str]:
    """Return the services over which a kind is reported."""
    if hvad is Hvad.KONTAKT:
        return frozenset({KONTAKTPERSON if kommune else INSTITUTION_KONTAKT})
    if hvad is Hvad.OENSKER:
        return frozenset({ONSKER})
    if hvad is Hvad.TIDER:
        return frozenset({KONTAKT_TILBUDSTID})
    return frozenset({KOMMUNE_AKTIVITET}) if kommune else EDUCATION


@dataclass(frozen=True, slots=True)
class Theirs:
    """A row as it is compared.

    ``noegle``: what of the row must be equal beside the youth. ``felter``: as written, by element, of the columns that
    the file has; ``ens``: normalised. ``dato``: the day by which it is looked for; ``til``: a forloeb's last day.
    """

    row: Row
    cprnr: str = ""
    noegle: str = ""
    felter: Mapping[str, str] = field(default_factory=dict)
    ens: Mapping[str, str] = field(default_factory=dict)
    dato: date | None = None
    til: date | None = None
    fejl: str | None = None

    @property
    def reference(self) -> str:
        """The sender's own name for the row."""
        return self.row.celler.get(REFERENCE, "")


COMPARED: Final = {
    Hvad.KONTAKT: (e.KONTAKT_NAVN, e.KONTAKT_MAIL, e.KONTAKT_TELEFON),
    Hvad.FORLOEB: (DATO_OPTAG, e.STATUS, e.INSTITUTION_NUMMER),
    Hvad.AFBRUD: (e.HAENDELSE_DATO, e.AFBRUDSARSAGS_KODE),
    Hvad.OENSKER: (e.JOB_ONSKER, e.UDDANNELSES_ONSKER),
    Hvad.TIDER: (e.HAENDELSE_DATO,),
}
"""The fields that are compared."""
_KEY: Final = {Hvad.FORLOEB: KODE, Hvad.AFBRUD: KODE, Hvad.TIDER: e.TYPE}
_DAY: Final = {Hvad.FORLOEB: DATO_OPTAG, Hvad.AFBRUD: e.HAENDELSE_DATO, Hvad.TIDER: e.HAENDELSE_DATO}


def theirs(row: Row, hvad: Hvad) -> Theirs:
    """Return a row as it is compared, or with the fault that keeps it from being so."""
    if row.fejl is not None:
        return Theirs(row, fejl=row.fejl)
    cells = row.celler
    cprnr = cells[e.CPRNR].replace("-", "").replace(" ", "")
    fault = _cpr_fault(cprnr)
    days: dict[str, date | None] = {}
    for name in (DATO_OPTAG, SLUTDATO, e.HAENDELSE_DATO):
        said = cells.get(name, "")
        days[name] = day_of(said)
        if said and days[name] is None:
            fault = fault or f"{name} kan ikke læses som en dato."
    if hvad in _DAY and days[_DAY[hvad]] is None:
        fault = fault or f"{_DAY[hvad]} mangler."
    if hvad in _KEY and not cells[_KEY[hvad]]:
        fault = fault or f"{_KEY[hvad]} mangler."
    if fault is not None:
        return Theirs(row, fejl=fault)
    felter = {name: cells[name] for name in COMPARED[hvad] if name in cells}
    return Theirs(
        row,
        cprnr,
        plain(cells[_KEY[hvad]]) if hvad in _KEY else "",
        felter,
        {name: same(name, value) for name, value in felter.items()},
        days[_DAY[hvad]] if hvad in _DAY else None,
        days[SLUTDATO],
    )


_CPR_DIGITS: Final = 10


def _cpr_fault(cprnr: str) -> str | None:
    if cprnr.isascii() and cprnr.isdecimal():
        if len(cprnr) == _CPR_DIGITS:
            return None
        if len(cprnr) == _CPR_DIGITS - 1:
            return "CPRNr har 9 cifre. Mangler der et 0 forrest?"
    return "CPRNr er ikke ti cifre."


_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DANISH: Final = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", re.ASCII)


def day_of(said: str) -> date | None:
    """Return the day of a text: 2026-08-17, 17-08-2026, 17.08.2026 or 17/8/2026; None when it is none."""
    try:
        if found := _ISO.fullmatch(said):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DANISH.fullmatch(said):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    return None


def plain(text: str) -> str:
    """Return a text without case and double blanks."""
    return " ".join(text.split()).casefold()


def _telephone(text: str) -> str:
    digits = "".join(character for character in text if character.isdecimal())
    for prefix in ("0045", "45"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 8:
            return digits.removeprefix(prefix)
    return digits


def _day(text: str) -> str:
    found = day_of(text)
    return found.isoformat() if found else text


def _wishes(text: str) -> str:
    return "|".join(sorted(filter(None, map(plain, text.split("|")))))


_SAME: Final[Mapping[str, Callable[[str], str]]] = {
    e.KONTAKT_TELEFON: _telephone,
    DATO_OPTAG: _day,
    e.HAENDELSE_DATO: _day,
    e.JOB_ONSKER: _wishes,
    e.UDDANNELSES_ONSKER: _wishes,
}


def same(name: str, value: str) -> str:
    """Return a field's value as it is compared."""
    return _SAME.get(name, plain)(value)
