"""HentHaendelser and HentHaendelserDFDG (contract 5): one transaction picks the page through the access filter, marks
it and writes the read log; only then is it answered.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

from sqlalchemy import ColumnElement, Connection, and_, false, select

from udb.adgang.admission import Admission, admit
from udb.call import Call, Delivery
from udb.errors import DatabaseUnavailable
from udb.hentning import feed, keys
from udb.hentning.access import Recipient, a1_home_kommune, feed_events, home_youths, look_up_events
from udb.hentning.answer import HaendelserSvar
from udb.hentning.contacts import with_contacts
from udb.hentning.present import ChangedMeanwhileError, Youth, present, youths
from udb.hentning.refusals import refusal
from udb.house import House
from udb.identifiers import is_event_number
from udb.kodesaet import INSTITUTIONSTYPER, Kodesaet
from udb.log.read_log import log_read
from udb.services import DATA_TIL_KOMMUNE
from udb.settings import Settings
from udb.store.engine import writing
from udb.store.persons import find_person
from udb.store.tables import haendelse, person

HOME, SCHOOL, DFDG = "A1", "A2", "A10"
"""What the read log says gave access."""

ATTEMPTS: Final = 10
"""How often a fetch begins anew when the events it has picked change under it."""

_Answer = HaendelserSvar | Delivery


class Request(Protocol):
    """The payload: a number or nothing, which means all that is new."""

    haendelse_nummer: str | None


class KommuneRequest(Request, Protocol):
    """The payload of a kommune, which may also look up a youth."""

    cprnr: str | None


class _RefusedError(Exception):
    def __init__(self, code: str) -> None:
        self.code = code


@dataclass(frozen=True, slots=True)
class _Fetch:
    house: House
    connection: Connection
    call: Call
    caller: Recipient
    codes: Kodesaet

    @property
    def settings(self) -> Settings:
        return self.house.settings

    @property
    def home(self) -> ColumnElement[bool]:
        """Whether the caller is the youth's home kommune."""
        return false() if self.caller.kommunekode is None else a1_home_kommune(self.caller)


def hent_haendelser(house: House, call: Call, request: KommuneRequest) -> _Answer:
    """Answer a kommune. What is given and the read log are committed when this returns.

    A page of new events is taken back when it cannot be handed over. Raises NoDataaftale, DatabaseUnavailable.
    """
    return _fetched(house, call, request.haendelse_nummer, request.cprnr)


def hent_haendelser_dfdg(house: House, call: Call, request: Request) -> _Answer:
    """Answer DFDG (A10), by the same feed. Raises NoDataaftale, DatabaseUnavailable."""
    return _fetched(house, call, request.haendelse_nummer, None)


def _fetched(house: House, call: Call, nummer: str | None, cprnr: str | None) -> _Answer:
    for _ in range(ATTEMPTS):
        try:
            return _once(house, call, nummer, cprnr)
        except ChangedMeanwhileError:
            # Nothing was marked or logged: the transaction is undone, and the next one sees what has changed.
            continue
    raise DatabaseUnavailable


def _once(house: House, call: Call, nummer: str | None, cprnr: str | None) -> _Answer:
    with writing(house.engine) as connection:
        admission = admit(connection, call, sandbox=house.settings.sandbox)
        codes = house.codes.get(connection, admission.edition)
        try:
            fetch = _Fetch(house, connection, call, _caller(call, admission, codes), codes)
            return _answer(fetch, nummer, cprnr)
        except _RefusedError as refused:
            sought = find_person(connection, cprnr) if cprnr is not None else None
            log_read(connection, call, [sought.id] if sought else [], clause=None)
            return HaendelserSvar(fejl=(refusal(refused.code),))


def _caller(call: Call, admission: Admission, codes: Kodesaet) -> Recipient:
    found, today = admission.institution, admission.now.date()
    if found is None or not found.in_register:
        raise _RefusedError("2001")
    row = codes.on(INSTITUTIONSTYPER, found.type3, today)
    may_use = row is not None and call.service in row.text("tjenester").split()
    if not may_use or (call.service == DATA_TIL_KOMMUNE and found.kommunekode is None):
        raise _RefusedError("2003")
    return Recipient(found.nummer, today, found.kommunekode if call.service == DATA_TIL_KOMMUNE else None)


