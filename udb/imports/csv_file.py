"""Read the CSV files that the registers around UDB deliver, line by line (sources 1)."""

import csv
import io
import re
from codecs import getincrementaldecoder
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Final, Literal

from udb.domain.cpr import birth_date
from udb.domain.text import Text

BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
UTF_8: Final = "utf-8"
WINDOWS_1252: Final = "windows-1252"
Encoding = Literal["utf-8", "windows-1252"]
_UNDECODED: Final = re.compile("[\udc80-\udcff]")
_SEPARATOR: Final = re.compile('"?sep=([;,])"?')
"""Excel's own first line, which names the separator."""
_OF_UTF_8: Final = re.compile(
    b"[\xc2\xc3][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}",
)
"""A letter of Western Europe in UTF-8, or a sign; Windows-1252 has ``Ø”`` where other letters of two bytes would be."""
_NOT_IN_WINDOWS_1252: Final = re.compile(b"[\x00\x81\x8d\x8f\x90\x9d]")
_LONGEST_CHARACTER: Final = 4
_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """A line that has a value, perhaps empty, for every column of the file."""

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
_NO_BIRTH_DATE: Final = Text("CPR-nummeret har ingen gyldig dato.", "The CPR number has no valid date.")
_INVENTED: Final = Text(
    "CPR-nummeret er opdigtet (dag + 60). Det kan kun bruges i en sandkasse.",
    "The CPR number is an invented one (day + 60). Only a sandbox takes it.",
)


def no_birth_date(cprnr: str) -> Text:
    """Return why a CPR number of ten digits, in which no birth date was found, is refused."""
    return _NO_BIRTH_DATE if birth_date(cprnr, invented_allowed=True) is None else _INVENTED


_WORKBOOK: Final = Text(
    "Filen er et regneark eller en zip-fil, ikke CSV. Gem regnearket som CSV (UTF-8), eller pak filen ud.",
    "The file is a workbook or a zip file, not CSV. Save the workbook as CSV (UTF-8), or unpack the file.",
)
_SIGNS_OF_A_WORKBOOK: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How Excel's files begin, the newer form and the older; LibreOffice's files and zip files begin as the newer."""


def workbook(raw: IO[bytes]) -> RefusedLine | None:
    """Return the refusal of a file that is a workbook; None when it may be CSV."""
    raw.seek(0)
    found = raw.read(4) in _SIGNS_OF_A_WORKBOOK
    raw.seek(0)
    return RefusedLine(1, "", _WORKBOOK) if found else None


def repeated(line: int) -> Text:
    """Return the refusal of a number that an earlier line has."""
    return Text(
        f"Nummeret står også i linje {line}. Behold kun den ene linje.",
        f"Line {line} has the same number. Keep only one of the lines.",
    )


def encoding_of(raw: IO[bytes]) -> Encoding:
    """Return how a file is encoded: Windows-1252 if it is not UTF-8 and has no sign of it.

    A file with signs of both is a damaged one of UTF-8.
    """
    raw.seek(0)
    decoder = getincrementaldecoder(UTF_8)()
    is_utf_8, has_signs, tail = True, False, b""
    while piece := raw.read(_PIECE):
        if is_utf_8:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                is_utf_8 = False
        # A character may begin at the end of a piece.
        whole = tail + piece
        tail = whole[1 - _LONGEST_CHARACTER :]
        has_signs = has_signs or bool(_OF_UTF_8.search(whole) or _NOT_IN_WINDOWS_1252.search(piece))
    if is_utf_8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf_8 = False
    return UTF_8 if is_utf_8 or has_signs else WINDOWS_1252


def decoded(raw: IO[bytes]) -> io.TextIOWrapper:
    """Return a file as text for ``read_lines``, from its beginning.

    Bytes that are not of the file's encoding survive, to be refused on their own line.
    """
    encoding = encoding_of(raw)
    raw.seek(0)
    return io.TextIOWrapper(raw, encoding=encoding, errors="surrogateescape", newline="")


def read_lines(
    lines: Iterable[str],
    columns: Collection[str],
    *,
    others_allowed: bool = False,
    may_lack: Collection[str] = (),
) -> Iterator[Line | RefusedLine]:
    """Yield every line below the header, without blanks around values and without empty lines.

    Columns are separated by ``;`` or ``,``, in any order, with or without a byte order mark; empty lines and Excel's
    ``sep=;`` may come before the header. A bad header is refused and ends the reading. ``others_allowed``: the file may
    have more columns than ``columns``. ``may_lack``: columns without which the file is whole; its lines then have no
    value for them.
    """
    rest = iter(lines)
    before, separator = 0, ""
    first = next(rest, "").removeprefix(BOM)
    while first and (_is_empty(first) or _SEPARATOR.fullmatch(first.strip())):
        if found := _SEPARATOR.fullmatch(first.strip()):
            separator = found[1]
        before += 1
        first = next(rest, "")
    delimiter = separator or (";" if ";" in first else ",")
    records = _records(chain([first], rest), delimiter=delimiter, before=before)
    number, header = next(records, (1, []))
    if isinstance(header, RefusedLine):
        yield header
        return
    wanted = [column for column in columns if column in header or column not in may_lack]
    faults = list(_header_faults(number, header, wanted, others_allowed=others_allowed))
    if faults:
        yield from faults
        return
    for number, record in records:
        yield record if isinstance(record, RefusedLine) else _line(number, header, record)


def _is_empty(line: str) -> bool:
    return not line.strip("; ,\t\r\n")


def _records(lines: Iterable[str], *, delimiter: str, before: int) -> Iterator[tuple[int, list[str] | RefusedLine]]:
    """Yield each record with the number of its first line; ``before``: how many lines were read before these."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number = before + reader.line_num + 1
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


def _header_faults(
    number: int, header: list[str], columns: Collection[str], *, others_allowed: bool
) -> Iterator[RefusedLine]:
    for column in columns:
        if column not in header:
            yield RefusedLine(number, column, COLUMN_MISSING)
    for position, column in enumerate(header):
        if column not in columns:
            if others_allowed:
                continue
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
