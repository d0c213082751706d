"""The institution's own list of who is there, compared with the open forløb. Neither list nor result is stored."""

import csv
import io
from dataclasses import dataclass
from typing import Final

from udb.statistics.system_change.checks import Checked
from udb.statistics.system_change.stock import Held

MOST: Final = 3_000
"""Lines of one list."""
NUMBER: Final = "CPRNr"
CODE: Final = "Kode"
_DIGITS: Final = 10


class ListFaultyError(Exception):
    """The list cannot be read; the text says why, in Danish."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list. ``number``: its place in the file; ``code``: empty for all of the youth's forløb."""

    number: int
    cprnr: str
    code: str

    @property
    def is_valid(self) -> bool:
        """True if the number has ten digits."""
        return len(self.cprnr) == _DIGITS and self.cprnr.isascii() and self.cprnr.isdecimal()


@dataclass(frozen=True, slots=True)
class Compared:
    """A list beside the open forløb. ``found``: of these, how many are in it; ``only_here``: those that are not.

    ``only_there``, ``invalid``: lines without an open forløb here, and lines without a number. ``persons``: ids of
    those of whom it says that they have an open forløb here.
    """

    lines: int
    found: int
    only_here: tuple[Held, ...]
    only_there: tuple[Line, ...]
    invalid: tuple[Line, ...]
    persons: frozenset[int]


def read(raw: bytes) -> list[Line]:
    """Return the lines of a CSV file with the column CPRNr, and with Kode if it likes. Raises ListFaultyError."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    # Not DictReader: it takes as long for a short row as for one with all columns of the first.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    try:
        rows = list(reader)
    except csv.Error:
        raise ListFaultyError("Filen kan ikke læses som CSV.") from None
    head = rows[0] if rows else []
    if NUMBER not in head:
        raise ListFaultyError(f"Filen mangler kolonnen {NUMBER}. Den første linje er kolonnernes navne.")
    places = head.index(NUMBER), head.index(CODE) if CODE in head else len(head)
    found = [_line(number, row, *places) for number, row in enumerate(rows[1:], 2) if row]
    if not found:
        raise ListFaultyError("Filen har ingen linjer.")
    if len(found) > MOST:
        raise ListFaultyError(f"Filen har mere end {MOST} linjer. Del den.")
    return found


def _line(number: int, row: list[str], of_number: int, of_code: int) -> Line:
    cprnr = row[of_number] if of_number < len(row) else ""
    code = row[of_code] if of_code < len(row) else ""
    return Line(number, cprnr.strip().replace("-", ""), code.strip())


def compare(lines: list[Line], found: Checked) -> Compared:
    """Return the list beside the open forløb of today."""
    there = {(line.cprnr, line.code) for line in lines if line.is_valid}
    open_now = [held for held in found.stock.held if held.is_open_on(found.stock.today)]
    here = {key for held in open_now for key in keys_of(held)}
    missing = tuple(held for held in open_now if not there & keys_of(held))
    return Compared(
        len(lines),
        len(open_now) - len(missing),
        missing,
        tuple(line for line in lines if line.is_valid and (line.cprnr, line.code) not in here),
        tuple(line for line in lines if not line.is_valid),
        frozenset(held.person_id for held in open_now),
    )


def keys_of(held: Held) -> set[tuple[str, str]]:
    """Return the numbers of a forløb with its code, and without any."""
    return {(event.cprnr, code) for event in held.forloeb.events for code in ("", held.forloeb.key.kode)}
