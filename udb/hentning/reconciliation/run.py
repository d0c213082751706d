"""Reconcile a list: read, compare, log who was matched, then answer. Nothing of the file or the result is stored."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, select

from udb.access import own_registrations, own_reports
from udb.access.clauses import Recipient
from udb.access.constant_time import beginning, wait_for_step
from udb.callers.admission import admit
from udb.context import Context
from udb.domain.call import Call
from udb.domain.clock import add_years
from udb.domain.errors import UnknownName
from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import Institution
from udb.hentning.reconciliation.compare import compare
from udb.hentning.reconciliation.dry_run import Bench, dry_run
from udb.hentning.reconciliation.file import ListFile
from udb.hentning.reconciliation.kinds import Hvad, theirs
from udb.hentning.reconciliation.marks import Resultat
from udb.hentning.reconciliation.ours import Asked, Place
from udb.hentning.reconciliation.stored import in_scope, known, stored
from udb.readlog.entries import NO_PERSON, log_read
from udb.store.engine import reading, writing
from udb.store.persons import INSTITUTION_COLUMNS
from udb.store.state import CODE_EDITION, SANDBOX_CLOCK, domain_now, read
from udb.store.tables import institution

STEP: Final = 0.25
"""A comparison ends a whole number of these steps, in seconds, after it began: the time to find no one and the time to
find a stranger differ by a hundredth of one for each thousand rows.
"""
Log = Callable[[Connection, Collection[int], str | None], None]
"""Log the youths of an answer, with the clause that gave them."""


@dataclass(frozen=True, slots=True)
class Here:
    """The caller of a comparison, with the day and the codes it is made by."""

    place: Place
    caller: Recipient
    institution: Institution
    now: datetime
    codes: Kodesaet

    @property
    def clause(self) -> str:
        """The clause that the answer is by."""
        return own_registrations.CLAUSE if self.place.is_kommune else own_reports.CLAUSE


def reconcile(
    context: Context, call: Call, hvad: Hvad, found: ListFile, dag: date | None, fra: date | None, til: date | None
) -> Resultat:
    """Return the result of a person's list. ``dag``, ``fra``, ``til``: None for today, a year before, and today.

    A kommune needs the agreement of the look-up. Raises NoDataaftale, UnknownName, DatabaseUnavailable.
    """

    def log(connection: Connection, persons: Collection[int], clause: str | None) -> None:
        log_read(connection, call, persons, clause=clause)

    return reconciled(context, call.institution_nummer, hvad, found, (dag, fra, til), log, call)


def reconciled(
    context: Context,
    nummer: str,
    hvad: Hvad,
    found: ListFile,
    days: tuple[date | None, date | None, date | None],
    log: Log,
    call: Call | None = None,
) -> Resultat:
    """Do as ``reconcile``; without a call for an operator, who needs no agreement."""
    began = beginning()
    rows = [theirs(one, hvad) for one in found.rows]
    with reading(context.engine) as connection:
        here = here_of(connection, context, nummer, call)
        today = here.now.date()
        dag, fra, til = days
        asked = Asked(hvad, dag or today, fra or _a_year_before(til or today), til or today)
        numbers = {one.cprnr for one in rows if one.fejl is None}
        matched = known(connection, here.caller, here.place, numbers)
        people = {one.id: one for one in matched.values()}
        own = dict.fromkeys(in_scope(connection, here.caller, asked, here.place) - people.keys())
        read_of = stored(connection, asked, here.place, {**people, **own}, people.keys())
    bench = Bench(hvad, here.institution, here.codes, today, context.settings.sandbox)
    by_number = {number: read_of[one.id] for number, one in matched.items() if one.id in read_of}
    result = compare(rows, found.kolonner, by_number, read_of.values(), asked, here.place, dry_run(bench), here.now)
    with writing(context.engine) as connection:
        log(connection, result.persons or [NO_PERSON], here.clause if result.persons else None)
    wait_for_step(began, STEP)
    return result


def here_of(connection: Connection, context: Context, nummer: str, call: Call | None) -> Here:
    """Return the caller by today's register. Raises UnknownName for a number that is in none, NoDataaftale."""
    row = connection.execute(select(*INSTITUTION_COLUMNS).where(institution.c.nummer == nummer)).one_or_none()
    if row is None:
        raise UnknownName(f"There is no institution {nummer}.")
    found = Institution(*row)
    is_kommune = found.kommunekode is not None
    if is_kommune and call is not None:
        admission = admit(connection, call, context.settings)
        now, edition = admission.now, admission.edition
    else:
        clock = read(connection, SANDBOX_CLOCK) if context.settings.sandbox else None
        now, edition = domain_now(clock), read(connection, CODE_EDITION) or 0
    under = select(institution.c.nummer).where(institution.c.hovedinstitution == found.hovedinstitution)
    # The schools of a kommune may have its number as their main institution: what they report is not the kommune's.
    numre = {nummer} if is_kommune else set(connection.execute(under).scalars())
    place = Place(nummer, found.hovedinstitution, frozenset(numre), is_kommune)
    caller = Recipient(nummer, now.date(), found.kommunekode, found.hovedinstitution)
    return Here(place, caller, found, now, context.codes.get(connection, edition))


def _a_year_before(day: date) -> date:
    # Of the year 1 there is no year before.
    return add_years(day, -1) if day.year > date.min.year else date.min
