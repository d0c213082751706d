"""Read the CSV files that the registers around UDB deliver, line by line (sources 1)."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Final

from udb.domain.text import Text

BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
_UNDECODED: Final = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that has a value, perhaps empty, for every column."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """The fault of one field; ``column`` is empty when it is in the line as a whole."""

    number: int
    column: str
    reason: Text


COLUMN_MISSING: Final = Text("Kolonnen mangler i overskriften.", "The header lacks this column.")
_NOT_CSV: Final = Text(
    "Linjen kan ikke læses som CSV. Kontrollér anførselstegnene.",
    "The line cannot be read as CSV. Look for a wrong quotation mark.",
)
_NOT_UTF8: Final = Text("Linjen er ikke UTF-8. Gem filen som UTF-8.", "The line is not UTF-8. Save the file as UTF-8.")
_COLUMN_TWICE: Final = Text("Kolonnen står to gange i overskriften.", "The header has this column twice.")


NO_SUCH_DAY: Final = Text("Datoen findes ikke i kalenderen.", "The calendar has no such day.")
NO_BIRTH_DATE: Final = Text("CPR-nummeret har ingen gyldig dato.", "The CPR number has no valid date.")


def repeated(line: int) -> Text:
    """Return the refusal of a number that an earlier line has."""
    return Text(
        f"Nummeret står også i linje {line}. Behold kun den ene linje.",
        f"Line {line} has the same number. Keep only one of the lines.",
    )


def decoded(raw: IO[bytes]) -> io.TextIOWrapper:
    """Return a file as text for ``read_lines``; bytes that are not UTF-8 survive, to be refused on their own line."""
    return io.TextIOWrapper(raw, encoding="utf-8", errors="surrogateescape", newline="")


def read_lines(lines: Iterable[str], columns: Collection[str]) -> Iterator[Line | RefusedLine]:
    """Yield every line below the header, without blanks around values and without empty lines.

    Columns are separated by ``;`` or ``,``, in any order, with or without a byte order mark. A bad header is refused
    and ends the reading.
    """
    rest = iter(lines)
    first = next(rest, "").removeprefix(BOM)
    records = _records(chain([first], rest), delimiter=";" if ";" in first else ",")
    number, header = next(records, (1, []))
    if isinstance(header, RefusedLine):
        yield header
        return
    faults = list(_header_faults(number, header, columns))
    if faults:
        yield from faults
        return
    for number, record in records:
        yield record if isinstance(record, RefusedLine) else _line(number, header, record)


def _records(lines: Iterable[str], *, delimiter: str) -> Iterator[tuple[int, list[str] | RefusedLine]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, RefusedLine(number, "", _NOT_CSV)
            continue
        if any(_UNDECODED.search(value) for value in record):
            yield number, RefusedLine(number, "", _NOT_UTF8)
        elif any(value.strip() for value in record):
            yield number, [value.strip() for value in record]


def _header_faults(number: int, header: list[str], columns: Collection[str]) -> Iterator[RefusedLine]:
    for column in columns:
        if column not in header:
            yield RefusedLine(number, column, COLUMN_MISSING)
    for position, column in enumerate(header):
        if column not in columns:
            # Not its name: in a file without header it may be a CPR number.
            unknown = Text(
                f"Kolonne nr. {position + 1} er ukendt. Fjern den, eller ret overskriften.",
                f"Column {position + 1} is unknown. Remove it, or correct the header.",
            )
            yield RefusedLine(number, "", unknown)
        elif column in header[:position]:
            yield RefusedLine(number, column, _COLUMN_TWICE)


def _line(number: int, header: list[str], record: list[str]) -> Line | RefusedLine:
    if len(record) != len(header):
        reason = Text(
            f"Linjen har {len(record)} felter, men overskriften har {len(header)} kolonner.",
            f"The line has {len(record)} fields, but the header has {len(header)} columns.",
        )
        return RefusedLine(number, "", reason)
    return Line(number, dict(zip(header, record, strict=True)))
