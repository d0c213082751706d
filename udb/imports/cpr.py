"""``udb import cpr``: the CPR register's persons, their moves and their changes of number (sources 1)."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import IO, Any, Final

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update

from udb.beskaeftigelse.run import calculate
from udb.domain.bopael import OPEN, UNKNOWN, Address, Period
from udb.domain.cpr import birth_date, birthdays
from udb.domain.kodesaet import CHRISTIANSOE, KOMMUNER
from udb.domain.persons import RESIDENT
from udb.domain.text import Text
from udb.imports import cpr_change
from udb.imports.cpr_change import KOMMUNE, NEW_NUMBER, STATUS, Change
from udb.imports.csv_file import NO_SUCH_DAY, Line, RefusedLine, no_birth_date, repeated
from udb.imports.file import Faults, batches, checked, read_file
from udb.imports.institution_rows import NO_SUCH_KOMMUNE
from udb.imports.kodesaet_file import DATE, FLAG, KOMMUNEKODE, TEN_DIGITS, choice, day, optional, text
from udb.imports.result import READING, SAVING, ImportResult, Progress, Tally, silent
from udb.imports.share import NO_SHARE, Share, percent_of
from udb.paalaeg.ending import end_all_due
from udb.store import bopael, state
from udb.store.access_changes import note_gained
from udb.store.codes import load_codes
from udb.store.engine import reading, writing
from udb.store.locks import lock_persons, one_import_at_a_time
from udb.store.tables import cprnummer, person
from udb.store.visible import refresh

NUMBER: Final = "cprnr"
SINCE: Final = "bopael_fra"
PROTECTED: Final = "beskyttet"
REPLACED: Final = "60"
DEAD: Final = "90"
KINDS: Final = {
    NUMBER: TEN_DIGITS,
    "navn": optional(text(200)),
    STATUS: choice("01", "03", "05", "07", "20", "30", "50", REPLACED, "70", "80", DEAD),
    KOMMUNE: optional(KOMMUNEKODE),
    NEW_NUMBER: optional(TEN_DIGITS),
    "mail": optional(text(254)),
    "telefon": optional(text(30)),
    SINCE: optional(DATE),
    PROTECTED: optional(FLAG),
}
MAY_LACK: Final = ("mail", "telefon", SINCE, PROTECTED)
"""Columns that a file need not have: without them what was known of them stays."""
_WITHOUT_NEW: Final = Text("Status 60 kræver det nye CPR-nummer.", "Status 60 needs the new CPR number.")
_NEW_WITHOUT_60: Final = Text(
    "Et nyt CPR-nummer hører til status 60. Ret en af dem.",
    "A new CPR number belongs to status 60. Correct one of them.",
)
_WITHOUT_KOMMUNE: Final = Text("Status 01 og 03 kræver en kommunekode.", "Status 01 and 03 need a kommunekode.")
_AHEAD: Final = Text("Datoen ligger efter i dag. Ret den.", "The date is after today. Correct it.")
_OWN: Final = ("mail", "telefon")
_TAKEN_OVER: Final = ("navn", STATUS, KOMMUNE)
_TAKEN_OVER_IF_THERE: Final = (*_OWN, PROTECTED)
_REGISTERED: Final = "kontakt_registreret"


def import_cpr(
    engine: Engine,
    stream: IO[bytes],
    *,
    invented_allowed: bool,
    share: Share = NO_SHARE,
    progress: Progress = silent,
) -> ImportResult:
    """Update the persons from a file: a line has all that is known of its number, an empty field means no value.

    ``invented_allowed``: accept numbers with day + 60, in the sandbox only. A line for a number that has been replaced
    changes nothing. A kommunekode that the code set does not have refuses the line of a resident, and is counted for
    others and on Christiansø. Raises FileRefused; UdbRefused when more than the share of the residents would no longer
    live in their kommune. Then nothing has changed.
    """
    with reading(engine) as connection:
        kommuner = frozenset(load_codes(connection).codes(KOMMUNER))
        today = state.now(connection).date()
    numbers, changes, elsewhere = _check(stream, kommuner, today, invented_allowed=invented_allowed, progress=progress)
    tally = Tally(read=len(numbers))
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        residents = _residents(connection)
        resolved = cpr_change.resolve(connection, changes, in_file=numbers.__contains__, read=len(numbers))
        joined = cpr_change.join_known(connection, resolved, tally, invented_allowed=invented_allowed)
        current = (values for values in _values(stream) if values[STATUS] != REPLACED)
        for batch in batches(current):
            _store(connection, batch, tally, state.now(connection), invented_allowed=invented_allowed)
            progress(SAVING, stream.tell())
        _refuse_too_many(tally.left_kommune, residents, share)
        _note_deaths(connection)
        cpr_change.add_unknown(connection, resolved, tally)
        codes, now = load_codes(connection), state.now(connection)
        refresh(connection, joined, codes)
        end_all_due(connection, codes, now)
        note_gained(connection, tally.moved | joined, now)
    # Also for persons that an import that was stopped has joined.
    calculate(engine)
    return replace(tally.result(), unknown_kommune=elsewhere or None)


def _residents(connection: Connection) -> int:
    """Return how many persons live in a kommune."""
    return connection.execute(select(func.count()).where(person.c.status.in_(RESIDENT))).scalar_one()


def _refuse_too_many(left: int, residents: int, share: Share) -> None:
    """Raise UdbRefused when more than the share of the residents leave their kommune, for another or altogether."""
    if share.contains(left, residents) or share.is_said(left):
        return
    percent = percent_of(left, residents)
    raise share.refusal(
        left,
        Text(
            f"efter den bor {left} af {residents} personer ikke længere i deres kommune ({percent.da})",
            f"it makes {left} of {residents} persons leave their kommune ({percent.en})",
        ),
    )


def _note_deaths(connection: Connection) -> None:
    """Note the day of each death. The register's file has no date, so it is the day of the first file that says so."""
    died = update(person).where(person.c.status == DEAD, person.c.doed_siden.is_(None))
    connection.execute(died.values(doed_siden=state.now(connection).date()))
    taken_back = update(person).where(person.c.status != DEAD, person.c.doed_siden.is_not(None))
    connection.execute(taken_back.values(doed_siden=None))


