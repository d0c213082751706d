"""``udb import institutioner``: the whole of Institutionsregisteret, in UDB's own columns (sources 1)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import IO, Final

from sqlalchemy import Engine

from udb.domain.kodesaet import INSTITUTIONSTYPER, KOMMUNER, REGISTER, VEJLEDNING
from udb.domain.persons import KOMMUNE_TYPE
from udb.domain.text import Text
from udb.imports.csv_file import NO_SUCH_DAY
from udb.imports.file import Faults, checked
from udb.imports.institution_rows import ADMINISTERS, CLOSED, MAIN, NAME, NUMBER, PLACE, TYPE, InstitutionRows, Row
from udb.imports.institution_store import store
from udb.imports.kodesaet_file import DATE, INSTITUTION_NUMBER, KOMMUNEKODE, Kind, day, optional, text
from udb.imports.options import EDITION
from udb.imports.result import READING, ImportResult, Progress, counted, silent
from udb.imports.share import NO_SHARE, Share
from udb.imports.types_edition import prepare
from udb.store.codes import load_codes, named_edition
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
    edition: str | None = None,
    share: Share = NO_SHARE,
    merged: Collection[str] = (),
    skip_unknown: bool = False,
    progress: Progress = silent,
) -> ImportResult:
    """Make the register equal to the file.

    An institution that is not in the file has left the register and keeps all else for old events. ``edition``: of
    ``institutionstyper``, which the file's types are of and which holds from now on; None: the one that holds.
    ``merged``: the kommunekoder that several kommuner may have; ``skip_unknown``: leave out institutions of types that
    the code set does not have; else they refuse the file. Raises FileRefused, also when no edition was ever named
    and the file shows that another is meant; WrongUse for an unknown edition; UdbRefused when the file takes away more
    than the share. Then nothing has changed.
    """
    faults = Faults()
    with reading(engine) as connection:
        codes = load_codes(connection)
        types = frozenset(codes.codes(INSTITUTIONSTYPER))
        asked = named_edition(connection) is not None
        if edition is not None:
            types = prepare(connection, edition).types
    found = InstitutionRows(faults, types, frozenset(codes.codes(KOMMUNER)), merged, skip_unknown=skip_unknown)
    for line in checked(stream, KINDS, faults, progress, READING):
        values = line.values
        closed = day(values[CLOSED])
        if values[CLOSED] and closed is None:
            faults.refuse(line, CLOSED, NO_SUCH_DAY)
        row = {name: values[name] or None for name in KINDS if name != NUMBER}
        found.add(line.number, values[NUMBER], {**row, CLOSED: closed})
    rows = found.finished()
    if edition is None and not asked:
        doubted = of_folkeskoler(rows, {type3 for type3 in types if codes.is_efterskole(type3)})
        for type3, number in sorted(doubted.items()):
            found.refuse(number, TYPE, _other_edition(type3))
        faults.raise_any()
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        result = store(connection, rows, len(rows), share, edition=edition)
    return replace(result, read=faults.read, unknown_codes=counted(found.unknown))


def of_folkeskoler(rows: Mapping[str, Row], efterskoler: Collection[str]) -> dict[str, str]:
    """Return those of the types that bear the names of folkeskoler, each with the first institution that shows it.

    An institution named folkeskole shows it, and so does a type when less than half of its names say efterskole.
    """
    found = {}
    for type3 in efterskoler:
        names = {number: row[NAME].casefold() for number, row in rows.items() if row[TYPE] == type3}
        others = [number for number, name in names.items() if "efterskole" not in name]
        named = [number for number in others if "folkeskole" in names[number]]
        if named or 2 * len(others) > len(names):
            found[type3] = min(named or others)
    return found


def _other_edition(type3: str) -> Text:
    return Text(
        f"Type {type3} er efterskoler i den udgave af institutionstyper, der gælder ({VEJLEDNING}), men i filen har "
        f"den navne på folkeskoler. Vælg udgaven: {REGISTER}, som i Institutionsregisteret, eller {VEJLEDNING}.",
        f"Type {type3} is efterskoler in the edition of institutionstyper that holds ({VEJLEDNING}), but the file's "
        f"names are those of folkeskoler. Name the edition: {EDITION.en} {REGISTER}, as in Institutionsregisteret, "
        f"or {EDITION.en} {VEJLEDNING}",
    )
