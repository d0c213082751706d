"""HentHaendelser and HentHaendelserDFDG (contract 5): one transaction picks the page through the access filter, marks
it and writes the read log; only then is it answered.
"""

from datetime import timedelta
from functools import partial
from typing import Protocol

from sqlalchemy import ColumnElement, and_, false, select

from udb.call import Call, Delivery
from udb.hentning import feed, keys
from udb.hentning.access import a1_home_kommune, feed_events, home_youths, look_up_events
from udb.hentning.answer import HaendelserSvar
from udb.hentning.asking import Asking, RefusedError, asked, page_after
from udb.hentning.contacts import with_contacts
from udb.hentning.present import Youth, present, youths
from udb.house import House
from udb.receipt import Fejl
from udb.store.engine import writing
from udb.store.tables import haendelse, person

HOME, SCHOOL, DFDG = "A1", "A2", "A10"
"""What the read log says gave access."""

_Answer = HaendelserSvar | Delivery


class Request(Protocol):
    """The payload: a number or nothing, which means all that is new."""

    haendelse_nummer: str | None


class KommuneRequest(Request, Protocol):
    """The payload of a kommune, which may also look up a youth."""

    cprnr: str | None


def hent_haendelser(house: House, call: Call, request: KommuneRequest) -> _Answer:
    """Answer a kommune. What is given and the read log are committed when this returns.

    A page of new events is taken back when it cannot be handed over. Raises NoDataaftale, DatabaseUnavailable.
    """
    return _fetched(house, call, request.haendelse_nummer, request.cprnr)


def hent_haendelser_dfdg(house: House, call: Call, request: Request) -> _Answer:
    """Answer DFDG (A10), by the same feed. Raises NoDataaftale, DatabaseUnavailable."""
    return _fetched(house, call, request.haendelse_nummer, None)


def _fetched(house: House, call: Call, nummer: str | None, cprnr: str | None) -> _Answer:
    return asked(house, call, cprnr, partial(_answer, nummer=nummer, cprnr=cprnr), _refused)


def _refused(fejl: tuple[Fejl, ...]) -> _Answer:
    return HaendelserSvar(fejl=fejl)


def _answer(asking: Asking, nummer: str | None, cprnr: str | None) -> _Answer:
    if nummer is not None and cprnr is not None:
        raise RefusedError("8003")
    if nummer is not None:
        page, highest = page_after(asking, nummer, feed_events(asking.caller), _home(asking))
        return _told(asking, page, more=page.more, highest=highest)
    return _all_new(asking) if cprnr is None else _look_up(asking, cprnr)


def _home(asking: Asking) -> ColumnElement[bool]:
    """Whether the caller is the youth's home kommune."""
    return false() if asking.caller.kommunekode is None else a1_home_kommune(asking.caller)


def _look_up(asking: Asking, cprnr: str) -> HaendelserSvar:
    found = asking.connection.execute(
        select(person.c.id, person.c.turns_25).where(person.c.cprnr == cprnr, home_youths(asking.caller))
    ).one_or_none()
    if found is None:
        raise RefusedError("8002")
    seen = and_(haendelse.c.person_id == found.id, look_up_events(asking.caller))
    page = feed.pick(asking.connection, seen, _home(asking))
    asking.log([found.id], clause=HOME, first=page.first, last=page.last)
    youth = Youth(found.id, cprnr, found.turns_25, home=True)
    (ung,) = youths(asking.connection, {youth: page.events}, asking.codes, asking.caller.today)
    ung = with_contacts(asking.connection, ung, found.id, asking.call.institution_nummer)
    return HaendelserSvar(findes_flere_haendelser=False, hoejeste_haendelse_nummer=page.last, haendelser_ung=(ung,))


def _all_new(asking: Asking) -> _Answer:
    today = asking.caller.today
    before = feed.lock_position(asking.connection, asking.call, today)
    kept = keys.kept_page(asking.connection, asking.call, timedelta(hours=asking.settings.side_levetid))
    if kept is not None:
        still_seen = and_(feed_events(asking.caller), haendelse.c.nummer.in_(kept.numre))
        page = feed.pick(asking.connection, still_seen, _home(asking))
        return _told(asking, page, more=kept.flere, highest=kept.hoejeste)
    if keys.is_used(asking.connection, asking.call):
        raise RefusedError("8004")
    new = and_(feed_events(asking.caller), feed.new_to(asking.call, before, today))
    page = feed.pick(asking.connection, new, _home(asking), asking.settings.sidestoerrelse)
    feed.mark_fetched(asking.connection, asking.call, page, given=True)
    feed.move_position(asking.connection, asking.call, feed.after_page(before, page, today))
    keys.keep_page(asking.connection, asking.call, page)
    answer = _told(asking, page, more=page.more, highest=page.last)
    return Delivery(payload=answer, broken=partial(_take_back, asking.house, asking.call, page, before))


def _take_back(house: House, call: Call, page: feed.Page, before: feed.Position) -> None:
    with writing(house.engine) as connection:
        feed.take_back(connection, call, page, before)
        keys.forget_page(connection, call)


def _told(asking: Asking, page: feed.Page, *, more: bool, highest: str | None) -> HaendelserSvar:
    """The answer with a page, logged as read."""
    persons = {item.youth.id for item in page.given}
    asking.log(persons, clause=_clause(asking, page), first=page.first, last=page.last)
    return HaendelserSvar(
        findes_flere_haendelser=more,
        hoejeste_haendelse_nummer=highest,
        haendelser_ung=present(asking.connection, page.given, asking.codes, asking.caller.today),
    )


def _clause(asking: Asking, page: feed.Page) -> str:
    """What gave access to a page; of an empty one, what would have."""
    if asking.caller.kommunekode is None:
        return DFDG
    return " ".join(sorted({HOME if item.youth.home else SCHOOL for item in page.given})) or HOME
