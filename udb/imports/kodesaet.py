"""``udb import kodesaet SET FILE``, and the shipped code sets for a new database (sources 1, 2)."""

from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import IO, Final

from sqlalchemy import Connection, Engine, and_, insert, select, update

from udb.domain.errors import WrongUse
from udb.domain.kodesaet import EFTERSKOLE, INSTITUTIONSTYPER
from udb.domain.text import Text
from udb.imports.affected import Affected
from udb.imports.csv_file import RefusedLine, decoded
from udb.imports.file import Broken, Faults, batches, whole_lines
from udb.imports.kodesaet_file import GYLDIG_FRA, SAET, KodesaetRow, read_kodesaet
from udb.imports.result import READING, ImportResult, Progress, Tally, silent
from udb.imports.types_edition import of_types
from udb.paths import CODESETS
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import writing
from udb.store.locks import one_import_at_a_time
from udb.store.tables import haendelse, kodesaet

_OVERLAPS: Final = Text(
    "Samme kode gælder allerede i en del af perioden. Luk den gamle række med gyldig_til i samme fil.",
    "The same code is already valid in a part of this period. End the old row with gyldig_til in the same file.",
)
_FIELDS: Final = tuple(column.name for column in kodesaet.columns)


def import_kodesaet(engine: Engine, stream: IO[bytes], *, saet: str, progress: Progress = silent) -> ImportResult:
    """Add a file's rows to a set; a row replaces the one with the same code, version and first day.

    Raises WrongUse when there is no such set, FileRefused when a line is wrong or two rows would be valid on the same
    day.
    """
    if saet not in SAET:
        known = ", ".join(SAET)
        raise WrongUse(
            Text(
                f"Der findes intet kodesæt med det navn. Vælg et af: {known}.",
                f"There is no code set {saet}. There are: {known}.",
            )
        )
    faults = Faults()
    rows = list(_numbered(stream, saet, faults))
    progress(READING, stream.tell())
    faults.raise_any()
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        return _merge(connection, saet, rows, faults)


def load_shipped(connection: Connection) -> int:
    """Add the shipped code sets to a database that has none. Returns how many rows were added, 0 if it had some."""
    if connection.execute(select(kodesaet.c.saet).limit(1)).first() is not None:
        return 0
    rows: list[KodesaetRow] = []
    for saet in SAET:
        with (CODESETS / f"{saet}.csv").open(encoding="utf-8", newline="") as lines:
            for row in read_kodesaet(saet, lines):
                assert isinstance(row, KodesaetRow), f"the shipped set {saet} is well-formed"
                rows.append(row)
    _insert(connection, rows)
    state.next_edition(connection)
    return len(rows)


def _numbered(stream: IO[bytes], saet: str, faults: Faults) -> Iterator[tuple[int, KodesaetRow]]:
    """Yield the valid rows with their line numbers; keep the refused ones in ``faults``."""
    text = decoded(stream)
    at = 0

    def counted() -> Iterator[str]:
        nonlocal at
        for line in whole_lines(text):
            at += 1
            yield line

    try:
        for row in read_kodesaet(saet, counted()):
            if isinstance(row, RefusedLine):
                faults.add(row)
            else:
                faults.read += 1
                yield at, row
    except Broken as broken:
        faults.add(broken.line)
    finally:
        text.detach()


def _merge(connection: Connection, saet: str, rows: list[tuple[int, KodesaetRow]], faults: Faults) -> ImportResult:
    query = select(kodesaet).where(kodesaet.c.saet == saet)
    known = {_key(row): row for row in (KodesaetRow(**found) for found in connection.execute(query).mappings())}
    lines = {_key(row): line for line, row in rows}
    merged = known | {_key(row): row for _, row in rows}
    for first, second in pairwise(sorted(merged.values(), key=lambda row: (row.key, row.gyldig_fra))):
        if first.overlaps(second):
            line = lines.get(_key(second)) or lines.get(_key(first)) or 1
            faults.add(RefusedLine(line, GYLDIG_FRA, _OVERLAPS))
    faults.raise_any()
    added = [row for _, row in rows if _key(row) not in known]
    changed = [row for _, row in rows if _key(row) in known and known[_key(row)] != row]

    def place() -> None:
        for row in changed:
            same = and_(*(kodesaet.c[name] == getattr(row, name) for name in ("saet", "kode", "variant", GYLDIG_FRA)))
            connection.execute(update(kodesaet).where(same).values(_values(row)))
        _insert(connection, added)

    if added or changed:
        state.next_edition(connection)
        if saet == INSTITUTIONSTYPER:
            # Where a flag changes, the database takes the counter: the rows come last.
            before, after = (_efterskoler(rows.values()) for rows in (known, merged))
            affected = Affected.lock(connection, (), seen=of_types(before ^ after))
            affected.look_again(connection, None, state.now(connection), place)
        else:
            affected = _lock_youths(connection, saet, {row.kode for row in (*added, *changed)})
            place()
            affected.look_again(connection, load_codes(connection), state.now(connection))
    return Tally(len(rows), len(added), len(changed), len(rows) - len(added) - len(changed)).result()


def _lock_youths(connection: Connection, saet: str, codes: Collection[str]) -> Affected:
    """Lock the youths with an event on these codes: a code's properties decide who may see its events."""
    on_codes = [and_(haendelse.c.kodesaet == saet, haendelse.c.kode.in_(batch)) for batch in batches(sorted(codes))]
    return Affected.lock(connection, on_codes)


def _efterskoler(rows: Iterable[KodesaetRow]) -> frozenset[str]:
    return frozenset(row.kode for row in rows if row.egenskaber.get(EFTERSKOLE) == "1")


def _key(row: KodesaetRow) -> tuple[object, ...]:
    return (*row.key, row.gyldig_fra)


def _insert(connection: Connection, rows: Iterable[KodesaetRow]) -> None:
    values = [_values(row) for row in rows]
    if values:
        connection.execute(insert(kodesaet), values)


def _values(row: KodesaetRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in _FIELDS}
