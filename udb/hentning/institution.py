"""What institutions may ask of one youth (contract 5.2), within A11: is there an uddannelsespålæg, are the conditions
of a grant fulfilled?
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final, Protocol

from sqlalchemy import ColumnElement, select

from udb.beskaeftigelse.opslag import months_of
from udb.call import Call
from udb.clock import midnight
from udb.haendelse import AFBRUDT, GENNEMFOERT, Haendelse
from udb.hentning.access import a11_ended, a11_open
from udb.hentning.answer import Kontakt
from udb.hentning.asking import Asking, RefusedError, asked
from udb.hentning.contacts import jobcenter_kontakt
from udb.house import House
from udb.receipt import Fejl
from udb.store.events import events_by_person
from udb.store.tables import abonnement, person
from udb.tilskud import henvisning, udslusning
from udb.tilskud.answer import Judgement
from udb.tilskud.udslusning import fgu_formaal

CLAUSE: Final = "A11"
"""What the read log says gave access."""


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
    """Either ``fejl`` and nothing else, or whether the conditions hold. ``grundlag``: of the udslusningstilskud."""

    fejl: tuple[Fejl, ...] = ()
    opfyldt: bool | None = None
    grundlag: str | None = None


def hent_uddannelsespaalaeg(house: House, call: Call, request: YouthRequest) -> PaalaegSvar:
    """Whether a youth has an uddannelsespålæg, and since when. Raises NoDataaftale, DatabaseUnavailable."""
    answer = partial(_paalaeg, cprnr=request.cprnr)
    return asked(house, call, request.cprnr, answer, lambda fejl: PaalaegSvar(fejl=fejl))


def hent_udslusningstilskud(house: House, call: Call, request: YouthRequest) -> TilskudSvar:
    """Whether education or work followed an FGU course (V 6.1). Raises NoDataaftale, DatabaseUnavailable."""
    answer = partial(_judged, cprnr=request.cprnr, access=_completed_fgu, otherwise="8101", judge=_udslusning)
    return asked(house, call, request.cprnr, answer, lambda fejl: TilskudSvar(fejl=fejl))


def hent_status_henvisning(house: House, call: Call, request: YouthRequest) -> TilskudSvar:
    """Whether a pupil who left is on an EUD six months later. Raises NoDataaftale, DatabaseUnavailable."""
    answer = partial(_judged, cprnr=request.cprnr, access=_left_gymnasial, otherwise="8201", judge=_henvisning)
    return asked(house, call, request.cprnr, answer, lambda fejl: TilskudSvar(fejl=fejl))


def _found(asking: Asking, cprnr: str, access: ColumnElement[bool], otherwise: str) -> int:
    """The id of the youth with a current number whom the caller has access to. Raises RefusedError otherwise."""
    query = select(person.c.id).where(person.c.cprnr == cprnr, access)
    row = asking.connection.execute(query).one_or_none()
    if row is None:
        raise RefusedError(otherwise)
    return int(row.id)


def _paalaeg(asking: Asking, cprnr: str) -> PaalaegSvar:
    youth = _found(asking, cprnr, a11_open(asking.caller), "8301")
    query = select(abonnement.c.startdato).where(abonnement.c.person_id == youth)
    since = asking.connection.execute(query).scalar_one_or_none()
    asking.log([youth], clause=CLAUSE)
    if since is None:
        return PaalaegSvar(har_uddannelsespaalaeg=False)
    contact = jobcenter_kontakt(asking.connection, youth)
    return PaalaegSvar(har_uddannelsespaalaeg=True, siden=midnight(since), jobcenter_kontakt=contact)


Judge = Callable[[Asking, int, Sequence[Haendelse]], Judgement]


def _judged(
    asking: Asking, cprnr: str, access: Callable[[Asking], ColumnElement[bool]], otherwise: str, judge: Judge
) -> TilskudSvar:
    youth = _found(asking, cprnr, access(asking), otherwise)
    found = judge(asking, youth, events_by_person(asking.connection, [youth])[youth])
    if found.refused is not None:
        raise RefusedError(found.refused)
    asking.log([youth], clause=CLAUSE)
    return TilskudSvar(opfyldt=found.opfyldt, grundlag=found.grundlag and found.grundlag.value)


def _completed_fgu(asking: Asking) -> ColumnElement[bool]:
    return a11_ended(asking.caller, GENNEMFOERT, fgu_formaal(asking.codes))


def _left_gymnasial(asking: Asking) -> ColumnElement[bool]:
    return a11_ended(asking.caller, AFBRUDT, henvisning.GYMNASIAL_FORMAAL)


def _udslusning(asking: Asking, youth: int, events: Sequence[Haendelse]) -> Judgement:
    course = udslusning.latest_course(events, asking.hovedinstitution, asking.codes)
    worked = _worked(asking, youth, course.months if course else ())
    return udslusning.judge(course, events, worked, asking.codes, asking.caller.today)


def _worked(asking: Asking, youth: int, months: Collection[date]) -> dict[date, bool]:
    """Of the months that are known today, by their first days, whether the youth worked 20 hours a week."""
    known = months_of(asking.connection, youth, months)
    return {
        month.last_day.replace(day=1): month.twenty_hours
        for month in known
        if month.in_population and month.leveret is not None and month.leveret <= asking.caller.today
    }


def _henvisning(asking: Asking, _youth: int, events: Sequence[Haendelse]) -> Judgement:
    afbrud = henvisning.latest_afbrud(events, asking.hovedinstitution)
    return henvisning.judge(afbrud, events, asking.codes, asking.caller.today)
