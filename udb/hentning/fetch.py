"""HentHaendelser (contract 5.1): one transaction picks the page through the access filter, marks it and writes the read
log; only then is it answered.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

from sqlalchemy import Connection, and_, not_, select

from udb.adgang.admission import Admission, admit
from udb.call import Call, Delivery
from udb.hentning import feed, keys
from udb.hentning.access import Kommune, home_events, home_youths
from udb.hentning.answer import HaendelserSvar
from udb.hentning.contacts import with_contacts
from udb.hentning.present import Youth, present, youths
from udb.hentning.refusals import refusal
from udb.house import House
from udb.identifiers import is_event_number
from udb.kodesaet import INSTITUTIONSTYPER, Kodesaet
from udb.log.read_log import log_read
from udb.settings import Settings
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
    settings: Settings


def hent_haendelser(house: House, call: Call, request: Request) -> HaendelserSvar | Delivery:
    """Answer a kommune. What is given and the read log are committed when this returns.

    A page of new events is taken back when it cannot be handed over. Raises NoDataaftale, DatabaseUnavailable.
    """
    with writing(house.engine) as connection:
        admission = admit(connection, call, sandbox=house.settings.sandbox)
        codes = house.codes.get(connection, admission.edition)
        try:
            fetch = _Fetch(connection, call, _caller(call, admission, codes), codes, house.settings)
            return _answer(house, fetch, request)
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
    return Kommune(kommune.kommunekode, kommune.nummer, today)


def _answer(house: House, fetch: _Fetch, request: Request) -> HaendelserSvar | Delivery:
    if request.haendelse_nummer is not None and request.cprnr is not None:
        raise _RefusedError("8003")
    if request.haendelse_nummer is not None:
        return _by_number(fetch, request.haendelse_nummer)
    if request.cprnr is not None:
        return _look_up(fetch, request.cprnr)
    return _all_new(house, fetch)


def _by_number(fetch: _Fetch, nummer: str) -> HaendelserSvar:
    if not is_event_number(nummer):
        raise _RefusedError("8001")
    page = feed.pick(
        fetch.connection, and_(home_events(fetch.caller), feed.after(nummer)), fetch.settings.sidestoerrelse
    )
    if nummer > page.committed:
        raise _RefusedError("8001")
    feed.mark_fetched(fetch.connection, fetch.call, page, given=False)
    return _told(fetch, page, more=page.more, highest=page.last if page.more else page.committed)


def _look_up(fetch: _Fetch, cprnr: str) -> HaendelserSvar:
    found = fetch.connection.execute(
        select(person.c.id, person.c.turns_25).where(person.c.cprnr == cprnr, home_youths(fetch.caller))
    ).one_or_none()
    if found is None:
        raise _RefusedError("8002")
    seen = and_(haendelse.c.person_id == found.id, home_events(fetch.caller), not_(haendelse.c.annullering))
    page = feed.pick(fetch.connection, seen)
    log_read(fetch.connection, fetch.call, [found.id], clause=HOME_CLAUSE, first=page.first, last=page.last)
    youth = Youth(found.id, cprnr, found.turns_25)
    (ung,) = youths(fetch.connection, {youth: page.events}, fetch.codes, fetch.caller.today)
    ung = with_contacts(fetch.connection, ung, found.id, fetch.call.institution_nummer)
    return HaendelserSvar(findes_flere_haendelser=False, hoejeste_haendelse_nummer=page.last, haendelser_ung=(ung,))


def _all_new(house: House, fetch: _Fetch) -> HaendelserSvar | Delivery:
    feed.lock_position(fetch.connection, fetch.call)
    kept = keys.kept_page(fetch.connection, fetch.call, timedelta(hours=fetch.settings.side_levetid))
    if kept is not None:
        still_seen = and_(home_events(fetch.caller), haendelse.c.nummer.in_(kept.numre))
        return _told(fetch, feed.pick(fetch.connection, still_seen), more=kept.flere, highest=kept.hoejeste)
    if keys.is_used(fetch.connection, fetch.call):
        raise _RefusedError("8004")
    wanted = and_(home_events(fetch.caller), feed.new_to(fetch.call))
    page = feed.pick(fetch.connection, wanted, fetch.settings.sidestoerrelse)
    feed.mark_fetched(fetch.connection, fetch.call, page, given=True)
    keys.keep_page(fetch.connection, fetch.call, page)
    answer = _told(fetch, page, more=page.more, highest=page.last)
    return Delivery(payload=answer, broken=partial(_take_back, house, fetch.call, page))


def _take_back(house: House, call: Call, page: feed.Page) -> None:
    with writing(house.engine) as connection:
        feed.take_back(connection, call, page)
        keys.forget_page(connection, call)


def _told(fetch: _Fetch, page: feed.Page, *, more: bool, highest: str | None) -> HaendelserSvar:
    """The answer with a page, logged as read."""
    persons = {item.youth.id for item in page.given}
    log_read(fetch.connection, fetch.call, persons, clause=HOME_CLAUSE, first=page.first, last=page.last)
    return HaendelserSvar(
        findes_flere_haendelser=more,
        hoejeste_haendelse_nummer=highest,
        haendelser_ung=present(fetch.connection, page.given, fetch.codes, fetch.caller.today),
    )
