"""Read an eIndkomst file into a table of lines, in a fast way if possible.

A piece of the file in which every line has the plain form goes to the database as it is; it is checked with the same
patterns as a line's fields. At the first piece that has another form, the whole file is read again line by line, which
allows blanks, quotes and empty lines and finds the faults.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import IO, Final

from sqlalchemy import Connection, Table

from udb.beskaeftigelse import lines
from udb.beskaeftigelse.grad import known
from udb.beskaeftigelse.lines import AMOUNT, EMPLOYER, KIND, MONTH, NUMBER, last_day, month_name
from udb.domain.kodesaet import INDTAEGTSART_FORM, Kodesaet
from udb.domain.text import Text
from udb.imports.csv_file import Line
from udb.imports.file import LONGEST_LINE, Faults, batches, checked
from udb.imports.kodesaet_file import TEN_DIGITS, Kind
from udb.imports.result import READING, Progress

MONTH_KIND: Final = Kind("[0-9]{4}-(?:0[1-9]|1[0-2])", Text("en måned i formen ÅÅÅÅ-MM", "a month in the form YYYY-MM"))
_EMPLOYER: Final = Kind(
    "[0-9A-Z]{1,20}",
    Text(
        "en indberetters nummer på højst 20 cifre eller store bogstaver",
        "an employer's number of at most 20 digits or capital letters",
    ),
)
_KRONER: Final = Kind(
    r"-?[0-9]{1,9}\.[0-9]{2}",
    Text("kroner med to decimaler og punktum, fx 1234.50", "kroner with a point and two decimals, as 1234.50"),
)
_NOT_VALID: Final = Text(
    "Indtægtsarten gælder ikke i måneden. Se kodesættet indtaegtsarter.",
    "The code is not valid in the month. See: udb kodesaet show indtaegtsarter",
)
_NOTHING: Final = r"(?!)"
_PIECE: Final = 64 * 1024
"""Less than the connection to the database buffers: while one piece is checked, the database reads those before it."""
_UTF8_BOM: Final = b"\xef\xbb\xbf"


class NotPlainError(Exception):
    """A piece of the file has a line that is not in the plain form."""


class Reading:
    """One file on its way into a table: the whole month ``whole``, or corrections of delivered months (None)."""

    def __init__(
        self,
        connection: Connection,
        table: Table,
        stream: IO[bytes],
        whole: date | None,
        codes: Kodesaet,
        progress: Progress,
    ) -> None:
        self._connection = connection
        self._table = table
        self._stream = stream
        self._progress = progress
        days = sorted(lines.delivered(connection)) if whole is None else [whole]
        self._known = {month_name(day): frozenset(known(codes, day)) for day in days}
        self._kinds = _kinds(self._known, is_whole=whole is not None)

    def stage(self) -> int:
        """Read the file and return how many lines it has. Raises FileRefused."""
        read = None
        # In several months, whether a kind of income is known depends on the line's month.
        if len(self._known) == 1:
            with suppress(NotPlainError), self._connection.begin_nested():
                read = self._plainly()
        if read is None:
            read = self._line_by_line()
        return read

    def _plainly(self) -> int | None:
        self._stream.seek(0)
        header = self._stream.readline(_PIECE).removeprefix(_UTF8_BOM).decode("utf-8", "replace")
        delimiter = ";" if ";" in header else ","
        columns = [name.strip() for name in header.split(delimiter)]
        if not header.endswith("\n") or sorted(columns) != sorted(self._kinds):
            return None
        line = re.escape(delimiter).join(f"(?:{self._kinds[name].pattern})" for name in columns)
        plain = re.compile(f"(?:{line}\n)*+".encode())
        self._read = 0
        (month,) = self._known
        pieces = self._pieces(plain)
        lines.stage_pieces(self._connection, self._table, pieces, columns, delimiter, last_day(month))
        return self._read

    def _pieces(self, plain: re.Pattern[bytes]) -> Iterator[bytes]:
        rest = b""
        while piece := self._stream.read(_PIECE):
            whole, rest = _whole_lines(rest + piece)
            # Text without line feeds, as a file with carriage returns alone, would be kept whole.
            if not plain.fullmatch(whole) or len(rest) > LONGEST_LINE:
                raise NotPlainError
            self._read += whole.count(b"\n")
            self._progress(READING, self._stream.tell())
            yield whole
        if rest:
            raise NotPlainError

    def _line_by_line(self) -> int:
        faults = Faults()
        right = self._right(checked(self._stream, self._kinds, faults, self._progress, READING), faults)
        for batch in batches(right):
            lines.stage(self._connection, self._table, batch)
        faults.raise_any()
        return faults.read

    def _right(self, found: Iterable[Line], faults: Faults) -> Iterator[Mapping[str, str]]:
        for line in found:
            if line.values[KIND] in self._known[line.values[MONTH]]:
                yield line.values
            else:
                faults.refuse(line, KIND, _NOT_VALID)


def _kinds(known_kinds: Mapping[str, Collection[str]], *, is_whole: bool) -> dict[str, Kind]:
    months = "|".join(map(re.escape, sorted(known_kinds)))
    if is_whole:
        (month,) = known_kinds
        expected = Text(f"{month}, som filen er for", f"{month}, which the file is of,")
    else:
        expected = Text(
            f"{MONTH_KIND.expected.da}, som er leveret som hel måned",
            f"{MONTH_KIND.expected.en} that is delivered as a whole (--month)",
        )
    income = "|".join(map(re.escape, sorted(set().union(*known_kinds.values()))))
    return {
        NUMBER: TEN_DIGITS,
        MONTH: Kind(months or _NOTHING, expected),
        EMPLOYER: _EMPLOYER,
        KIND: Kind(
            income or INDTAEGTSART_FORM,
            Text(
                "en indtægtsart fra kodesættet indtaegtsarter, der gælder i måneden",
                "a code of the code set indtaegtsarter that is valid in the month",
            ),
        ),
        AMOUNT: _KRONER,
    }


def _whole_lines(piece: bytes) -> tuple[bytes, bytes]:
    """Return the lines that end in a piece, each with a line feed alone, and the rest of the piece."""
    end = piece.rfind(b"\n") + 1
    return piece[:end].replace(b"\r\n", b"\n"), piece[end:]
