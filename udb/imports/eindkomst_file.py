"""Read an eIndkomst file into a table of lines, in a fast way if possible.

A piece of the file in which every line has the plain form goes to the database as it is; it is checked with the same
patterns as a line's fields. At the first piece that has another form, the whole file is read again line by line, which
allows blanks, quotes and empty lines and finds the faults.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import IO, Final

from sqlalchemy import Connection, Table

from udb.beskaeftigelse import lines
from udb.beskaeftigelse.grad import known
from udb.beskaeftigelse.lines import AMOUNT, EMPLOYER, KIND, MONTH, NUMBER, last_day, month_name
from udb.domain.kodesaet import INDTAEGTSARTER, Kodesaet
from udb.domain.text import Text
from udb.imports.csv_file import Line, RefusedLine
from udb.imports.file import EMPTY, LONGEST_LINE, Faults, batches, checked
from udb.imports.kodesaet_file import SAET, TEN_DIGITS, Kind
from udb.imports.options import SKIP, UNKNOWN
from udb.imports.result import READING, FileRefused, Progress

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
_NOTHING_LEFT: Final = Text(
    "Ingen af filens linjer har en indtægtsart, som kodesættet indtaegtsarter har i måneden.",
    "No line of the file has a code that the code set indtaegtsarter has in the month.",
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
        *,
        skip_unknown: bool,
    ) -> None:
        self._connection = connection
        self._table = table
        self._stream = stream
        self._progress = progress
        days = sorted(lines.delivered(connection)) if whole is None else [whole]
        self._known = {month_name(day): frozenset(known(codes, day)) for day in days}
        self._kinds = _kinds(self._known, is_whole=whole is not None)
        self._skip_unknown = skip_unknown
        self.unknown = Counter[str]()
        """How many lines were left out for each kind of income that is not known in their month."""

    def stage(self) -> int:
        """Read the file and return how many lines it has. Raises FileRefused.

        Lines of an unknown kind of income refuse it, or are counted in ``unknown`` and left out.
        """
        read = None
        # In several months, whether a kind of income is known depends on the line's month.
        if len(self._known) == 1:
            with suppress(NotPlainError), self._connection.begin_nested():
                read = self._plainly()
        if read is None:
            read = self._line_by_line()
        if not read:
            raise FileRefused(read, [RefusedLine(1, "", EMPTY)])
        if read == self.unknown.total():
            raise FileRefused(read, [RefusedLine(1, KIND, _NOTHING_LEFT)])
        return read

    def _plainly(self) -> int | None:
        self._stream.seek(0)
        header = self._stream.readline(_PIECE).removeprefix(_UTF8_BOM).decode("utf-8", "replace")
        delimiter = ";" if ";" in header else ","
        columns = [name.strip() for name in header.split(delimiter)]
        if not header.endswith("\n") or sorted(columns) != sorted(self._kinds):
            return None
        (month,) = self._known
        known = _one_of(self._known[month])
        well_formed = self._kinds[KIND].pattern

        def lines_with(kind: str) -> str:
            fields = (f"(?:{kind if name == KIND else self._kinds[name].pattern})" for name in columns)
            return f"{re.escape(delimiter).join(fields)}\n"

        plain = re.compile(f"(?:{lines_with(well_formed if self._skip_unknown else known)})*+".encode())
        # A whole field: a known code may be the beginning of another.
        end = f"(?:{re.escape(delimiter)}|\\n)"
        other = f"(?P<kind>(?!{known}{end})(?:{well_formed}))"
        unknown = re.compile(f"^{lines_with(other)}".encode(), re.MULTILINE)
        self._read = 0
        pieces = self._pieces(plain, unknown)
        lines.stage_pieces(self._connection, self._table, pieces, columns, delimiter, last_day(month))
        return self._read

    def _pieces(self, plain: re.Pattern[bytes], unknown: re.Pattern[bytes]) -> Iterator[bytes]:
        rest = b""
        while piece := self._stream.read(_PIECE):
            whole, rest = _whole_lines(rest + piece)
            # Text without line feeds, as a file with carriage returns alone, would be kept whole.
            if not plain.fullmatch(whole) or len(rest) > LONGEST_LINE:
                raise NotPlainError
            self._read += whole.count(b"\n")
            self._progress(READING, self._stream.tell())
            yield unknown.sub(self._leave_out, whole) if self._skip_unknown else whole
        if rest:
            raise NotPlainError

    def _leave_out(self, line: re.Match[bytes]) -> bytes:
        self.unknown[line["kind"].decode("ascii")] += 1
        return b""

    def _line_by_line(self) -> int:
        faults = Faults()
        self.unknown.clear()
        first: dict[str, int] = {}
        right = self._right(checked(self._stream, self._kinds, faults, self._progress, READING), first)
        for batch in batches(right):
            lines.stage(self._connection, self._table, batch)
        if not self._skip_unknown:
            for kind, number in first.items():
                faults.add(RefusedLine(number, KIND, _unknown(kind, self.unknown[kind])))
        faults.raise_any()
        return faults.read

    def _right(self, found: Iterable[Line], first: dict[str, int]) -> Iterator[Mapping[str, str]]:
        """Yield the lines of a known kind of income; count the others, and note the first line of each kind."""
        for line in found:
            kind = line.values[KIND]
            if kind in self._known[line.values[MONTH]]:
                yield line.values
            else:
                first.setdefault(kind, line.number)
                self.unknown[kind] += 1


def _kinds(known_kinds: Mapping[str, Collection[str]], *, is_whole: bool) -> dict[str, Kind]:
    if is_whole:
        (month,) = known_kinds
        expected = Text(f"{month}, som filen er for", f"{month}, which the file is of,")
    else:
        expected = Text(
            f"{MONTH_KIND.expected.da}, som er leveret som hel måned",
            f"{MONTH_KIND.expected.en} that is delivered as a whole (--month)",
        )
    form = SAET[INDTAEGTSARTER].kode
    return {
        NUMBER: TEN_DIGITS,
        MONTH: Kind(_one_of(known_kinds), expected),
        EMPLOYER: _EMPLOYER,
        # A code set may still have codes of another form.
        KIND: Kind(f"{form.pattern}|{_one_of(set().union(*known_kinds.values()))}", form.expected),
        AMOUNT: _KRONER,
    }


def _one_of(values: Iterable[str]) -> str:
    """Return a pattern for one of the values, without any for nothing at all."""
    return f"(?:{'|'.join(map(re.escape, sorted(values))) or _NOTHING})"


def _unknown(kind: str, count: int) -> Text:
    return Text(
        f"Kodesættet indtaegtsarter har ikke indtægtsarten {kind} i måneden ({count} "
        f"{'linje' if count == 1 else 'linjer'}). Indlæs den, eller gentag importen med {UNKNOWN.da}={SKIP.da}.",
        f"The code set indtaegtsarter does not have {kind} in the month ({count} {'line' if count == 1 else 'lines'}). "
        f"Import the code, or repeat the import with {UNKNOWN.en} {SKIP.en}",
    )


def _whole_lines(piece: bytes) -> tuple[bytes, bytes]:
    """Return the lines that end in a piece, each with a line feed alone, and the rest of the piece."""
    end = piece.rfind(b"\n") + 1
    return piece[:end].replace(b"\r\n", b"\n"), piece[end:]
