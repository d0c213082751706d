"""HentHaendelser and HentHaendelserDFDG (contract 5): one transaction picks the page through the access filter, marks
it and writes the read log; only then is it answered.
"""

from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Protocol

from sqlalchemy import select

from udb.call import Call, Delivery
from udb.hentning import feed, keys, queries
from udb.hentning.access import home_youths
from udb.hentning.answer import HaendelserSvar
from udb.hentning.asking import Asking, RefusedError, asked, page_after
from udb.hentning.contacts import with_contacts
from udb.hentning.present import nothing_of, present
from udb.hentning.told import diplomas, reached, under_order
from udb.house import House
from udb.receipt import Fejl
from udb.store.engine import writing
from udb.store.tables import person

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
        page, highest = page_after(asking, nummer, queries.AFTER[_is_kommune(asking)])
        return _told(asking, page, more=page.more, highest=highest)
    return _all_new(asking) if cprnr is None else _look_up(asking, cprnr)


def _is_kommune(asking: Asking) -> bool:
    return asking.caller.kommunekode is not None


def _look_up(asking: Asking, cprnr: str) -> HaendelserSvar:
    told_of_youth = (
        person.c.id,
        reached().label("reached"),
        diplomas().label("diplomas"),
        under_order().label("under_order"),
    )
    found = asking.connection.execute(
        select(*told_of_youth).where(person.c.cprnr == cprnr, home_youths(asking.caller))
    ).one_or_none()
    if found is None:
        raise RefusedError("8002")
    page = asking.page(queries.LOOK_UP, person_id=found.id)
    asking.log([found.id], clause=HOME, first=page.first, last=page.last)
    ung = next(
        iter(present(page.events, asking.codes, asking.caller.today)),
        nothing_of(
            cprnr,
            found.reached,
            found.diplomas,
            asking.codes,
            asking.caller.today,
            under_order=found.under_order,
        ),
    )
    ung = with_contacts(asking.connection, ung, found.id, asking.call.institution_nummer)
    return HaendelserSvar(findes_flere_haendelser=False, hoejeste_haendelse_nummer=page.last, haendelser_ung=(ung,))


def _all_new(asking: Asking) -> _Answer:
    today = asking.caller.today
    before = feed.lock_position(asking.connection, asking.call, today)
    kept = keys.kept_page(asking.connection, asking.call, timedelta(hours=asking.settings.side_levetid))
    if kept is not None:
        page = asking.page(queries.AGAIN[_is_kommune(asking)], numre=list(kept.numre))
        return _told(asking, page, more=kept.flere, highest=kept.hoejeste)
    if keys.is_used(asking.connection, asking.call):
        raise RefusedError("8004")
    page = asking.page(queries.NEW[_is_kommune(asking)], asking.settings.sidestoerrelse, **asdict(before))
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
    persons = {event.person_id for event in page.events}
    asking.log(persons, clause=_clause(asking, page), first=page.first, last=page.last)
    return HaendelserSvar(
        findes_flere_haendelser=more,
        hoejeste_haendelse_nummer=highest,
        haendelser_ung=present(page.events, asking.codes, asking.caller.today),
    )


def _clause(asking: Asking, page: feed.Page) -> str:
    """What gave access to a page; of an empty one, what would have."""
    if not _is_kommune(asking):
        return DFDG
    return " ".join(sorted({HOME if event.home else SCHOOL for event in page.events})) or HOME
