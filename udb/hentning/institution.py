"""Look-ups of one youth by institutions (contract 5.2), within A11.

They return whether the youth has an uddannelsespålæg, or whether the conditions of a grant are fulfilled.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final, Protocol

from sqlalchemy import ColumnElement, select

from udb.access.clauses import a11_ended, a11_open
from udb.access.contacts import jobcenter_kontakt
from udb.beskaeftigelse.lookup import months_of
from udb.context import Context
from udb.domain import henvisning, udslusning
from udb.domain.call import Call
from udb.domain.clock import midnight
from udb.domain.contacts import Kontakt
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, Haendelse
from udb.domain.receipt import Fejl
from udb.domain.registered import ended_at, open_at, registered_before
from udb.domain.tilskud import Judgement
from udb.domain.udslusning import fgu_formaal
from udb.hentning.fetch_call import FetchCall, RefusedError, carry_out
from udb.store.abonnement import active_since
from udb.store.events import events_by_person
from udb.store.locks import lock_persons
from udb.store.looked_up import note_look_up
from udb.store.tables import person

CLAUSE: Final = "A11"
"""The clause that grants access, as the read log names it."""


class YouthRequest(Protocol):
    """The payload of a look-up."""

    cprnr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaalaegSvar:
    """Either ``fejl`` and nothing else, or whether the youth has an uddannelsespålæg."""

    fejl: tuple[Fejl, ...] = ()
    har_uddannelsespaalaeg: bool | None = None
    siden: datetime | None = None
    jobcenter_kontakt: Kontakt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TilskudSvar:
    """Either ``fejl`` and nothing else, or whether the conditions hold.

    ``grundlag``: what fulfils those of the udslusningstilskud.
    """

    fejl: tuple[Fejl, ...] = ()
    opfyldt: bool | None = None
    grundlag: str | None = None


def hent_uddannelsespaalaeg(context: Context, call: Call, request: YouthRequest) -> PaalaegSvar:
    """Return whether a youth has an uddannelsespålæg, and since when. Raises NoDataaftale, DatabaseUnavailable."""
    answer = partial(_paalaeg, cprnr=request.cprnr)
    return carry_out(context, call, request.cprnr, answer, lambda fejl: PaalaegSvar(fejl=fejl))


def hent_udslusningstilskud(context: Context, call: Call, request: YouthRequest) -> TilskudSvar:
    """Return whether education or work followed an FGU course (V 6.1). Raises NoDataaftale, DatabaseUnavailable."""
    answer = partial(_judged, cprnr=request.cprnr, ended=_completed_fgu, otherwise="8101", judge=_udslusning)
    return carry_out(context, call, request.cprnr, answer, lambda fejl: TilskudSvar(fejl=fejl))


def hent_status_henvisning(context: Context, call: Call, request: YouthRequest) -> TilskudSvar:
    """Return whether a pupil who left is on an EUD six months later. Raises NoDataaftale, DatabaseUnavailable."""
    answer = partial(_judged, cprnr=request.cprnr, ended=_left_gymnasial, otherwise="8201", judge=_henvisning)
    return carry_out(context, call, request.cprnr, answer, lambda fejl: TilskudSvar(fejl=fejl))


def _found(fetch: FetchCall, cprnr: str, access: ColumnElement[bool], otherwise: str) -> int:
    """Return the id of the youth with this current number, if the caller has access. Raises RefusedError otherwise."""
    query = select(person.c.id).where(person.c.cprnr == cprnr, access)
    row = fetch.connection.execute(query).one_or_none()
    if row is not None:
        # A cancellation may have come between: what opens the look-up is noted, and must not be cancelled before.
        lock_persons(fetch.connection, [row.id])
        row = fetch.connection.execute(query).one_or_none()
    if row is None:
        raise RefusedError(otherwise)
    return int(row.id)


def _paalaeg(fetch: FetchCall, cprnr: str) -> PaalaegSvar:
    before = registered_before(fetch.caller.today, fetch.settings.dage_foer_opslag)
    youth = _found(fetch, cprnr, a11_open(fetch.caller, before), "8301")
    events = events_by_person(fetch.connection, [youth])[youth]
    _note(fetch, open_at(all_forloeb(events), fetch.hovedinstitution, events, before))
    since = active_since(fetch.connection, youth, fetch.caller.today)
    fetch.log([youth], clause=CLAUSE)
    if since is None:
        return PaalaegSvar(har_uddannelsespaalaeg=False)
    contact = jobcenter_kontakt(fetch.connection, youth)
    return PaalaegSvar(har_uddannelsespaalaeg=True, siden=midnight(since), jobcenter_kontakt=contact)


def _note(fetch: FetchCall, courses: Iterable[Forloeb]) -> None:
    note_look_up(fetch.connection, fetch.call, courses, fetch.now)


Judge = Callable[[FetchCall, int, Sequence[Haendelse]], Judgement]
Ended = Callable[[FetchCall], tuple[int, Collection[str]]]
"""A function that returns the status and the CØSA formål of the courses that open a look-up."""


def _judged(fetch: FetchCall, cprnr: str, ended: Ended, otherwise: str, judge: Judge) -> TilskudSvar:
    status, formaal = ended(fetch)
    youth = _found(fetch, cprnr, a11_ended(fetch.caller, status, formaal, _before(fetch)), otherwise)
    events = events_by_person(fetch.connection, [youth])[youth]
    # Before the judgement: its refusals too say something of the youth.
    opened = ended_at(events, fetch.hovedinstitution, status, formaal, _before(fetch))
    _note(fetch, [course for course, _ in opened])
    found = judge(fetch, youth, events)
    if found.refused is not None:
        raise RefusedError(found.refused)
    fetch.log([youth], clause=CLAUSE)
    return TilskudSvar(opfyldt=found.opfyldt, grundlag=found.grundlag and found.grundlag.value)


def _completed_fgu(fetch: FetchCall) -> tuple[int, Collection[str]]:
    return GENNEMFOERT, fgu_formaal(fetch.codes)


def _left_gymnasial(_fetch: FetchCall) -> tuple[int, Collection[str]]:
    return AFBRUDT, henvisning.GYMNASIAL_FORMAAL


def _before(fetch: FetchCall) -> datetime | None:
    return registered_before(fetch.caller.today, fetch.settings.dage_foer_tilskud)


def _udslusning(fetch: FetchCall, youth: int, events: Sequence[Haendelse]) -> Judgement:
    course = udslusning.latest_course(events, fetch.hovedinstitution, fetch.codes, _before(fetch))
    worked = _worked(fetch, youth, course.months if course else ())
    return udslusning.judge(course, events, worked, fetch.codes, fetch.caller.today)


def _worked(fetch: FetchCall, youth: int, months: Collection[date]) -> dict[date, bool]:
    """Return, for each month known today, by its first day, whether the youth worked 20 hours a week."""
    known = months_of(fetch.connection, youth, months)
    return {
        month.last_day.replace(day=1): month.twenty_hours
        for month in known
        if month.in_population and month.leveret is not None and month.leveret <= fetch.caller.today
    }


def _henvisning(fetch: FetchCall, _youth: int, events: Sequence[Haendelse]) -> Judgement:
    afbrud = henvisning.latest_afbrud(events, fetch.hovedinstitution, _before(fetch))
    return henvisning.judge(afbrud, events, fetch.codes, fetch.caller.today)
