"""``udb import institutioner``: the whole of Institutionsregisteret, in UDB's own columns (sources 1)."""

from collections.abc import Collection
from typing import IO, Final

from sqlalchemy import Engine

from udb.domain.kodesaet import INSTITUTIONSTYPER, KOMMUNER
from udb.domain.persons import KOMMUNE_TYPE
from udb.domain.text import Text
from udb.imports.csv_file import NO_SUCH_DAY
from udb.imports.file import Faults, checked
from udb.imports.institution_rows import ADMINISTERS, CLOSED, MAIN, NAME, NUMBER, PLACE, TYPE, InstitutionRows
from udb.imports.institution_store import store
from udb.imports.kodesaet_file import DATE, INSTITUTION_NUMBER, KOMMUNEKODE, Kind, day, optional, text
from udb.imports.result import READING, ImportResult, Progress, silent
from udb.imports.share import NO_SHARE, Share
from udb.store.codes import load_codes
from udb.store.engine import reading, writing
from udb.store.locks import one_import_at_a_time

KOMMUNE: Final = KOMMUNE_TYPE
"""Type of the kommuner, which are institutions too."""
STAR: Final = "STAR"
"""Type of the labour-market authority, the caller for DFDG."""

_THREE: Final = optional(KOMMUNEKODE)
KINDS: Final = {
    NUMBER: INSTITUTION_NUMBER,
    NAME: text(200),
    MAIN: optional(INSTITUTION_NUMBER),
    TYPE: Kind(
        f"[0-9]{{4}}|{KOMMUNE}|{STAR}",
        Text("en institutionstype på 4 cifre, KOM eller STAR", "an institution type of 4 digits, KOM or STAR"),
    ),
    PLACE: _THREE,
    ADMINISTERS: _THREE,
    CLOSED: optional(DATE),
}


def import_institutioner(
    engine: Engine,
    stream: IO[bytes],
    *,
    share: Share = NO_SHARE,
    merged: Collection[str] = (),
    progress: Progress = silent,
) -> ImportResult:
    """Make the register equal to the file.

    An institution that is not in the file has left the register and keeps all else for old events. ``merged``: the
    kommunekoder that several kommuner may have. Raises FileRefused; UdbRefused when the file takes away more than the
    share. Then nothing has changed.
    """
    faults = Faults()
    with reading(engine) as connection:
        codes = load_codes(connection)
    types, kommuner = frozenset(codes.codes(INSTITUTIONSTYPER)), frozenset(codes.codes(KOMMUNER))
    found = InstitutionRows(faults, types, kommuner, merged)
    for line in checked(stream, KINDS, faults, progress, READING):
        values = line.values
        closed = day(values[CLOSED])
        if values[CLOSED] and closed is None:
            faults.refuse(line, CLOSED, NO_SUCH_DAY)
        row = {name: values[name] or None for name in KINDS if name != NUMBER}
        found.add(line.number, values[NUMBER], {**row, CLOSED: closed})
    rows = found.finished()
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        return store(connection, rows, faults.read, share)
