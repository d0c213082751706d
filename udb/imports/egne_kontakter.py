"""``udb import egne-kontakter``: the youths' own mail and telephone, from KMD Elev (sources 1)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import IO, Any, Final

from sqlalchemy import Connection, Engine, select

from udb.domain.clock import midnight
from udb.domain.cpr import birth_date
from udb.domain.text import Text
from udb.imports.csv_file import NO_SUCH_DAY, Line, RefusedLine, no_birth_date, repeated
from udb.imports.file import Faults, batches, checked, read_file
from udb.imports.kodesaet_file import DATE, TEN_DIGITS, day, optional, text
from udb.imports.result import READING, SAVING, ImportResult, Progress, Tally, silent
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.locks import lock_persons, one_import_at_a_time
from udb.store.own_contacts import KMD_ELEV
from udb.store.sql.dialects import insert_into
from udb.store.tables import cprnummer, egen_kontakt

NUMBER: Final = "cprnr"
REGISTERED: Final = "registreret"
OWN: Final = ("mail", "telefon")
KINDS: Final = {
    NUMBER: TEN_DIGITS,
    "mail": optional(text(254)),
    "telefon": optional(text(30)),
    REGISTERED: DATE,
}
_AHEAD: Final = Text("Datoen ligger efter i dag. Ret den.", "The date is after today. Correct it.")


@dataclass(frozen=True, slots=True)
class _Own:
    cprnr: str
    mail: str | None
    telefon: str | None
    registreret: datetime


def import_egne_kontakter(
    engine: Engine, stream: IO[bytes], *, invented_allowed: bool, progress: Progress = silent
) -> ImportResult:
    """Take what KMD Elev has of each youth in the file; of others it keeps what it had.

    A line that is older than what is known changes nothing. One without mail and telephone says that there are none. A
    line whose number the CPR register does not know is counted and left out. Raises FileRefused; then nothing has
    changed.
    """
    with reading(engine) as connection:
        today = state.now(connection).date()
    tally = Tally(read=_check(stream, today, invented_allowed=invented_allowed, progress=progress))
    skipped = 0
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        for batch in batches(_lines(stream)):
            skipped += _store(connection, batch, tally)
            progress(SAVING, stream.tell())
    return replace(tally.result(), skipped=skipped)


def _check(stream: IO[bytes], today: date, *, invented_allowed: bool, progress: Progress) -> int:
    faults, lines = Faults(), dict[int, int]()
    for line in checked(stream, KINDS, faults, progress, READING):
        found = day(line.values[REGISTERED])
        if found is None or found > today:
            faults.refuse(line, REGISTERED, NO_SUCH_DAY if found is None else _AHEAD)
        if birth_date(line.values[NUMBER], invented_allowed=invented_allowed) is None:
            faults.refuse(line, NUMBER, no_birth_date(line.values[NUMBER]))
        before = lines.setdefault(int(line.values[NUMBER]), line.number)
        if before != line.number:
            faults.add(RefusedLine(line.number, NUMBER, repeated(before)))
    faults.raise_any()
    return faults.read


def _lines(stream: IO[bytes]) -> Iterator[_Own]:
    for line in read_file(stream, KINDS):
        assert isinstance(line, Line), "the first reading found every line right"
        values = line.values
        registered = midnight(date.fromisoformat(values[REGISTERED]))
        yield _Own(values[NUMBER], values["mail"] or None, values["telefon"] or None, registered)


def _store(connection: Connection, batch: list[_Own], tally: Tally) -> int:
    """Store some lines; return how many are of persons that the register does not know."""
    numbers = select(cprnummer.c.cprnr, cprnummer.c.person_id)
    rows = connection.execute(numbers.where(cprnummer.c.cprnr.in_([one.cprnr for one in batch])))
    holders: dict[str, int] = {row.cprnr: row.person_id for row in rows}
    lock_persons(connection, holders.values())
    of_source = (egen_kontakt.c.person_id.in_(set(holders.values())), egen_kontakt.c.kilde == KMD_ELEV)
    known = {row.person_id: row for row in connection.execute(select(egen_kontakt).where(*of_source))}
    newest: dict[int, _Own] = {}
    # Two numbers may be of one person.
    for one in sorted(batch, key=lambda own: own.registreret):
        if one.cprnr in holders:
            newest[holders[one.cprnr]] = one
    stored: list[dict[str, Any]] = []
    for person_id, one in newest.items():
        row = known.get(person_id)
        if row is not None and (
            one.registreret < row.registreret
            or (one.mail, one.telefon, one.registreret) == (row.mail, row.telefon, row.registreret)
        ):
            continue
        stored.append(
            {
                "person_id": person_id,
                "kilde": KMD_ELEV,
                "mail": one.mail,
                "telefon": one.telefon,
                "registreret": one.registreret,
            }
        )
    if stored:
        statement = insert_into(connection.dialect.name, egen_kontakt)
        said = {name: statement.excluded[name] for name in (*OWN, REGISTERED)}
        connection.execute(statement.on_conflict_do_update(index_elements=["person_id", "kilde"], set_=said), stored)
    added = sum(row["person_id"] not in known for row in stored)
    tally.added += added
    tally.changed += len(stored) - added
    skipped = sum(one.cprnr not in holders for one in batch)
    tally.unchanged += len(batch) - len(stored) - skipped
    return skipped
