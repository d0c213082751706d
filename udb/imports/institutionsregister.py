"""``udb import institutionsregister``: Institutionsregisteret in its own columns, as it is downloaded (sources 1).

The register calls kommuner by name, writes days as 31/07/2026 and knows the kommuner twice: as type 2013 and by their
KUI, type 2025. The KUI is the one that fetches and reports.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import IO, Final

from sqlalchemy import Engine

from udb.domain.kodesaet import CHRISTIANSOE, KOMMUNER, REGISTER, Kodesaet
from udb.domain.persons import KOMMUNE_TYPE
from udb.domain.text import Text
from udb.imports.csv_file import NO_SUCH_DAY, Line
from udb.imports.file import Faults, checked
from udb.imports.institution_rows import ADMINISTERS, CLOSED, MAIN, NAME, NUMBER, PLACE, TYPE, InstitutionRows, Row
from udb.imports.institution_store import store
from udb.imports.institutioner import STAR
from udb.imports.kodesaet_file import INSTITUTION_NUMBER, Kind, day, optional, text
from udb.imports.result import READING, ImportResult, Progress, counted, silent
from udb.imports.share import NO_SHARE, Share
from udb.imports.types_edition import prepare
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import reading, writing
from udb.store.locks import one_import_at_a_time

COLUMNS: Final = {
    MAIN: "Hovedinstitution",
    NUMBER: "Institutionsnummer",
    NAME: "Institutionsnavn",
    TYPE: "Institutionstype, nr",
    PLACE: "Beliggenhedskommune",
    ADMINISTERS: "Administrativ kommune",
    CLOSED: "Nedlæggelsesdato",
}
"""What the register calls the columns that are used; it has others, among them names of persons, which are left out."""
KUI: Final = "2025"
"""The type of a kommune's Center for kommunal ungeindsats."""
KOMMUNE: Final = "2013"
"""The type of a kommune itself ("Kommuner pr. 1/1-2007")."""
_OUTSIDE: Final = "Uden for kommunal inddeling"
"""Begins the kommune of institutions on Greenland and the Faroe Islands, and of Danish schools in Germany."""
_OF_KOMMUNE: Final = re.compile(" Kommune$| Regionskommune$")
_NAMES: Final = optional(text(200))
KINDS: Final = {
    COLUMNS[MAIN]: optional(INSTITUTION_NUMBER),
    COLUMNS[NUMBER]: INSTITUTION_NUMBER,
    COLUMNS[NAME]: text(200),
    COLUMNS[TYPE]: Kind("[0-9]{4}", Text("en institutionstype på 4 cifre", "an institution type of 4 digits")),
    COLUMNS[PLACE]: _NAMES,
    COLUMNS[ADMINISTERS]: _NAMES,
    COLUMNS[CLOSED]: optional(
        Kind("[0-9]{2}/[0-9]{2}/[0-9]{4}", Text("en dato i formen DD/MM/ÅÅÅÅ", "a date in the form DD/MM/YYYY"))
    ),
}
_NO_SUCH_NAME: Final = Text(
    "Kodesættet kommuner har ingen kommune med det navn. Ret det, eller indlæs først kommunen i kodesættet.",
    "The code set kommuner has no kommune of this name. Correct it, or import the kommune first: "
    "udb import kodesaet kommuner",
)


@dataclass(frozen=True, slots=True)
class _Found:
    """One institution; ``is_outside``: it is in no kommune of Denmark."""

    line: int
    number: str
    row: Row
    is_outside: bool


def import_institutionsregister(
    engine: Engine,
    stream: IO[bytes],
    *,
    share: Share = NO_SHARE,
    merged: Collection[str] = (),
    skip_unknown: bool = False,
    progress: Progress = silent,
) -> ImportResult:
    """Make the register equal to the file, but for STAR, which Institutionsregisteret does not have.

    The edition ``register`` of ``institutionstyper`` holds from now on. A kommune is its KUI, or without one its row of
    type 2013. Institutions outside all kommuner whose type the code set does not have are counted and left out.
    Otherwise as ``import_institutioner``.
    """
    faults = Faults()
    with reading(engine) as connection:
        codes, today = load_codes(connection), state.now(connection).date()
        types = prepare(connection, REGISTER).types
    lines = checked(stream, KINDS, faults, progress, READING, foreign=True)
    found = list(_found(lines, _names(codes, today), faults))
    kept = [one for one in found if not one.is_outside or one.row[TYPE] in types]
    rows = InstitutionRows(faults, types, frozenset(codes.codes(KOMMUNER)), merged, COLUMNS, skip_unknown=skip_unknown)
    are_kommuner = _kommuner(kept)
    for one in kept:
        is_kommune = one.number in are_kommuner
        rows.add(one.line, one.number, {**one.row, TYPE: KOMMUNE_TYPE} if is_kommune else one.row)
    register = rows.finished()
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        result = store(connection, register, len(register), share, edition=REGISTER, kept={STAR})
    skipped = len(found) - len(kept)
    return replace(result, read=faults.read, skipped=skipped, unknown_codes=counted(rows.unknown))


def _found(lines: Iterator[Line], kommuner: Mapping[str, str], faults: Faults) -> Iterator[_Found]:
    for line in lines:
        values = {name: line.values[column] for name, column in COLUMNS.items()}
        closed = day("-".join(reversed(values[CLOSED].split("/"))))
        if values[CLOSED] and closed is None:
            faults.refuse(line, COLUMNS[CLOSED], NO_SUCH_DAY)
        row: Row = {NAME: values[NAME], MAIN: values[MAIN] or None, TYPE: values[TYPE], CLOSED: closed}
        for name in (PLACE, ADMINISTERS):
            row[name] = kommuner.get(_OF_KOMMUNE.sub("", values[name]))
            if values[name] and row[name] is None and not values[name].startswith(_OUTSIDE):
                faults.refuse(line, COLUMNS[name], _NO_SUCH_NAME)
        yield _Found(line.number, values[NUMBER], row, values[PLACE].startswith(_OUTSIDE))


def _names(codes: Kodesaet, today: date) -> dict[str, str]:
    """Return the kommunekode by the name, and by the name with the ``s`` that Københavns Kommune has."""
    rows = [row for kode in codes.codes(KOMMUNER) if (row := codes.describing(KOMMUNER, kode, today))]
    with_s = {f"{row.tekst}s": row.kode for row in rows}
    return {**with_s, **{row.tekst: row.kode for row in rows}, "Christiansø": CHRISTIANSOE}


def _kommuner(found: Collection[_Found]) -> set[str]:
    """Return the numbers of the institutions that are a kommune for UDB: the KUI's, or the kommune's own."""
    kui = {one.number: one.row[ADMINISTERS] for one in found if one.row[TYPE] == KUI and _is_main(one)}
    have_one = set(kui.values())
    own = {
        one.number
        for one in found
        if one.row[TYPE] == KOMMUNE and one.row[ADMINISTERS] not in have_one and _is_main(one)
    }
    return kui.keys() | own


def _is_main(one: _Found) -> bool:
    return one.row[MAIN] in (None, one.number)
