"""Read a list of another system: CSV, in memory alone. No CPR number is in a fault's text."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST_ROWS: Final = 5_000
MOST_BYTES: Final = 2 * 1024 * 1024
REFERENCE: Final = "reference"
"""The column that the sender fills in as it likes, to find the row again."""
_LONGEST: Final = 300
"""Characters of a cell."""
_SHOWN: Final = 200
_LINE_END: Final = re.compile(r"[\r\n]")
_DIGITS: Final = re.compile(r"\d{6}")
_BOMS: Final = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"PK\x03\x04", "et regneark"), (b"%PDF", "en PDF"))


class FileFaultyError(Exception):
    """The file cannot be read; its text says why and what to do, in Danish, and ``text`` in English."""

    def __init__(self, tekst: str, text: str) -> None:
        super().__init__(tekst)
        self.text = text


@dataclass(frozen=True, slots=True)
class Row:
    """A row. ``linje``: its number, the head is 1. ``celler``: by column. ``fejl``: why it cannot be read."""

    linje: int
    celler: Mapping[str, str]
    fejl: str | None = None


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list. ``kolonner``: in the order of the file."""

    kolonner: Sequence[str]
    rows: Sequence[Row]


def read(raw: bytes, required: Sequence[str], optional: Sequence[str]) -> ListFile:
    """Return the rows of a CSV file with these columns, in any order. Raises FileFaultyError."""
    text = _text(raw)
    head = _LINE_END.split(text.lstrip("\r\n"), maxsplit=1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",", strict=True)
    try:
        # An empty line is no row, and counts: rows are numbered as a spreadsheet does.
        lines = [(number, line) for number, line in enumerate(reader, 1) if any(cell.strip() for cell in line)]
    except csv.Error:
        raise FileFaultyError(
            "Filen er ikke en CSV-fil: et anførselstegn er ikke afsluttet.",
            "It is no CSV: a quotation mark is not closed.",
        ) from None
    if not lines:
        raise _empty()
    columns = _columns(lines[0][1], required, optional)
    if len(lines) == 1:
        raise FileFaultyError("Filen har ingen rækker under kolonnernes navne.", "It has no rows below the head.")
    count = len(lines) - 1
    if count > MOST_ROWS:
        raise FileFaultyError(
            f"Filen har {count} rækker. Del den, så hver fil har højst {MOST_ROWS}.",
            f"It has {count} rows. Divide it into files of at most {MOST_ROWS}.",
        )
    return ListFile(columns, [_row(number, columns, cells) for number, cells in lines[1:]])


def _empty() -> FileFaultyError:
    return FileFaultyError(
        "Filen er tom. Første linje skal være kolonnernes navne.",
        "It is empty. The first line must have the columns' names.",
    )


def _text(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise FileFaultyError("Filen er over 2 MB. Del den i flere.", "It has more than 2 MB. Divide it.")
    if not raw.strip():
        raise _empty()
    for start, kind in _BOMS:
        if raw.startswith(start):
            raise FileFaultyError(
                f"Filen er {kind}. Gem den som CSV i UTF-8 eller Windows-1252.",
                "It is no CSV in UTF-8 or Windows-1252. Save it as one.",
            )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            raise FileFaultyError(
                "Filen er hverken UTF-8 eller Windows-1252. Gem den som CSV i UTF-8.",
                "It is neither UTF-8 nor Windows-1252. Save it as CSV in UTF-8.",
            ) from None
    if "\0" in text:
        raise FileFaultyError(
            "Filen er ikke en tekstfil. Gem den som CSV i UTF-8 eller Windows-1252.",
            "It is no text file. Save it as CSV in UTF-8.",
        )
    return text


def _columns(head: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> list[str]:
    known = {name.casefold(): name for name in (*required, *optional, REFERENCE)}
    said = [cell.strip() for cell in head]
    columns = [known.get(name.casefold(), name) for name in said]
    missing = [name for name in required if name not in columns]
    if missing:
        raise FileFaultyError(
            f"Første linje skal have kolonnernes navne. Der mangler: {', '.join(missing)}.",
            f"The first line must have the columns' names. Missing: {', '.join(missing)}.",
        )
    unknown = [name for name in columns if name not in known.values()]
    if unknown:
        # A file whose first row is a youth's has numbers where names should be.
        names = ", ".join("…" if _DIGITS.search(name) else name for name in unknown)[:_SHOWN]
        raise FileFaultyError(
            f"Kolonner, der ikke er i skabelonen: {names}.", f"Columns that are not in the template: {names}."
        )
    if len(set(columns)) != len(columns):
        raise FileFaultyError("En kolonne står to gange i første linje.", "A column is named twice in the first line.")
    return columns


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    values = dict(zip(columns, (" ".join(cell.split())[:_LONGEST] for cell in cells), strict=False))
    fault = None
    if len(cells) != len(columns):
        fault = f"Rækken har {len(cells)} felter, men første linje har {len(columns)}."
    return Row(number, {name: values.get(name, "") for name in columns}, fault)
