"""``udb import institutioner``: the whole of Institutionsregisteret (sources 1)."""

from collections.abc import Collection, Mapping, Sequence
from typing import IO, Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, insert, select, update

from udb.domain.kodesaet import INSTITUTIONSTYPER, REGISTER, VEJLEDNING
from udb.domain.text import Text
from udb.imports.affected import Affected
from udb.imports.csv_file import NO_SUCH_DAY, RefusedLine, repeated
from udb.imports.file import Faults, batches, checked
from udb.imports.kodesaet_file import DATE, INSTITUTION_NUMBER, KOMMUNEKODE, Kind, day, optional, text
from udb.imports.result import READING, ImportResult, Progress, Tally, silent
from udb.imports.types_edition import prepare
from udb.store import state
from udb.store.access_changes import let_begin_anew
from udb.store.codes import load_codes, named_edition
from udb.store.engine import reading, writing
from udb.store.locks import one_import_at_a_time
from udb.store.tables import haendelse, institution

KOMMUNE: Final = "KOM"
"""Type of the kommuner, which are institutions too."""
STAR: Final = "STAR"
"""Type of the labour-market authority, the caller for DFDG."""

NUMBER: Final = "institutionsnummer"
MAIN: Final = "hovedinstitution"
ADMINISTERS: Final = "administrerende_kommune"
_THREE: Final = optional(KOMMUNEKODE)
KINDS: Final = {
    NUMBER: INSTITUTION_NUMBER,
    "navn": text(200),
    MAIN: optional(INSTITUTION_NUMBER),
    "type3": Kind(
        f"[0-9]{{4}}|{KOMMUNE}|{STAR}",
        Text("en institutionstype på 4 cifre, KOM eller STAR", "an institution type of 4 digits, KOM or STAR"),
    ),
    "beliggenhedskommune": _THREE,
    ADMINISTERS: _THREE,
    "lukket": optional(DATE),
}
_COLUMNS: Final = ("navn", MAIN, "type3", "beliggenhedskommune", ADMINISTERS, "lukket", "in_register")
PLACE: Final = ("type3", "beliggenhedskommune")
"""The columns that decide the kommuner of an institution's events.

When they change, as for a new institution, the database locks the counter (institution_kommuner).
"""
_OTHERS: Final = tuple(name for name in _COLUMNS if name not in PLACE)

Row = dict[str, Any]

_WITHOUT_CODE: Final = Text("En kommune skal have sin kommunekode her.", "Write the kommunekode of the kommune here.")
_MAIN_MISSING: Final = Text("Hovedinstitutionen findes ikke i filen.", "The file does not have this main institution.")
_MAIN_HAS_ANOTHER: Final = Text(
    "Hovedinstitutionen har selv en anden hovedinstitution.", "This main institution has another main institution."
)
_NO_SUCH_TYPE: Final = Text(
    "Typen findes ikke i kodesættet institutionstyper. Ret den, eller indlæs først typen i kodesættet.",
    "The code set institutionstyper does not have this type. Correct it, or import the type first: "
    "udb import kodesaet institutionstyper",
)
_EMPTY: Final = Text(
    "Filen har ingen institutioner. Den skal indeholde hele registret.",
    "The file has no institutions. It must hold the whole register.",
)


def import_institutioner(
    engine: Engine, stream: IO[bytes], *, edition: str | None = None, progress: Progress = silent
) -> ImportResult:
    """Make the register equal to the file.

    An institution that is not in the file has left the register and keeps all else for old events. ``edition``: of
    ``institutionstyper``, which the file's types are of and which holds from now on; None: the one that holds. Raises
    FileRefused, also when no edition was ever named and the file shows that another is meant, and WrongUse for an
    unknown edition; then nothing has changed.
    """
    faults = Faults()
    with reading(engine) as connection:
        known = load_codes(connection)
        types = frozenset(known.codes(INSTITUTIONSTYPER))
        asked = named_edition(connection) is not None
        if edition is not None:
            types = prepare(connection, edition).types
    rows, lines = _check(stream, types, faults, progress)
    if edition is None and not asked:
        doubted = of_folkeskoler(rows, {type3 for type3 in types if known.is_efterskole(type3)})
        for type3, number in sorted(doubted.items()):
            faults.add(RefusedLine(lines[number], "type3", _other_edition(type3)))
        faults.raise_any()
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        return store(connection, rows, faults.read, edition=edition)


def of_folkeskoler(rows: Mapping[str, Row], efterskoler: Collection[str]) -> dict[str, str]:
    """Return those of the types that bear the names of folkeskoler, each with the first institution that shows it.

    An institution named folkeskole shows it, and so does a type when less than half of its names say efterskole.
    """
    found = {}
    for type3 in efterskoler:
        names = {number: row["navn"].casefold() for number, row in rows.items() if row["type3"] == type3}
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
        f"names are those of folkeskoler. Name the edition: --edition {REGISTER}, as in Institutionsregisteret, or "
        f"--edition {VEJLEDNING}",
    )


