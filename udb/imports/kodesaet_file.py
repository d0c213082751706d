"""Code set files: the columns of each set, and a file's lines as checked rows (sources 2).

``udb import kodesaet`` and a new database both read these files here. This module uses no database.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.domain import kodesaet
from udb.domain.services import SERVICES
from udb.domain.text import Text
from udb.imports.csv_file import Line, RefusedLine, read_lines


@dataclass(frozen=True, slots=True)
class Kind:
    """The text a field may have: a pattern for the whole of it, and its name for the refusal."""

    pattern: str
    expected: Text

    def accepts(self, value: str) -> bool:
        """Return whether ``value`` is of this kind."""
        return re.fullmatch(self.pattern, value) is not None

    @property
    def wanted(self) -> Text:
        """The refusal of a value of another kind."""
        return Text(f"Her skal stå {self.expected.da}.", f"Write {self.expected.en} here.")


def choice(*values: str) -> Kind:
    """Return the kind of a field that has one of ``values``; an empty one among them allows an empty field."""
    others = ", ".join(filter(None, values))
    expected = Text(f"en af: {others}", f"one of: {others}")
    if "" in values:
        expected = _or_nothing(expected)
    return Kind("|".join(map(re.escape, values)), expected)


def optional(kind: Kind) -> Kind:
    """Return the kind that accepts what ``kind`` does, or nothing."""
    return Kind(f"(?:{kind.pattern})?", _or_nothing(kind.expected))


def _or_nothing(expected: Text) -> Text:
    return Text(f"{expected.da} eller ingenting", f"{expected.en}, or nothing")


def text(longest: int) -> Kind:
    """Return the kind of a text of at most ``longest`` characters on one line."""
    expected = Text(
        f"en tekst på én linje på højst {longest} tegn", f"a text of at most {longest} characters on one line"
    )
    return Kind(rf"[^\x00-\x1f\x7f]{{1,{longest}}}", expected)


def code(longest: int) -> Kind:
    """Return the kind of a code of at most ``longest`` characters, none of them blank (contract 4, types)."""
    expected = Text(
        f"en kode på højst {longest} tegn uden blanke", f"a code of at most {longest} characters without blanks"
    )
    return Kind(rf"[^\s\x00-\x1f\x7f]{{1,{longest}}}", expected)


TEXT: Final = Kind(r"[^\x00-\x1f\x7f]+", Text("en tekst på én linje", "a text on one line"))
FLAG: Final = Kind("[01]", Text("0 eller 1", "0 or 1"))
INT: Final = Kind("[0-9]{1,3}", Text("et helt tal fra 0 til 999", "a whole number from 0 to 999"))
KRONER: Final = Kind(
    r"[0-9]{1,6}\.[0-9]{2}",
    Text("kroner med to decimaler og punktum, fx 75.00", "kroner with a point and two decimals, as 75.00"),
)
VERSION_NUMBER: Final = Kind("[1-9][0-9]{0,2}", Text("et helt tal fra 1 til 999", "a whole number from 1 to 999"))
DATE: Final = Kind("[0-9]{4}-[0-9]{2}-[0-9]{2}", Text("en dato i formen ÅÅÅÅ-MM-DD", "a date in the form YYYY-MM-DD"))
TEN_DIGITS: Final = Kind(
    "[0-9]{10}", Text("et CPR-nummer på 10 cifre uden bindestreg", "a CPR number of 10 digits without a hyphen")
)
KOMMUNEKODE: Final = Kind("[0-9]{3}", Text("en kommunekode på 3 cifre", "a kommunekode of 3 digits"))
INSTITUTION_NUMBER: Final = Kind(
    "[0-9A-Z]{6}",
    Text(
        "et institutionsnummer på 6 cifre eller store bogstaver",
        "an institution number of 6 digits or capital letters",
    ),
)
_SERVICE: Final = f"(?:{'|'.join(SERVICES)})"
TJENESTER: Final = Kind(
    f"(?:{_SERVICE}(?: {_SERVICE})*)?",
    Text(
        f"navne på tjenester med én blank imellem: {', '.join(SERVICES)}",
        f"names of services with one blank between them: {', '.join(SERVICES)}",
    ),
)

ETATER: Final = "etater"

KODE: Final = "kode"
TEKST: Final = "tekst"
GYLDIG_FRA: Final = "gyldig_fra"
GYLDIG_TIL: Final = "gyldig_til"
OPFUNDET: Final = "opfundet"
KILDE: Final = "kilde"
VERSION: Final = "version"
SPECIALE: Final = "speciale"


@dataclass(frozen=True, slots=True)
class SetSpec:
    """One set: its codes, its columns besides those of every set, and which of them belongs to the key.

    ``own`` are the columns with which this project decides how the service treats a code: they are neither public nor
    invented.
    """

    kode: Kind
    further: dict[str, Kind]
    variant: str | None = None
    own: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """The header row."""
        second = tuple(name for name in self.further if name == VERSION)
        others = tuple(name for name in self.further if name != VERSION)
        return (KODE, *second, TEKST, GYLDIG_FRA, GYLDIG_TIL, OPFUNDET, KILDE, *others)

    @property
    def content(self) -> tuple[str, ...]:
        """The columns that a row has from a source or invents; the days of validity are in no source."""
        return tuple(name for name in self.columns if name not in {GYLDIG_FRA, GYLDIG_TIL, OPFUNDET, KILDE, *self.own})


SAET: Final[dict[str, SetSpec]] = {
    kodesaet.KOMMUNER: SetSpec(
        KOMMUNEKODE,
        {"institutionsnummer": INSTITUTION_NUMBER},
    ),
    kodesaet.COSA: SetSpec(
        code(10),
        {
            VERSION: VERSION_NUMBER,
            "art": choice(
                *("gymnasial", "hf", "eud", "gf1", "gf2", "hf_enkeltfag", "avu", "fvu", "obu", "du", "fgu"),
                *("optagelsesproeve", "andet"),
            ),
            "genoptag": FLAG,
            "fuldfoerer": choice("", "ungdomsuddannelse", "erhvervskompetencegivende"),
            "kompetencegivende": FLAG,
            "bevis": FLAG,
            "klassetrin_hoejst_10": FLAG,
        },
        variant=VERSION,
        own=frozenset({"art", "genoptag", "fuldfoerer", "kompetencegivende", "bevis", "klassetrin_hoejst_10"}),
    ),
    kodesaet.FORBEREDENDE: SetSpec(
        code(10),
        {"genoptag": FLAG, "klassetrin_hoejst_10": FLAG, "ved_siden_af": FLAG},
        own=frozenset({"genoptag", "klassetrin_hoejst_10", "ved_siden_af"}),
    ),
    kodesaet.KOMMUNE_AKTIVITETER: SetSpec(
        code(10),
        {
            "skal": FLAG,
            "klassetrin_hoejst_10": FLAG,
            "art": choice(
                *("", "grundskole", "forberedende", "uddannelse", "foranstaltning", "udland", "erhverv"),
                *("praktik", "fritaget", "sygdom"),
            ),
        },
        own=frozenset({"klassetrin_hoejst_10", "art"}),
    ),
    kodesaet.AFBRUDSAARSAGER: SetSpec(
        code(20),
        {"art": choice("almindelig", "optagelsesproeve", "begge")},
        own=frozenset({"art"}),
    ),
    kodesaet.STADS: SetSpec(
        code(10),
        {"fuldfoerer": choice("", "videregaaende"), "kompetencegivende": FLAG},
        own=frozenset({"fuldfoerer", "kompetencegivende"}),
    ),
    kodesaet.AKTIVITETSGRUPPER: SetSpec(code(10), {}),
    kodesaet.KLASSETYPER: SetSpec(code(20), {}),
    kodesaet.INSTITUTIONSTYPER: SetSpec(
        code(20),
        {"tjenester": TJENESTER, kodesaet.EFTERSKOLE: FLAG},
        own=frozenset({"tjenester", kodesaet.EFTERSKOLE}),
    ),
    kodesaet.UDDANNELSESNIVEAUER: SetSpec(code(40), {"rang": INT}, own=frozenset({"rang"})),
    ETATER: SetSpec(code(20), {}),
    kodesaet.FGU_SKOLEPERIODER: SetSpec(code(20), {SPECIALE: choice("", "1", "2", "3")}, variant=SPECIALE),
    kodesaet.INDTAEGTSARTER: SetSpec(
        Kind(
            kodesaet.INDTAEGTSART_FORM,
            Text(
                "en indtægtsart på 4 cifre eller en indkomsttype på 2",
                "an indtægtsart of 4 digits, or an indkomsttype of 2",
            ),
        ),
        {"loentype": choice("", kodesaet.LOEN, kodesaet.SOCIAL_YDELSE)},
    ),
    kodesaet.TIMELOEN: SetSpec(choice("15-17", "18-24"), {"kroner": KRONER}),
}
"""Every set that has a file, by name."""


@dataclass(frozen=True, slots=True)
class KodesaetRow:
    """One dated row; ``variant`` is its version or speciale, empty where the set has none.

    ``opfundet`` names the columns whose content is invented, with a blank between them. ``kilde`` is where the others
    are from: a key of ``codesets/kilder.csv`` or the source in words, empty when all are invented.
    """

    saet: str
    kode: str
    variant: str
    tekst: str
    gyldig_fra: date
    gyldig_til: date | None
    opfundet: str
    kilde: str
    egenskaber: dict[str, str]

    @property
    def key(self) -> tuple[str, str, str]:
        """The key: only one row with it may be valid on a day."""
        return self.saet, self.kode, self.variant

    def overlaps(self, other: "KodesaetRow") -> bool:
        """Return whether both are valid for the same key on the same day."""
        return (
            self.key == other.key
            and self.gyldig_fra <= (other.gyldig_til or date.max)
            and other.gyldig_fra <= (self.gyldig_til or date.max)
        )


def read_kodesaet(saet: str, lines: Iterable[str]) -> Iterator[KodesaetRow | RefusedLine]:
    """Yield the rows of a file of the set ``saet``, and a refusal for every wrong field, in the order of the file.

    Raises KeyError when there is no such set.
    """
    spec = SAET[saet]
    earlier: dict[tuple[str, str, str], list[tuple[int, KodesaetRow]]] = {}
    for line in read_lines(lines, spec.columns):
        if isinstance(line, RefusedLine):
            yield line
            continue
        faults = list(_faults(spec, line))
        if faults:
            yield from faults
            continue
        row = _row(saet, spec, line.values)
        same_key = earlier.setdefault(row.key, [])
        clash = next((number for number, other in same_key if row.overlaps(other)), None)
        same_key.append((line.number, row))
        if clash is None:
            yield row
        else:
            reason = Text(
                f"Samme kode gælder allerede i perioden efter linje {clash}. Ret en af de to perioder.",
                f"By line {clash} the same code is already valid in this period. Correct one of the two.",
            )
            yield RefusedLine(line.number, GYLDIG_FRA, reason)


_KILDE: Final = optional(text(200))
_WITHOUT_KILDE: Final = Text(
    "Skriv kilden til det, der ikke er opfundet: en nøgle fra codesets/kilder.csv eller en tekst.",
    "Write the source of what is not invented: a key of codesets/kilder.csv, or a text.",
)
_WITHOUT_CONTENT: Final = Text(
    "Alt i rækken er opfundet efter kolonnen opfundet, så den har ingen kilde.",
    "By the column opfundet all of this row is invented, so it has no source.",
)
_ENDS_FIRST: Final = Text("Gyldig til ligger før gyldig fra.", "gyldig_til is before gyldig_fra.")


def _faults(spec: SetSpec, line: Line) -> Iterator[RefusedLine]:
    for column, kind in {KODE: spec.kode, TEKST: TEXT, KILDE: _KILDE, **spec.further}.items():
        if not kind.accepts(line.values[column]):
            yield RefusedLine(line.number, column, kind.wanted)
    yield from _provenance_faults(spec, line)
    begins, ends = day(line.values[GYLDIG_FRA]), day(line.values[GYLDIG_TIL])
    if begins is None:
        yield RefusedLine(line.number, GYLDIG_FRA, DATE.wanted)
    if ends is None and line.values[GYLDIG_TIL]:
        yield RefusedLine(line.number, GYLDIG_TIL, optional(DATE).wanted)
    if begins and ends and ends < begins:
        yield RefusedLine(line.number, GYLDIG_TIL, _ENDS_FIRST)


def _provenance_faults(spec: SetSpec, line: Line) -> Iterator[RefusedLine]:
    invented = line.values[OPFUNDET].split(" ") if line.values[OPFUNDET] else []
    if not set(invented) <= set(spec.content) or len(set(invented)) < len(invented):
        names = " ".join(spec.content)
        wanted = Text(
            f"Her skal stå navnene på de kolonner, der er opfundet, med én blank imellem, eller ingenting: {names}.",
            f"Write the names of the invented columns here, with one blank between them, or nothing: {names}.",
        )
        yield RefusedLine(line.number, OPFUNDET, wanted)
    elif (set(invented) == set(spec.content)) != (not line.values[KILDE]):
        yield RefusedLine(line.number, KILDE, _WITHOUT_CONTENT if line.values[KILDE] else _WITHOUT_KILDE)


def _row(saet: str, spec: SetSpec, values: dict[str, str]) -> KodesaetRow:
    return KodesaetRow(
        saet=saet,
        kode=values[KODE],
        variant=values[spec.variant] if spec.variant else "",
        tekst=values[TEKST],
        gyldig_fra=date.fromisoformat(values[GYLDIG_FRA]),
        gyldig_til=day(values[GYLDIG_TIL]),
        opfundet=values[OPFUNDET],
        kilde=values[KILDE],
        egenskaber={name: values[name] for name in spec.further if name != spec.variant},
    )


def day(value: str) -> date | None:
    """Return the day that a field contains as ``YYYY-MM-DD``; None when it contains none."""
    # fromisoformat alone would also accept 20200101 and 2020-W01-1.
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
