"""The common frame of every fetch, in one transaction: admit the caller; log and answer a refusal.

The time of a refused look-up does not show whether the CPR number exists.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from udb.access.clauses import Recipient
from udb.access.constant_time import beginning, wait_for_step
from udb.access.services import recipient
from udb.callers.admission import admit
from udb.context import Context
from udb.domain.call import Call
from udb.domain.identifiers import is_event_number
from udb.domain.kodesaet import Kodesaet
from udb.domain.receipt import Fejl
from udb.hentning import feed, queries
from udb.hentning.refusals import refusal
from udb.readlog.entries import log_read, sought
from udb.settings import Settings
from udb.store.engine import writing
from udb.store.sql.prepared import Prepared

T = TypeVar("T")


class RefusedError(Exception):
    """The fetch is refused with a code of rules.md 2 or 8."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class FetchCall:
    """An admitted fetch: the caller, the domain's now, and what its answer is made with."""

    context: Context
    connection: Connection
    call: Call
    caller: Recipient
    now: datetime
    codes: Kodesaet

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.context.settings

    @property
    def hovedinstitution(self) -> str:
        """The caller's main institution."""
        assert self.caller.hovedinstitution is not None, "every admitted institution has one"
        return self.caller.hovedinstitution

    def page(self, query: Prepared, size: int | None = None, **wanted: Any) -> feed.Page:
        """Return the page that one of ``udb.hentning.queries`` selects for this caller."""
        return queries.page(self.connection, query, self.call, self.caller, size, **wanted)

    def log(
        self, persons: Collection[int], *, clause: str | None, first: str | None = None, last: str | None = None
    ) -> None:
        """Log the answer as read; see ``log_read``."""
        log_read(self.connection, self.call, persons, clause=clause, first=first, last=last)


def carry_out(
    context: Context,
    call: Call,
    cprnr: str | None,
    answer: Callable[[FetchCall], T],
    refused: Callable[[tuple[Fejl, ...]], T],
) -> T:
    """Return the result of ``answer``, which logs it, or of ``refused`` with the one line that refuses the fetch.

    ``cprnr``: the number that is looked up; the log of a refusal names its person too. Raises NoDataaftale,
    DatabaseUnavailable.
    """
    began = beginning()
    with writing(context.engine) as connection:
        try:
            return answer(_admitted(context, connection, call))
        except RefusedError as found:
            log_read(connection, call, [] if cprnr is None else [sought(connection, cprnr)], clause=None)
            line = refusal(found.code)
    if cprnr is not None:
        wait_for_step(began)
    return refused((line,))


def _admitted(context: Context, connection: Connection, call: Call) -> FetchCall:
    admission = admit(connection, call, context.settings)
    codes = context.codes.get(connection, admission.edition)
    caller = recipient(call, admission.institution, codes, admission.now.date())
    if isinstance(caller, str):
        raise RefusedError(caller)
    return FetchCall(context, connection, call, caller, admission.now, codes)


def page_after(fetch: FetchCall, nummer: str, query: Prepared) -> tuple[feed.Page, str]:
    """Return the visible events with a higher number, marked as fetched, and the highest number: the cursor.

    Contract 5.1, by number. Raises RefusedError.
    """
    if not is_event_number(nummer):
        raise RefusedError("8001")
    page = fetch.page(query, fetch.settings.sidestoerrelse, nummer=nummer)
    if nummer > page.committed:
        raise RefusedError("8001")
    feed.mark_fetched(fetch.connection, fetch.call, page, fetch.now, given=False)
    return page, page.last if page.more and page.last else page.committed
