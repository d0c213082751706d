"""The residents with an open forloeb at a school, for one contact person for all of them (S0 4.1.1)."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection, select

from udb.access.clauses import home_youths
from udb.context import Context
from udb.domain.call import Call
from udb.hentning.fetch import HOME
from udb.hentning.fetch_call import FetchCall, carry_out
from udb.hentning.kommune.listed import LISTED, is_of_today
from udb.hentning.kommune.seen import Seen, see
from udb.store.engine import reading
from udb.store.tables import institution, person, ung_liste


def residents_at(context: Context, call: Call, skole: str, klasse: str | None, most: int) -> list[Seen] | None:
    """Return the residents with an open forloeb at an institution, in a class if one is named. They are found by the
    table of lists, and judged by what the look-up shows now; all are logged.

    None when they are more than ``most``: no one is shown then, and so no one is logged. Raises NoDataaftale,
    DatabaseUnavailable.
    """
    nothing: list[Seen] = []
    return carry_out(context, call, None, partial(_answer, skole=skole, klasse=klasse, most=most), lambda _: nothing)


def schools(context: Context, call: Call) -> list[tuple[str, str]]:
    """Return number and name of the main institutions where residents have an open forloeb, by name, as the table of
    lists has them. It names no one; so does the row of the read log.

    Raises NoDataaftale, DatabaseUnavailable.
    """
    nothing: list[tuple[str, str]] = []
    return carry_out(context, call, None, _schools, lambda _: nothing)


def _schools(fetch: FetchCall) -> list[tuple[str, str]]:
    connection, caller = fetch.connection, fetch.caller
    mine = (home_youths(caller), ung_liste.c.skoler.is_not(None), is_of_today(connection, caller))
    said = connection.execute(select(ung_liste.c.skoler).select_from(LISTED).where(*mine).distinct()).scalars()
    numbers = {number for one in said for number in one.split()}
    query = select(institution.c.nummer, institution.c.navn).where(institution.c.nummer.in_(sorted(numbers)))
    fetch.log([], clause=HOME)
    return sorted(((row.nummer, row.navn) for row in connection.execute(query)), key=lambda one: one[1])


def current_numbers(context: Context, persons: Sequence[int]) -> dict[int, str]:
    """Return the current CPR numbers of persons, for reports about them; nothing of it is shown."""
    with reading(context.engine) as connection:
        rows = connection.execute(select(person.c.id, person.c.cprnr).where(person.c.id.in_(persons)))
        return {row[0]: row[1] for row in rows}


def _answer(fetch: FetchCall, skole: str, klasse: str | None, most: int) -> list[Seen] | None:
    main = _main_of(fetch.connection, skole)
    query = (
        select(person.c.id)
        .join(ung_liste, ung_liste.c.person_id == person.c.id)
        .where(home_youths(fetch.caller), ung_liste.c.skoler.contains(f" {main} ", autoescape=True))
        .order_by(person.c.id)
    )
    numbers = list(fetch.connection.execute(query).scalars())
    seen = see(fetch.connection, fetch.caller, numbers, fetch.codes)
    here = (seen[one] for one in numbers if one in seen)
    found = [one for one in here if _goes_to(one, fetch, skole, main, klasse)]
    if len(found) > most:
        fetch.log([], clause=HOME)
        return None
    fetch.log([one.person_id for one in found], clause=HOME)
    return found


def _main_of(connection: Connection, nummer: str) -> str:
    query = select(institution.c.hovedinstitution).where(institution.c.nummer == nummer)
    return connection.execute(query).scalar() or nummer


def _goes_to(one: Seen, fetch: FetchCall, skole: str, main: str, klasse: str | None) -> bool:
    """Return whether an open forloeb is the institution's, or one of its departments' when it is the main one."""
    for course in one.courses:
        forloeb = course.forloeb
        if forloeb is None or not course.is_open(fetch.caller.today):
            continue
        latest = forloeb.events[-1]
        is_here = forloeb.key.hovedinstitution == main and skole in {main, latest.institution_nummer}
        if is_here and (klasse is None or (latest.klasse_navn or "").casefold() == klasse.casefold()):
            return True
    return False