def _answer(fetch: _Fetch, nummer: str | None, cprnr: str | None) -> _Answer:
    if nummer is not None and cprnr is not None:
        raise _RefusedError("8003")
    if nummer is not None:
        return _by_number(fetch, nummer)
    return _all_new(fetch) if cprnr is None else _look_up(fetch, cprnr)


def _by_number(fetch: _Fetch, nummer: str) -> HaendelserSvar:
    if not is_event_number(nummer):
        raise _RefusedError("8001")
    page = _page(fetch, feed.after(nummer))
    if nummer > page.committed:
        raise _RefusedError("8001")
    feed.mark_fetched(fetch.connection, fetch.call, page, given=False)
    return _told(fetch, page, more=page.more, highest=page.last if page.more else page.committed)


def _page(fetch: _Fetch, wanted: ColumnElement[bool]) -> feed.Page:
    condition = and_(feed_events(fetch.caller), wanted)
    return feed.pick(fetch.connection, condition, fetch.home, fetch.settings.sidestoerrelse)


def _look_up(fetch: _Fetch, cprnr: str) -> HaendelserSvar:
    found = fetch.connection.execute(
        select(person.c.id, person.c.turns_25).where(person.c.cprnr == cprnr, home_youths(fetch.caller))
    ).one_or_none()
    if found is None:
        raise _RefusedError("8002")
    seen = and_(haendelse.c.person_id == found.id, look_up_events(fetch.caller))
    page = feed.pick(fetch.connection, seen, fetch.home)
    log_read(fetch.connection, fetch.call, [found.id], clause=HOME, first=page.first, last=page.last)
    youth = Youth(found.id, cprnr, found.turns_25, home=True)
    (ung,) = youths(fetch.connection, {youth: page.events}, fetch.codes, fetch.caller.today)
    ung = with_contacts(fetch.connection, ung, found.id, fetch.call.institution_nummer)
    return HaendelserSvar(findes_flere_haendelser=False, hoejeste_haendelse_nummer=page.last, haendelser_ung=(ung,))


def _all_new(fetch: _Fetch) -> _Answer:
    today = fetch.caller.today
    before = feed.lock_position(fetch.connection, fetch.call, today)
    kept = keys.kept_page(fetch.connection, fetch.call, timedelta(hours=fetch.settings.side_levetid))
    if kept is not None:
        still_seen = and_(feed_events(fetch.caller), haendelse.c.nummer.in_(kept.numre))
        page = feed.pick(fetch.connection, still_seen, fetch.home)
        return _told(fetch, page, more=kept.flere, highest=kept.hoejeste)
    if keys.is_used(fetch.connection, fetch.call):
        raise _RefusedError("8004")
    page = _page(fetch, feed.new_to(fetch.call, before, today))
    feed.mark_fetched(fetch.connection, fetch.call, page, given=True)
    feed.move_position(fetch.connection, fetch.call, feed.after_page(before, page, today))
    keys.keep_page(fetch.connection, fetch.call, page)
    answer = _told(fetch, page, more=page.more, highest=page.last)
    return Delivery(payload=answer, broken=partial(_take_back, fetch.house, fetch.call, page, before))


def _take_back(house: House, call: Call, page: feed.Page, before: feed.Position) -> None:
    with writing(house.engine) as connection:
        feed.take_back(connection, call, page, before)
        keys.forget_page(connection, call)


def _told(fetch: _Fetch, page: feed.Page, *, more: bool, highest: str | None) -> HaendelserSvar:
    """The answer with a page, logged as read."""
    persons = {item.youth.id for item in page.given}
    log_read(fetch.connection, fetch.call, persons, clause=_clause(fetch, page), first=page.first, last=page.last)
    return HaendelserSvar(
        findes_flere_haendelser=more,
        hoejeste_haendelse_nummer=highest,
        haendelser_ung=present(fetch.connection, page.given, fetch.codes, fetch.caller.today),
    )


def _clause(fetch: _Fetch, page: feed.Page) -> str:
    """What gave access to a page; of an empty one, what would have."""
    if fetch.caller.kommunekode is None:
        return DFDG
    return " ".join(sorted({HOME if item.youth.home else SCHOOL for item in page.given})) or HOME
