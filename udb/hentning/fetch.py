"""HentHaendelser and HentHaendelserDFDG (contract 5).

One transaction selects the page through the access clauses, marks it and writes the read log; the answer follows the
commit.
"""

from dataclasses import asdict, fields, replace
from datetime import timedelta
from functools import partial
from typing import Protocol

from sqlalchemy import select

from udb.access.clauses import home_youths
from udb.access.columns import diplomas, reached, under_order
from udb.access.contacts import youth_contacts
from udb.context import Context
from udb.domain.call import Call, Delivery
from udb.domain.receipt import Fejl
from udb.hentning import feed, fetch_keys, queries
from udb.hentning.answer import HaendelserSvar
from udb.hentning.fetch_call import FetchCall, RefusedError, carry_out, page_after
from udb.hentning.present import nothing_of, present
from udb.store.engine import writing
from udb.store.tables import person

HOME, SCHOOL, DFDG = "A1", "A2", "A10"
"""The clauses that grant access, as the read log names them."""

_Answer = HaendelserSvar | Delivery


class Request(Protocol):
    """The payload: a number, or None for all that is new."""

    haendelse_nummer: str | None


class KommuneRequest(Request, Protocol):
    """The payload of a kommune, which may also look up a youth by CPR number."""

    cprnr: str | None


def hent_haendelser(context: Context, call: Call, request: KommuneRequest) -> _Answer:
    """Answer a kommune. Marks and read log are committed when this returns.

    A page of new events is taken back when it cannot be handed over. Raises NoDataaftale, DatabaseUnavailable.
    """
    return _fetched(context, call, request.haendelse_nummer, request.cprnr)


def hent_haendelser_dfdg(context: Context, call: Call, request: Request) -> _Answer:
    """Answer DFDG (A10) by the same feed. Raises NoDataaftale, DatabaseUnavailable."""
    return _fetched(context, call, request.haendelse_nummer, None)


def _fetched(context: Context, call: Call, nummer: str | None, cprnr: str | None) -> _Answer:
    return carry_out(context, call, cprnr, partial(_answer, nummer=nummer, cprnr=cprnr), _refused)


def _refused(fejl: tuple[Fejl, ...]) -> _Answer:
    return HaendelserSvar(fejl=fejl)


def _answer(fetch: FetchCall, nummer: str | None, cprnr: str | None) -> _Answer:
    if nummer is not None and cprnr is not None:
        raise RefusedError("8003")
    if nummer is not None:
        page, highest = page_after(fetch, nummer, queries.AFTER[_is_kommune(fetch)])
        return _page_answer(fetch, page, more=page.more, highest=highest)
    return _all_new(fetch) if cprnr is None else look_up(fetch, cprnr)[1]


def _is_kommune(fetch: FetchCall) -> bool:
    return fetch.caller.kommunekode is not None


def look_up(fetch: FetchCall, cprnr: str) -> tuple[int, HaendelserSvar]:
    """Return the id of a resident and all that the look-up returns, logged as read. Raises RefusedError."""
    youth_columns = (
        person.c.id,
        reached().label("reached"),
        diplomas().label("diplomas"),
        under_order().label("under_order"),
    )
    found = fetch.connection.execute(
        select(*youth_columns).where(person.c.cprnr == cprnr, home_youths(fetch.caller))
    ).one_or_none()
    if found is None:
        raise RefusedError("8002")
    page = fetch.page(queries.LOOK_UP, person_id=found.id)
    fetch.log([found.id], clause=HOME, first=page.first, last=page.last)
    ung = next(
        iter(present(page.events, fetch.codes, fetch.caller.today)),
        nothing_of(
            cprnr,
            found.reached,
            found.diplomas,
            fetch.codes,
            fetch.caller.today,
            under_order=found.under_order,
        ),
    )
    registered = youth_contacts(fetch.connection, fetch.caller, found.id)
    ung = replace(ung, **{field.name: getattr(registered, field.name) for field in fields(registered)})
    svar = HaendelserSvar(findes_flere_haendelser=False, hoejeste_haendelse_nummer=page.last, haendelser_ung=(ung,))
    return found.id, svar


def _all_new(fetch: FetchCall) -> _Answer:
    today = fetch.caller.today
    before = feed.lock_position(fetch.connection, fetch.call, today)
    kept = fetch_keys.kept_page(fetch.connection, fetch.call, timedelta(hours=fetch.settings.side_levetid))
    if kept is not None:
        page = fetch.page(queries.AGAIN[_is_kommune(fetch)], numre=list(kept.numre))
        return _page_answer(fetch, page, more=kept.flere, highest=kept.hoejeste)
    if fetch_keys.is_used(fetch.connection, fetch.call):
        raise RefusedError("8004")
    page = fetch.page(queries.NEW[_is_kommune(fetch)], fetch.settings.sidestoerrelse, **asdict(before))
    feed.mark_fetched(fetch.connection, fetch.call, page, fetch.now, given=True)
    feed.move_position(fetch.connection, fetch.call, feed.after_page(before, page, today))
    fetch_keys.keep_page(fetch.connection, fetch.call, page, fetch.now)
    answer = _page_answer(fetch, page, more=page.more, highest=page.last)
    return Delivery(payload=answer, broken=partial(_take_back, fetch.context, fetch.call, page, before))


def _take_back(context: Context, call: Call, page: feed.Page, before: feed.Position) -> None:
    with writing(context.engine) as connection:
        feed.take_back(connection, call, page, before)
        fetch_keys.forget_page(connection, call)


def _page_answer(fetch: FetchCall, page: feed.Page, *, more: bool, highest: str | None) -> HaendelserSvar:
    """Return the answer with a page, and log it as read."""
    persons = {event.person_id for event in page.events}
    fetch.log(persons, clause=_clause(fetch, page), first=page.first, last=page.last)
    return HaendelserSvar(
        findes_flere_haendelser=more,
        hoejeste_haendelse_nummer=highest,
        haendelser_ung=present(page.events, fetch.codes, fetch.caller.today),
    )


def _clause(fetch: FetchCall, page: feed.Page) -> str:
    """Return the clauses that gave access to a page; for an empty page, the clause that would have."""
    if not _is_kommune(fetch):
        return DFDG
    return " ".join(sorted({HOME if event.home else SCHOOL for event in page.events})) or HOME