class _Numbers:
    """The numbers of a file with their lines, in eight bytes each, so that a whole nation's fit in memory."""

    _LINE_BITS: Final = 30

    def __init__(self) -> None:
        self._packed = array("Q")

    def add(self, number: str, line: int) -> None:
        self._packed.append(int(number) << self._LINE_BITS | line)

    def sort(self) -> None:
        self._packed = array("Q", sorted(self._packed))

    def repeated(self) -> Iterator[tuple[int, int]]:
        """Yield the lines that repeat a number, each with the line before it that has the same. Call ``sort`` first."""
        mask = (1 << self._LINE_BITS) - 1
        before = 0
        for packed in self._packed:
            if packed >> self._LINE_BITS == before >> self._LINE_BITS and before:
                yield packed & mask, before & mask
            before = packed

    def __contains__(self, number: str) -> bool:
        at = bisect_left(self._packed, int(number) << self._LINE_BITS)
        return at < len(self._packed) and self._packed[at] >> self._LINE_BITS == int(number)

    def __len__(self) -> int:
        return len(self._packed)


def _check(
    stream: IO[bytes], kommuner: Collection[str], today: date, *, invented_allowed: bool, progress: Progress
) -> tuple[_Numbers, dict[str, Change], int]:
    """Return the file's numbers, its changes of number, and how many of its lines have an unknown kommunekode.

    A database without the code set ``kommuner`` knows none, and judges none.
    """
    faults, numbers, changes, elsewhere = Faults(), _Numbers(), dict[str, Change](), 0
    for line in checked(stream, KINDS, faults, progress, READING, may_lack=MAY_LACK):
        faults.add(*_line_faults(line, today, invented_allowed=invented_allowed))
        if kommuner and line.values[KOMMUNE] and line.values[KOMMUNE] not in kommuner:
            if line.values[STATUS] in RESIDENT and line.values[KOMMUNE] != CHRISTIANSOE:
                faults.refuse(line, KOMMUNE, NO_SUCH_KOMMUNE)
            elsewhere += 1
        numbers.add(line.values[NUMBER], line.number)
        if line.values[STATUS] == REPLACED:
            changes[line.values[NUMBER]] = Change(line.values[NEW_NUMBER], line.number)
    numbers.sort()
    for line_number, before in numbers.repeated():
        faults.add(RefusedLine(line_number, NUMBER, repeated(before)))
    faults.raise_any()
    return numbers, changes, elsewhere


