"""A resident's page: the look-up by CPR number and what follows from it, in one transaction with its read-log row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection, func, select

from udb.access.clauses import Recipient
from udb.context import Context
from udb.domain.bopael import UNKNOWN
from udb.domain.call import Call
from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import Kodesaet
from udb.domain.receipt import Fejl
from udb.hentning.answer import HaendelserUng
from udb.hentning.fetch import look_up
from udb.hentning.fetch_call import FetchCall, RefusedError, carry_out
from udb.hentning.kommune.seen import Seen, last_month, see
from udb.store import bopael as addresses
from udb.store.engine import reading
from udb.store.responsible import Responsible, responsible
from udb.store.tables import bopael, haendelse_raad, hentet, institution, person


@dataclass(frozen=True, slots=True)
class YouthPage:
    """A youth as the page shows it. ``svar``: the look-up's own answer. ``hentet``: when one of the kommune's systems
    first fetched an event; ``raad``: the codes of the advice it was accepted with; ``bosat_siden``: None when that is
    not known; ``maaned``: the last delivered month of eIndkomst;
    ``ansvarlige``: the functions that answer for the institutions' data, by number.
    """

    seen: Seen
    svar: HaendelserUng
    caller: Recipient
    hentet: Mapping[str, datetime]
    raad: Mapping[str, Sequence[str]]
    institutioner: Mapping[str, tuple[str, str]]
    bosat_siden: date | None
    maaned: date | None
    ansvarlige: Mapping[str, Responsible]
    now: datetime
    codes: Kodesaet


class Counted(Protocol):
    """Counts look-ups in their own transaction."""

    def before(self, connection: Connection) -> None:
        """Count one that is about to be made; what it raises ends the look-up."""

    def after(self, connection: Connection, *, found: bool) -> None:
        """Count what became of it."""


def find(context: Context, call: Call, cprnr: str, counted: Counted | None = None) -> YouthPage | None:
    """Return the page of the youth with a current CPR number; None when it cannot be looked up.

    A refusal takes the time of every other. Raises NoDataaftale, DatabaseUnavailable, and what ``counted`` raises.
    """
    answer = partial(_answer, cprnr=cprnr)
    return carry_out(context, call, cprnr, answer if counted is None else partial(_counted, counted, answer), _refused)


def show(context: Context, call: Call, person_id: int) -> YouthPage | None:
    """Return the page of a youth that was found before; None when it can no longer be looked up.

    Raises NoDataaftale, DatabaseUnavailable.
    """
    with reading(context.engine) as connection:
        cprnr = connection.execute(select(person.c.cprnr).where(person.c.id == person_id)).scalar() or ""
    return find(context, call, cprnr)


def _counted(counted: Counted, answer: Callable[[FetchCall], YouthPage], fetch: FetchCall) -> YouthPage:
    counted.before(fetch.connection)
    try:
        found = answer(fetch)
    except RefusedError:
        counted.after(fetch.connection, found=False)
        raise
    counted.after(fetch.connection, found=True)
    return found


def _refused(_: tuple[Fejl, ...]) -> YouthPage | None:
    return None


def _answer(fetch: FetchCall, cprnr: str) -> YouthPage:
    number, svar = look_up(fetch, cprnr)
    connection, caller = fetch.connection, fetch.caller
    seen = see(connection, caller, [number], fetch.codes).get(number)
    if seen is None:
        # A register has moved the youth since the look-up's own query.
        raise RefusedError("8002")
    shown = [one.nummer for one in seen.events]
    institutions = _institutions(connection, seen.events, svar.haendelser_ung[0])
    return YouthPage(
        seen,
        svar.haendelser_ung[0],
        caller,
        _fetched(connection, caller, shown),
        _advice(connection, shown),
        institutions,
        _resident_since(connection, number, caller.today),
        last_month(connection, caller.today),
        responsible(connection, caller.today, {caller.institution_nummer, *institutions}),
        fetch.now,
        fetch.codes,
    )


def _fetched(connection: Connection, caller: Recipient, numbers: Sequence[str]) -> dict[str, datetime]:
    first = func.min(hentet.c.hentet_tid)
    query = select(hentet.c.nummer, first).where(
        hentet.c.nummer.in_(numbers), hentet.c.modtager == caller.institution_nummer
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(hentet.c.nummer))}


def _advice(connection: Connection, numbers: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    query = select(haendelse_raad.c.nummer, haendelse_raad.c.fejl_kode).where(haendelse_raad.c.nummer.in_(numbers))
    for nummer, code in connection.execute(query.order_by(haendelse_raad.c.fejl_kode)):
        found.setdefault(nummer, []).append(code)
    return found


def _institutions(
    connection: Connection, events: Sequence[Haendelse], svar: HaendelserUng
) -> dict[str, tuple[str, str]]:
    """Return name and main institution of every institution that the page names, by number."""
    numbers: set[Any] = {one.institution_nummer for one in events}
    numbers |= {one.institution_nummer for one in svar.institution_kontakt}
    numbers |= {one.kommune_institution_nummer for one in svar.kontakt_job_og_uddannelsesonsker}
    query = select(institution.c.nummer, institution.c.navn, institution.c.hovedinstitution)
    return {row[0]: (row[1], row[2]) for row in connection.execute(query.where(institution.c.nummer.in_(numbers)))}


def _resident_since(connection: Connection, person_id: int, today: date) -> date | None:
    query = select(bopael.c.fra).where(bopael.c.person_id == person_id, addresses.on(today))
    found = connection.execute(query).scalar()
    return None if found == UNKNOWN else found
