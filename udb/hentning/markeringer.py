"""HentMarkeringer: the kommunes' marks on the courses that are open at the institution (V 2.3; contract 5.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from udb.context import Context
from udb.domain.call import Call
from udb.domain.receipt import Fejl
from udb.hentning import queries
from udb.hentning.feed import BEGINNING
from udb.hentning.fetch_call import FetchCall, carry_out, page_after
from udb.hentning.institution import CLAUSE
from udb.hentning.page_row import PageRow, in_order
from udb.hentning.present import by_youth


class Request(Protocol):
    """The payload: a number, after which marks are returned, or None for all."""

    haendelse_nummer: str | None


@dataclass(frozen=True, slots=True)
class MarkeringerUng:
    """One youth and the marks on its courses."""

    cprnr: str
    haendelse_uddannelses_forloeb: Sequence[PageRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkeringerSvar:
    """Either ``fejl`` and nothing else, or a page."""

    fejl: tuple[Fejl, ...] = ()
    findes_flere_haendelser: bool | None = None
    hoejeste_haendelse_nummer: str | None = None
    haendelser_ung: tuple[MarkeringerUng, ...] = ()


def hent_markeringer(context: Context, call: Call, request: Request) -> MarkeringerSvar:
    """Answer an institution, paged by number. Marks of fetching and read log are committed when this returns.

    Raises NoDataaftale, DatabaseUnavailable.
    """
    answer = partial(_answer, nummer=BEGINNING if request.haendelse_nummer is None else request.haendelse_nummer)
    return carry_out(context, call, None, answer, lambda fejl: MarkeringerSvar(fejl=fejl))


def _answer(fetch: FetchCall, nummer: str) -> MarkeringerSvar:
    page, highest = page_after(fetch, nummer, queries.MARKS)
    fetch.log({event.person_id for event in page.events}, clause=CLAUSE, first=page.first, last=page.last)
    return MarkeringerSvar(
        findes_flere_haendelser=page.more, hoejeste_haendelse_nummer=highest, haendelser_ung=_youths(page.events)
    )


def _youths(given: Iterable[PageRow]) -> tuple[MarkeringerUng, ...]:
    """Return the youths in order of their first mark, each with the marks by date, then number (contract 5.1)."""
    return tuple(MarkeringerUng(marks[0].cprnr, in_order(marks)) for marks in by_youth(given))
