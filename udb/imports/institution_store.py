"""Make the register of institutions equal to a file that was read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update

from udb.domain.persons import KOMMUNE_TYPE
from udb.domain.text import Text
from udb.imports.affected import Affected
from udb.imports.file import batches
from udb.imports.institution_rows import ADMINISTERS, CLOSED, IN_REGISTER, MAIN, NAME, PLACE, TYPE, Row
from udb.imports.result import ImportResult, Tally
from udb.imports.share import Share, percent_of
from udb.imports.types_edition import prepare
from udb.store import state
from udb.store.access_changes import let_begin_anew
from udb.store.codes import load_codes, named_edition
from udb.store.tables import haendelse, institution

_COLUMNS: Final = (NAME, MAIN, TYPE, PLACE, ADMINISTERS, CLOSED, IN_REGISTER)
DECIDE_KOMMUNER: Final = (TYPE, PLACE)
"""The columns that decide the kommuner of an institution's events.

When they change, as for a new institution, the database locks the counter (institution_kommuner).
"""
_OTHERS: Final = tuple(name for name in _COLUMNS if name not in DECIDE_KOMMUNER)


def store(
    connection: Connection,
    rows: Mapping[str, Row],
    read: int,
    share: Share,
    *,
    edition: str | None = None,
    kept: Collection[str] = (),
) -> ImportResult:
    """Store the rows by number, in a transaction that lets no other import run beside it.

    An institution that is not among them has left, unless its type is one of ``kept``. ``read``: how many lines there
    were; ``edition``: of ``institutionstyper``, which holds from now on; None: the one that holds already. Raises
    UdbRefused when more than the share would be gone.
    """
    change = None if edition in {None, named_edition(connection)} else prepare(connection, edition or "")
    known = {row.nummer: row for row in connection.execute(select(institution))}
    rows = {**{number: _row(row) for number, row in known.items() if row.in_register and row.type3 in kept}, **rows}
    _refuse_too_few({n: _row(row) for n, row in known.items()}, rows, state.now(connection).date(), share)
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
        _change(connection, changed, DECIDE_KOMMUNER)

    if changed or left or change:
        state.next_edition(connection)
        affected.look_again(connection, load_codes(connection), state.now(connection), place)
    else:
        place()
    return Tally(read, len(added), len(changed) + len(left), read - len(added) - len(changed)).result()


def _row(stored: Any) -> Row:
    return {name: getattr(stored, name) for name in _COLUMNS}


def _refuse_too_few(before: Mapping[str, Row], after: Mapping[str, Row], today: date, share: Share) -> None:
    """Raise UdbRefused when more than the share of institutions, or of kommuner, would be gone.

    Gone is what leaves or is closed, and the institution of a kommune that no open one has any longer.
    """
    was, stays = _open(before, today), _open(after, today)
    kommuner, still = _kommuner(before, was), set(_kommuner(after, stays).values())
    no_kommune = {number for number, code in kommuner.items() if code not in still}
    gone = (was - stays) | no_kommune
    is_little = share.contains(len(gone), len(was)) and share.contains(len(no_kommune), len(kommuner))
    if is_little or share.is_said(len(gone)):
        return
    percent = percent_of(len(gone), len(was))
    raise share.refusal(
        len(gone),
        Text(
            f"den fjerner eller lukker {len(gone)} af {len(was)} institutioner ({percent.da}), "
            f"heraf {len(no_kommune)} af {len(kommuner)} kommuner",
            f"it removes or closes {len(gone)} of {len(was)} institutions ({percent.en}), "
            f"{len(no_kommune)} of {len(kommuner)} kommuner among them",
        ),
    )


def _open(rows: Mapping[str, Row], today: date) -> set[str]:
    return {number for number, row in rows.items() if row[IN_REGISTER] and (row[CLOSED] is None or row[CLOSED] > today)}


def _kommuner(rows: Mapping[str, Row], among: Collection[str]) -> dict[str, str]:
    """Return the kommunekode of each kommune among the numbers."""
    return {number: rows[number][ADMINISTERS] for number in among if rows[number][TYPE] == KOMMUNE_TYPE}


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
    return [
        number
        for number, row in rows.items()
        if row[TYPE] == KOMMUNE_TYPE
        and number in known
        and any(getattr(known[number], name) != row[name] for name in (TYPE, ADMINISTERS))
    ]


def _lock_youths(
    connection: Connection, institutions: Collection[str], seen: Sequence[ColumnElement[bool]]
) -> Affected:
    """Lock everyone with an event at institutions that change: the change affects who may see what."""
    at_them = [haendelse.c.institution_nummer.in_(batch) for batch in batches(sorted(institutions))]
    return Affected.lock(connection, at_them, seen=seen)