def _check(
    stream: IO[bytes], types: Collection[str], faults: Faults, progress: Progress
) -> tuple[dict[str, Row], dict[str, int]]:
    """Return the rows and their lines by number.

    A database without the code set ``institutionstyper`` judges no type.
    """
    rows: dict[str, Row] = {}
    lines: dict[str, int] = {}
    for line in checked(stream, KINDS, faults, progress, READING):
        values = line.values
        closed = day(values["lukket"])
        if values["lukket"] and closed is None:
            faults.refuse(line, "lukket", NO_SUCH_DAY)
        if values["type3"] == KOMMUNE and not values[ADMINISTERS]:
            faults.refuse(line, ADMINISTERS, _WITHOUT_CODE)
        if types and values["type3"] not in types:
            faults.refuse(line, "type3", _NO_SUCH_TYPE)
        number = values[NUMBER]
        if number in rows:
            faults.refuse(line, NUMBER, repeated(lines[number]))
            continue
        lines[number] = line.number
        rows[number] = {
            **{name: values[name] or None for name in _COLUMNS if name in values},
            MAIN: values[MAIN] or number,
            "lukket": closed,
            "in_register": True,
        }
    for number, row in rows.items():
        reason = _wrong_main(number, row[MAIN], rows)
        if reason is not None:
            faults.add(RefusedLine(lines[number], MAIN, reason))
    if not faults.read:
        faults.add(RefusedLine(1, "", _EMPTY))
    faults.raise_any()
    return rows, lines


def _wrong_main(number: str, main: str, rows: Mapping[str, Row]) -> Text | None:
    if main == number:
        return None
    if main not in rows:
        return _MAIN_MISSING
    if rows[main][MAIN] != main:
        return _MAIN_HAS_ANOTHER
    return None


def store(connection: Connection, rows: Mapping[str, Row], read: int, *, edition: str | None = None) -> ImportResult:
    """Make the register equal to some rows, in a transaction that lets no other import run beside it.

    ``rows``: by number, each with the columns of ``institution`` but its number; ``read``: how many lines there were.
    ``edition``: of ``institutionstyper``, which holds from now on; None: the one that holds already.
    """
    change = None if edition in {None, named_edition(connection)} else prepare(connection, edition or "")
    known = {row.nummer: row for row in connection.execute(select(institution))}
    added = [{"nummer": number, **row} for number, row in rows.items() if number not in known]
    changed = [
        {f"{name}_": value for name, value in {"nummer": number, **row}.items()}
        for number, row in rows.items()
        if number in known and any(getattr(known[number], name) != row[name] for name in _COLUMNS)
    ]
    left = [number for number, row in known.items() if row.in_register and number not in rows]
    affected = _lock_youths(
        connection, {*(row["nummer_"] for row in changed), *left}, change.conditions if change else ()
    )
    _change(connection, changed, _OTHERS)
    for batch in batches(left):
        connection.execute(update(institution).where(institution.c.nummer.in_(batch)).values(in_register=False))
    let_begin_anew(connection, _other_kommuner(known, rows))

    def place() -> None:
        if change:
            change.store(connection)
        if added:
            connection.execute(insert(institution), added)
        _change(connection, changed, PLACE)

    if changed or left or change:
        state.next_edition(connection)
        affected.look_again(connection, load_codes(connection), state.now(connection), place)
    else:
        place()
    tally = Tally(read, len(added), len(changed) + len(left), read - len(added) - len(changed))
    return tally.result()


def _change(connection: Connection, changed: Collection[Row], columns: Collection[str]) -> None:
    if changed:
        connection.execute(
            update(institution)
            .where(institution.c.nummer == bindparam("nummer_"))
            .values({institution.c[name]: bindparam(f"{name}_") for name in columns}),
            [{f"{name}_": row[f"{name}_"] for name in ("nummer", *columns)} for row in changed],
        )


def _other_kommuner(known: Mapping[str, Any], rows: Mapping[str, Row]) -> list[str]:
    """Return the numbers of institutions that are now another kommune than before."""
    names = ("type3", ADMINISTERS)
    return [
        number
        for number, row in rows.items()
        if row["type3"] == KOMMUNE
        and number in known
        and any(getattr(known[number], name) != row[name] for name in names)
    ]


def _lock_youths(
    connection: Connection, institutions: Collection[str], seen: Sequence[ColumnElement[bool]]
) -> Affected:
    """Lock everyone with an event at institutions that change: the change affects who may see what."""
    at_them = [haendelse.c.institution_nummer.in_(batch) for batch in batches(sorted(institutions))]
    return Affected.lock(connection, at_them, seen=seen)
