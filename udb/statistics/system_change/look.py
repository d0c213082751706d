"""The use cases of a change: look at it, tick a point, fetch the numbers. Only an institution's or kommune's own.

Whatever shows a youth is preceded by its row in the read log, committed (access.md, The read log).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from udb.access.own_registrations import CLAUSE as A13
from udb.access.own_reports import CLAUSE as A12
from udb.context import Context
from udb.domain.call import Call
from udb.readlog.entries import log_read
from udb.statistics.system_change.announced import Change, Tick, add_tick, change_of
from udb.statistics.system_change.checks import Checked, checked
from udb.statistics.system_change.closed import FETCHED
from udb.statistics.system_change.numbers import Numbers, numbers
from udb.statistics.system_change.points import POINTS, PointState, refusal, state_of, tick_of
from udb.statistics.system_change.result import Check, Finding, Result
from udb.store.engine import reading, writing
from udb.store.locks import one_statement_at_a_time
from udb.store.state import CODE_EDITION, read


@dataclass(frozen=True, slots=True)
class User:
    """Who looks, and when. ``hovedinstitution``: whose changes they may see; None: STIL, which sees them all.

    ``now``: the domain's.
    """

    hovedinstitution: str | None
    bruger: str
    rolle: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """A finding with the youth's CPR number as the institution reported it; None where it reported none."""

    result: Result
    finding: Finding
    cprnr: str | None


def find(connection: Connection, number: int, user: User) -> Change | None:
    """Return a change; None when there is none of that number, or it is another's."""
    return change_of(connection, number, user.hovedinstitution)


def look(
    context: Context,
    number: int,
    user: User,
    punkt: int | None = None,
    listed: Collection[tuple[str, str]] = (),
) -> Checked | None:
    """Return what the checks of a change say now; None as ``find``. It shows no youth until ``rows`` is asked.

    ``punkt``: the one point that is asked for; ``listed``: see ``c3``.
    """
    with reading(context.engine) as connection:
        change = find(connection, number, user)
        return None if change is None else _checked(context, connection, change, user, punkt, listed)


def rows(
    context: Context,
    call: Call,
    found: Checked,
    results: Sequence[Result],
    most: int | None = None,
    beside: Collection[int] = (),
) -> list[Row]:
    """Return the findings of some checks with their youths, at most so many of each, and log them as read.

    ``beside``: ids of youths that the answer is about beside them.
    """
    numbers_of = {held.person_id: held.forloeb.events[-1].cprnr for held in found.stock.held}
    by_event = {event.nummer: event.cprnr for held in found.stock.held for event in held.forloeb.events}
    shown = [
        Row(result, one, by_event.get(one.nummer or "", numbers_of.get(one.person_id or 0)))
        for result in results
        for one in result.findings[:most]
    ]
    persons = {row.finding.person_id for row in shown if row.finding.person_id is not None} | set(beside)
    if persons:
        with writing(context.engine) as connection:
            log_read(connection, call, persons, clause=A13 if found.stock.is_kommune else A12)
    return shown


def tick(
    context: Context, number: int, user: User, punkt: int, grund: str, seen: int | None = None
) -> tuple[PointState, str | None] | None:
    """Tick a point as it is now; return its state and why it was refused, if it was. None as ``find``.

    ``seen``: the findings that the user was shown; None: not known. The checks are run in the transaction that stores
    the tick. The same tick by the same user once more, as by a double click, adds nothing.
    """
    with writing(context.engine) as connection:
        change = find(connection, number, user)
        if change is None:
            return None
        one_statement_at_a_time(connection, change.institution_nummer)
        change = find(connection, number, user) or change
        state = state_of(_checked(context, connection, change, user, punkt), punkt)
        refused = refusal(state, grund, seen)
        if refused is None:
            wanted = tick_of(state, grund, user.bruger, user.rolle, user.now)
            if state.tick is None or replace(state.tick, tid=wanted.tid) != wanted:
                add_tick(connection, change, wanted)
        return state, refused


def fetch_numbers(context: Context, call: Call, number: int, user: User, nummer: str | None = None) -> Numbers | None:
    """Return the file of numbers, logged as read, and note on the checklist that it was fetched. None as ``find``.

    ``nummer``: only one institution's; then it is not noted.
    """
    with writing(context.engine) as connection:
        change = find(connection, number, user)
        if change is None:
            return None
        found = numbers(connection, change, nummer)
        if not found.too_many:
            log_read(connection, call, found.persons, clause=found.clause)
            if nummer is None:
                add_tick(connection, change, Tick(3, FETCHED, user.bruger, user.rolle, user.now, len(found.lines)))
        return found


def _checked(
    context: Context,
    connection: Connection,
    change: Change,
    user: User,
    punkt: int | None,
    listed: Collection[tuple[str, str]] = (),
) -> Checked:
    codes = context.codes.get(connection, read(connection, CODE_EDITION) or 0)
    return checked(
        connection,
        change,
        user.now.date(),
        codes,
        invented_cpr_allowed=context.settings.sandbox,
        listed=listed,
        judge_again=punkt is None or Check.REGLER in POINTS[punkt - 1].checks,
    )
