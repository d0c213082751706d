"""HentHaendelser (contract 5.1): one transaction picks the page through the access filter, marks it and writes the read
log; only then is it answered.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy import Connection, and_, not_, select

from udb.adgang.admission import Admission, admit
from udb.call import Call
from udb.hentning import feed
from udb.hentning.access import Kommune, home_events, home_youths
from udb.hentning.answer import HaendelserSvar
from udb.hentning.contacts import with_contacts
from udb.hentning.present import present, youths
from udb.hentning.refusals import refusal
from udb.house import House
from udb.identifiers import is_event_number
from udb.kodesaet import INSTITUTIONSTYPER, Kodesaet
from udb.log.read_log import log_read
from udb.store.engine import writing
from udb.store.tables import haendelse, person

HOME_CLAUSE: Final = "A1"
"""What the read log says gave access."""


class Request(Protocol):
    """The payload of HentHaendelser; no criterion means all that is new."""

    haendelse_nummer: str | None
    cprnr: str | None


class _RefusedError(Exception):
    def __init__(self, code: str) -> None:
        self.code = code


@dataclass(frozen=True, slots=True)
class _Fetch:
    connection: Connection
    call: Call
    caller: Kommune
    codes: Kodesaet
    page_size: int


def hent_haendelser(house: House, call: Call, request: Request) -> HaendelserSvar:
    """Answer a kommune. What is given and the read log are committed when this returns.

    Raises NoDataaftale, DatabaseUnavailable.
    """
    with writing(house.engine) as connection:
        admission = admit(connection, call, sandbox=house.settings.sandbox)
        codes = house.codes.get(connection, admission.edition)
        try:
            caller = _caller(call, admission, codes)
            return _answer(_Fetch(connection, call, caller, codes, house.settings.sidestoerrelse), request)
        except _RefusedError as refused:
            log_read(connection, call, [], clause=None)
            return HaendelserSvar(fejl=(refusal(refused.code),))


def _caller(call: Call, admission: Admission, codes: Kodesaet) -> Kommune:
    kommune, today = admission.institution, admission.now.date()
    if kommune is None or not kommune.in_register:
        raise _RefusedError("2001")
    row = codes.on(INSTITUTIONSTYPER, kommune.type3, today)
    if row is None or call.service not in row.text("tjenester").split() or kommune.kommunekode is None:
        raise _RefusedError("2003")
    return Kommune(kommune.kommunekode, today)


def _answer(fetch: _Fetch, request: Request) -> HaendelserSvar:
    if request.haendelse_nummer is not None and request.cprnr is not None:
        raise _RefusedError("8003")
    if request.haendelse_nummer is not None:
        return _by_number(fetch, request.haendelse_nummer)
    if request.cprnr is not None:
        return _look_up(fetch, request.cprnr)
    return _all_new(fetch)


def _by_number(fetch: _Fetch, nummer: str) -> HaendelserSvar:
    if not is_event_number(nummer):
        raise _RefusedError("8001")
    page = feed.pick(fetch.connection, and_(home_events(fetch.caller), feed.after(nummer)), fetch.page_size)
    if nummer > page.committed:
        raise _RefusedError("8001")
    return _page(fetch, page, scanned=page.last if page.more else page.committed)


def _look_up(fetch: _Fetch, cprnr: str) -> HaendelserSvar:
    found = fetch.connection.execute(
        select(person.c.id).where(person.c.cprnr == cprnr, home_youths(fetch.caller))
    ).scalar_one_or_none()
    if found is None:
        raise _RefusedError("8002")
    seen = and_(haendelse.c.person_id == found, home_events(fetch.caller), not_(haendelse.c.annullering))
    page = feed.pick(fetch.connection, seen)
    log_read(fetch.connection, fetch.call, [found], clause=HOME_CLAUSE, first=page.first, last=page.last)
    (ung,) = youths(fetch.connection, {found: cprnr}, {found: page.events}, fetch.codes, fetch.caller.today)
    ung = with_contacts(fetch.connection, ung, found, fetch.call.institution_nummer)
    return HaendelserSvar(findes_flere_haendelser=False, hoejeste_haendelse_nummer=page.last, haendelser_ung=(ung,))


def _all_new(fetch: _Fetch) -> HaendelserSvar:
    feed.lock_position(fetch.connection, fetch.call)
    wanted = and_(home_events(fetch.caller), feed.new_to(fetch.call))
    return _page(fetch, feed.pick(fetch.connection, wanted, fetch.page_size), scanned=None)


def _page(fetch: _Fetch, page: feed.Page, *, scanned: str | None) -> HaendelserSvar:
    """``scanned``: the cursor of a fetch by number; None for one without criterion, which alone marks as given."""
    feed.mark_fetched(fetch.connection, fetch.call, page, given=scanned is None)
    persons = {item.person_id for item in page.given}
    log_read(fetch.connection, fetch.call, persons, clause=HOME_CLAUSE, first=page.first, last=page.last)
    return HaendelserSvar(
        findes_flere_haendelser=page.more,
        hoejeste_haendelse_nummer=scanned or page.last,
        haendelser_ung=present(fetch.connection, page.given, fetch.codes, fetch.caller.today),
    )