def _line_faults(line: Line, today: date, *, invented_allowed: bool) -> Iterator[RefusedLine]:
    values = line.values
    for column in (NUMBER, NEW_NUMBER):
        if values[column] and birth_date(values[column], invented_allowed=invented_allowed) is None:
            yield RefusedLine(line.number, column, no_birth_date(values[column]))
    replaced = values[STATUS] == REPLACED
    if replaced and not values[NEW_NUMBER]:
        yield RefusedLine(line.number, NEW_NUMBER, _WITHOUT_NEW)
    if values[NEW_NUMBER] and not replaced:
        yield RefusedLine(line.number, NEW_NUMBER, _NEW_WITHOUT_60)
    if values[STATUS] in RESIDENT and not values[KOMMUNE]:
        yield RefusedLine(line.number, KOMMUNE, _WITHOUT_KOMMUNE)
    if since := values.get(SINCE):
        found = day(since)
        if found is None or found > today:
            yield RefusedLine(line.number, SINCE, NO_SUCH_DAY if found is None else _AHEAD)


def _values(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    for line in read_file(stream, KINDS, may_lack=MAY_LACK):
        assert isinstance(line, Line), "the first reading found every line right"
        values: dict[str, Any] = {name: value or None for name, value in line.values.items()}
        if PROTECTED in values:
            values[PROTECTED] = values[PROTECTED] == "1"
        if values.get(SINCE):
            values[SINCE] = day(values[SINCE])
        yield values


def _registered(values: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return when the youth's own mail and telephone were registered; None when there is neither."""
    return now if any(values.get(name) for name in _OWN) else None


def _store(
    connection: Connection, batch: list[dict[str, Any]], tally: Tally, now: datetime, *, invented_allowed: bool
) -> None:
    known = {
        row.number: row
        for row in connection.execute(
            select(cprnummer.c.cprnr.label("number"), person)
            .join(person)
            .where(cprnummer.c.cprnr.in_([values[NUMBER] for values in batch]))
        )
    }
    new = [values for values in batch if values[NUMBER] not in known]
    names = [*_TAKEN_OVER, *(name for name in _TAKEN_OVER_IF_THERE if batch and name in batch[0])]
    own = [name for name in _OWN if name in names]
    changed, statements = [], []
    for values in batch:
        row = known.get(values[NUMBER])
        if row is None or row.number != row.cprnr:
            continue
        before, after = Address(row.status, row.kommunekode), Address(values[STATUS], values[KOMMUNE])
        if before != after or values.get(SINCE):
            statements.append(bopael.Statement(row.id, after, values.get(SINCE), before))
        if any(getattr(row, name) != values[name] for name in names):
            same = all(getattr(row, name) == values[name] for name in own)
            kept = {name: getattr(row, name) for name in _OWN}
            registered = row.kontakt_registreret if same else _registered({**kept, **values}, now)
            taken_over = {f"{name}_": values[name] for name in names}
            changed.append({"id_": row.id, **taken_over, f"{_REGISTERED}_": registered})
            if before != after:
                tally.moved.add(row.id)
                tally.left_kommune += _kommune_of(*before) not in (None, _kommune_of(*after))
    _add(connection, new, names, now, invented_allowed=invented_allowed)
    ids = {values["id_"] for values in changed}
    if changed:
        lock_persons(connection, ids)
        connection.execute(
            update(person)
            .where(person.c.id == bindparam("id_"))
            .values({person.c[name]: bindparam(f"{name}_") for name in (*names, _REGISTERED)}),
            changed,
        )
    ids |= bopael.record(connection, statements, now) if statements else set()
    tally.added += len(new)
    tally.changed += len(ids)
    tally.unchanged += len(batch) - len(new) - len(ids)


def _kommune_of(status: str, kommunekode: str | None) -> str | None:
    return kommunekode if status in RESIDENT else None


def _add(
    connection: Connection,
    new: Iterable[dict[str, Any]],
    names: Collection[str],
    now: datetime,
    *,
    invented_allowed: bool,
) -> None:
    rows, since = [], {}
    for values in new:
        born = birth_date(values[NUMBER], invented_allowed=invented_allowed)
        assert born is not None, "the first reading refused numbers without a date"
        taken_over = {name: values[name] for name in (NUMBER, *names)}
        rows.append({**taken_over, _REGISTERED: _registered(values, now), **asdict(birthdays(born))})
        since[values[NUMBER]] = values.get(SINCE)
    if not rows:
        return
    connection.execute(insert(person), rows)
    query = select(person.c.id, person.c.cprnr, person.c.status, person.c.kommunekode)
    added = connection.execute(query.where(person.c.cprnr.in_(list(since)))).all()
    connection.execute(insert(cprnummer), [{"cprnr": row.cprnr, "person_id": row.id} for row in added])
    homes = (
        (row.id, Period(Address(row.status, row.kommunekode), since[row.cprnr] or UNKNOWN, OPEN, now)) for row in added
    )
    bopael.add(connection, [bopael.row(*home) for home in homes])
