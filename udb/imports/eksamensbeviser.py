"""``udb import eksamensbeviser``: the diplomas of Eksamensdatabasen (sources 1; V 1.3)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import IO, Any, Final

from sqlalchemy import Connection, Engine, insert, select, tuple_

from udb.domain.cpr import birth_date
from udb.domain.errors import WrongUse
from udb.domain.identifiers import event_number
from udb.domain.kodesaet import COSA, Kodesaet
from udb.domain.text import Text
from udb.imports.csv_file import NO_SUCH_DAY, Line, no_birth_date
from udb.imports.file import Faults, batches, checked, read_file
from udb.imports.kodesaet_file import DATE, INSTITUTION_NUMBER, TEN_DIGITS, code, day
from udb.imports.result import READING, SAVING, ImportResult, Progress, Tally, silent
from udb.recheck.beviser import judge_again
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import reading, writing
from udb.store.locks import one_import_at_a_time
from udb.store.numbers import draw, last_drawn
from udb.store.tables import cprnummer
from udb.store.tables.beviser import eksamensbevis, eksamenslevering

NUMBER: Final = "cprnr"
INSTITUTION: Final = "institutionsnummer"
FORMAAL: Final = "cosa_formaal"
DATO: Final = "dato"
KINDS: Final = {
    NUMBER: TEN_DIGITS,
    INSTITUTION: INSTITUTION_NUMBER,
    FORMAAL: code(10),
    DATO: DATE,
}
_KEY: Final = (
    eksamensbevis.c.cprnr,
    eksamensbevis.c.institution_nummer,
    eksamensbevis.c.cosa_formaal,
    eksamensbevis.c.dato,
)
_NOT_DELIVERED: Final = Text(
    "Valget til er en dato i formen ÅÅÅÅ-MM-DD, senest i dag.",
    "--until is a date in the form YYYY-MM-DD, today at the latest.",
)
_AHEAD: Final = Text("Datoen ligger ude i fremtiden. Ret den.", "The date is after today. Correct it.")
_NO_SUCH_FORMAAL: Final = Text(
    "Formålet findes ikke i kodesættet cosa_formaal.",
    "The code set cosa_formaal does not have it. See: udb kodesaet show cosa_formaal",
)
_Key = tuple[str, str, str, date]


def import_eksamensbeviser(
    engine: Engine,
    stream: IO[bytes],
    *,
    til: str | None = None,
    invented_allowed: bool,
    progress: Progress = silent,
) -> ImportResult:
    """Add a file's diplomas, and judge every gennemført again that should have one (5007).

    ``til``: all diplomas up to this day (``YYYY-MM-DD``) are delivered with this file and those before. A line whose
    number the CPR register does not know is counted and left out. Raises WrongUse when ``til`` is not a date or after
    today; FileRefused; then nothing has changed.
    """
    with reading(engine) as connection:
        today, codes = state.now(connection).date(), load_codes(connection)
    delivered = _delivered(til, today)
    read = _check(stream, codes, today, invented_allowed=invented_allowed, progress=progress)
    tally = Tally(read=read)
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        before = event_number(last_drawn(connection))
        for batch in batches(_diplomas(stream)):
            _store(connection, batch, tally)
            progress(SAVING, stream.tell())
        _note(connection, delivered)
        state.next_edition(connection)
        codes = load_codes(connection)
        judge_again(connection, codes)
        # A report that was judged by the old diplomas has drawn its number by now, and is found here; or it draws it
        # later, and sees the next edition (``udb.imports.affected``).
        draw(connection, state.now(connection))
        judge_again(connection, codes, since=before)
    return replace(tally.result(), skipped=tally.read - tally.added - tally.unchanged)


def _delivered(til: str | None, today: date) -> date | None:
    if til is None:
        return None
    found = day(til)
    if found is None or found > today:
        raise WrongUse(_NOT_DELIVERED)
    return found


def _check(stream: IO[bytes], codes: Kodesaet, today: date, *, invented_allowed: bool, progress: Progress) -> int:
    faults, formaal = Faults(), frozenset(codes.codes(COSA))
    for line in checked(stream, KINDS, faults, progress, READING):
        found = day(line.values[DATO])
        if found is None:
            faults.refuse(line, DATO, NO_SUCH_DAY)
        elif found > today:
            faults.refuse(line, DATO, _AHEAD)
        if birth_date(line.values[NUMBER], invented_allowed=invented_allowed) is None:
            faults.refuse(line, NUMBER, no_birth_date(line.values[NUMBER]))
        if line.values[FORMAAL] not in formaal:
            faults.refuse(line, FORMAAL, _NO_SUCH_FORMAAL)
    faults.raise_any()
    return faults.read


def _diplomas(stream: IO[bytes]) -> Iterator[_Key]:
    for line in read_file(stream, KINDS):
        assert isinstance(line, Line), "the first reading found every line right"
        values = line.values
        yield values[NUMBER], values[INSTITUTION], values[FORMAAL], date.fromisoformat(values[DATO])


def _store(connection: Connection, batch: list[_Key], tally: Tally) -> None:
    holders = select(cprnummer.c.cprnr, cprnummer.c.person_id).where(cprnummer.c.cprnr.in_({key[0] for key in batch}))
    persons: dict[str, int] = {row.cprnr: row.person_id for row in connection.execute(holders)}
    wanted = dict.fromkeys(key for key in batch if key[0] in persons)
    there = select(*_KEY).where(tuple_(*_KEY).in_(list(wanted)))
    known = {tuple(row) for row in connection.execute(there)} if wanted else set()
    new: list[dict[str, Any]] = [
        {**{column.name: value for column, value in zip(_KEY, key, strict=True)}, "person_id": persons[key[0]]}
        for key in wanted
        if key not in known
    ]
    if new:
        connection.execute(insert(eksamensbevis), new)
    tally.added += len(new)
    left_out = sum(key[0] not in persons for key in batch)
    tally.unchanged += len(batch) - len(new) - left_out


def _note(connection: Connection, til: date | None) -> None:
    """Note up to which day all diplomas are delivered."""
    if til is None:
        return
    there = select(eksamenslevering.c.til).where(eksamenslevering.c.til == til)
    if connection.execute(there).first() is None:
        connection.execute(insert(eksamenslevering).values(til=til))
