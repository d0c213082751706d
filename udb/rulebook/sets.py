"""The code sets as people read them: each value with whether it is invented, each row with its source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from udb.domain.kodesaet import INSTITUTIONSTYPER, REGISTER, VEJLEDNING
from udb.domain.text import Text
from udb.imports.kilder import Kilde, provenance
from udb.imports.kodesaet_file import FLAG, GYLDIG_FRA, GYLDIG_TIL, KILDE, OPFUNDET, SAET, KodesaetRow, read_kodesaet
from udb.imports.types_edition import edition_rows
from udb.paths import CODESETS
from udb.rulebook.set_words import SETS, WORDS, column_text

MOST_FOUND: Final = 5
"""How many codes a search names of one set."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it is shown, and whether it is invented."""

    value: str
    invented: bool = False


@dataclass(frozen=True, slots=True)
class SetRow:
    """One row: its cells in the order of the page's columns, and the source of what is not invented."""

    cells: tuple[Cell, ...]
    kilde: Kilde | None


@dataclass(frozen=True, slots=True)
class SetPage:
    """One code set. ``columns``: each with what it says; ``own``: those that are the service's own.

    ``edition``: of ``institutionstyper``, None for another set.
    """

    saet: str
    title: Text
    about: Text
    columns: tuple[tuple[str, Text], ...]
    own: frozenset[str]
    rows: tuple[SetRow, ...]
    edition: str | None

    @property
    def kilder(self) -> tuple[Kilde, ...]:
        """The sources of the rows, in the order in which the rows name them."""
        return tuple(dict.fromkeys(row.kilde for row in self.rows if row.kilde is not None))

    @property
    def invented(self) -> int:
        """How many rows have an invented value."""
        return sum(any(cell.invented for cell in row.cells) for row in self.rows)


def page_of(saet: str, rows: Iterable[Mapping[str, Any]], language: str, edition: str | None = None) -> SetPage:
    """Return the page of a set. ``rows``: with every column of the set's file, by name."""
    spec = SAET[saet]
    names = [name for name in spec.columns if name not in {OPFUNDET, KILDE, GYLDIG_FRA, GYLDIG_TIL}]
    shown = (*names, GYLDIG_FRA, GYLDIG_TIL)
    title, about = SETS[saet]
    return SetPage(
        saet=saet,
        title=title,
        about=about,
        columns=tuple((name, column_text(saet, name)) for name in (*shown, KILDE)),
        own=spec.own,
        rows=tuple(_row(saet, row, shown, language) for row in rows),
        edition=edition if saet == INSTITUTIONSTYPER else None,
    )


def _row(saet: str, row: Mapping[str, Any], shown: Sequence[str], language: str) -> SetRow:
    from_where = provenance(saet, row[OPFUNDET], row[KILDE])
    cells = tuple(Cell(_shown(saet, name, row.get(name, ""), language), name in from_where.invented) for name in shown)
    return SetRow(cells, from_where.kilde)


def _shown(saet: str, name: str, value: Any, language: str) -> str:
    words = WORDS[language]
    if isinstance(value, date):
        return value.isoformat()
    if name == GYLDIG_TIL:
        return words["open"]
    if SAET[saet].further.get(name) is FLAG:
        return words["yes"] if value == "1" else words["no"]
    return str(value or words["nothing"])


@cache
def shipped(saet: str, edition: str = VEJLEDNING) -> tuple[dict[str, Any], ...]:
    """Return the rows of a shipped set as ``page_of`` takes them; ``edition``: of ``institutionstyper``."""
    if saet == INSTITUTIONSTYPER:
        return tuple(map(as_mapping, edition_rows(edition)))
    with (CODESETS / f"{saet}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(as_mapping(row) for row in read_kodesaet(saet, lines) if isinstance(row, KodesaetRow))


def from_database(saet: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of ``udb.store.codes.rows_of`` as ``page_of`` takes it."""
    variant = SAET[saet].variant
    return {**row, **({variant: row["variant"]} if variant else {})}


def as_mapping(row: KodesaetRow) -> dict[str, Any]:
    """Return a row with every column of its file, by name."""
    values = {"kode": row.kode, "tekst": row.tekst, GYLDIG_FRA: row.gyldig_fra, GYLDIG_TIL: row.gyldig_til}
    variant = SAET[row.saet].variant
    return {
        **values,
        **({variant: row.variant} if variant else {}),
        OPFUNDET: row.opfundet,
        KILDE: row.kilde,
        **row.egenskaber,
    }


def find_sets(sought: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the shipped sets that have all words of a search, each with the first codes that have them.

    A set has a word in its name, title or purpose, or in a row's code or text. Case does not matter.
    """
    words = sought.casefold().split()
    if not words:
        return []
    found = []
    for saet, (title, about) in SETS.items():
        whole = f"{saet} {title.da} {title.en} {about.da} {about.en}".casefold()
        codes = _codes(saet, words)
        if codes or all(word in whole for word in words):
            found.append((saet, tuple(codes[:MOST_FOUND])))
    return found


def _codes(saet: str, words: Sequence[str]) -> list[str]:
    rows = [*shipped(saet), *(shipped(saet, REGISTER) if saet == INSTITUTIONSTYPER else ())]
    texts = {f"{row['kode']} {row['tekst']}" for row in rows}
    return sorted(
        text
        for text in texts
        if [text.split(" ")[0].casefold()] == list(words)
        or (not words[0].isdecimal() and all(word in text.casefold() for word in words))
    )
