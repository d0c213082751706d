"""The institutions of one file, whatever its columns are called: what must be true of them together."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from udb.domain.kodesaet import CHRISTIANSOE
from udb.domain.persons import KOMMUNE_TYPE
from udb.domain.text import Text
from udb.imports.csv_file import RefusedLine, repeated
from udb.imports.file import Faults
from udb.imports.options import MERGED, SKIP, UNKNOWN
from udb.imports.result import FileRefused

NUMBER: Final = "institutionsnummer"
NAME: Final = "navn"
MAIN: Final = "hovedinstitution"
TYPE: Final = "type3"
PLACE: Final = "beliggenhedskommune"
ADMINISTERS: Final = "administrerende_kommune"
CLOSED: Final = "lukket"
IN_REGISTER: Final = "in_register"

Row = dict[str, Any]
"""The columns of ``institution`` without the number, by the names above."""

_WITHOUT_CODE: Final = Text("En kommune skal have sin kommunekode her.", "Write the kommunekode of the kommune here.")
_MAIN_MISSING: Final = Text("Hovedinstitutionen findes ikke i filen.", "The file does not have this main institution.")
_MAIN_HAS_ANOTHER: Final = Text(
    "Hovedinstitutionen har selv en anden hovedinstitution.", "This main institution has another main institution."
)
_NOTHING_LEFT: Final = Text(
    "Ingen af filens linjer har en type, som kodesættet institutionstyper har.",
    "No line of the file has a type that the code set institutionstyper has.",
)
NO_SUCH_KOMMUNE: Final = Text(
    "Kommunekoden findes ikke i kodesættet kommuner. Ret den, eller indlæs først koden i kodesættet.",
    "The code set kommuner does not have it. Correct it, or import the code first: udb import kodesaet kommuner",
)


@dataclass(slots=True)
class InstitutionRows:
    """The institutions read so far.

    ``types``, ``kommuner``: the codes that the code sets have; a database without a set judges no code of it.
    ``merged``: the kommunekoder that several kommuner may have; ``skip_unknown``: leave out institutions of unknown
    types, which are counted in ``unknown``; ``columns``: what the file calls a column.
    """

    faults: Faults
    types: Collection[str]
    kommuner: Collection[str]
    merged: Collection[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    skip_unknown: bool = False
    unknown: Counter[str] = field(default_factory=Counter)
    rows: dict[str, Row] = field(default_factory=dict)
    _lines: dict[str, int] = field(default_factory=dict)
    _first_of_type: dict[str, int] = field(default_factory=dict)

    def add(self, line: int, number: str, row: Row) -> None:
        """Keep the institution of a line, and refuse what is wrong with it alone."""
        if self.types and row[TYPE] not in self.types:
            self.unknown[row[TYPE]] += 1
            self._first_of_type.setdefault(row[TYPE], line)
            if self.skip_unknown:
                return
        self._lines.setdefault(number, line)
        if row[TYPE] == KOMMUNE_TYPE and not row[ADMINISTERS]:
            self._refuse(line, ADMINISTERS, _WITHOUT_CODE)
        for column in (PLACE, ADMINISTERS):
            if self.kommuner and row[column] not in (None, CHRISTIANSOE, *self.kommuner):
                self._refuse(line, column, NO_SUCH_KOMMUNE)
        if number in self.rows:
            self._refuse(line, NUMBER, repeated(self._lines[number]))
            return
        self.rows[number] = {**row, MAIN: row[MAIN] or number, IN_REGISTER: True}

    def finished(self) -> dict[str, Row]:
        """Return the rows by number, when all is right with them together. Raises FileRefused."""
        for number, row in self.rows.items():
            reason = self._wrong_main(number, row[MAIN])
            if reason is not None:
                self.refuse(number, MAIN, reason)
        self._refuse_one_code_twice()
        if not self.skip_unknown:
            for type3, line in self._first_of_type.items():
                self._refuse(line, TYPE, _unknown(type3, self.unknown[type3]))
        self.faults.raise_any()
        if not self.rows:
            raise FileRefused(self.faults.read, [RefusedLine(1, self.columns.get(TYPE, TYPE), _NOTHING_LEFT)])
        return self.rows

    def _wrong_main(self, number: str, main: str) -> Text | None:
        if main == number:
            return None
        if main not in self.rows:
            return _MAIN_MISSING
        return None if self.rows[main][MAIN] == main else _MAIN_HAS_ANOTHER

    def _refuse_one_code_twice(self) -> None:
        first: dict[str, str] = {}
        for number, row in self.rows.items():
            code = row[ADMINISTERS]
            if row[TYPE] != KOMMUNE_TYPE or not code or code in self.merged:
                continue
            if code in first:
                self.refuse(number, ADMINISTERS, self._one_code_twice(code, first[code], number))
            else:
                first[code] = number

    def _one_code_twice(self, code: str, first: str, second: str) -> Text:
        one, other = (f"{number} ({self.rows[number][NAME]})" for number in (first, second))
        line = self._lines[first]
        return Text(
            f"{one} i linje {line} og {other} har begge kommunekode {code}, så begge får kommunens unge at se. Ret "
            f"den, der er forkert; er kommunerne lagt sammen, så gentag importen med {MERGED.da}={code}.",
            f"{one} in line {line} and {other} both have the kommunekode {code}, so both would see its youths. Correct "
            f"the wrong one; if the kommuner are merged, repeat the import with {MERGED.en} {code}",
        )

    def refuse(self, number: str, column: str, reason: Text) -> None:
        """Refuse the line of an institution that was read."""
        self._refuse(self._lines[number], column, reason)

    def _refuse(self, line: int, column: str, reason: Text) -> None:
        self.faults.add(RefusedLine(line, self.columns.get(column, column), reason))


def _unknown(type3: str, count: int) -> Text:
    return Text(
        f"Kodesættet institutionstyper har ikke typen {type3} ({count} {'linje' if count == 1 else 'linjer'}). Ret "
        f"den, indlæs først typen i kodesættet, eller gentag importen med {UNKNOWN.da}={SKIP.da}.",
        f"The code set institutionstyper does not have the type {type3} ({count} {'line' if count == 1 else 'lines'}). "
        f"Correct it, import the type first (udb import kodesaet institutionstyper), or repeat the import with "
        f"{UNKNOWN.en} {SKIP.en}",
    )
