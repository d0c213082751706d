"""The queries of pages, made once for all callers: caller, day and what is wanted are parameters."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Date, Select, String, and_, false, select, true

from udb.access.clauses import Recipient, a1_home_kommune, a11_marks, feed_events, look_up_events
from udb.access.index_conditions import index_conditions
from udb.domain.call import Call
from udb.hentning import feed
from udb.store.sql.dialects import texts
from udb.store.sql.planner_hints import row_by_row
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import haendelse

KOMMUNE: Final = Recipient(
    parameter("modtager", String()),
    parameter("today", Date()),
    parameter("kommunekode", String()),
    parameter("hovedinstitution", String()),
)
"""Any kommune."""
OTHER: Final = replace(KOMMUNE, kommunekode=None)
"""Any other caller."""


def values(call: Call, caller: Recipient) -> dict[str, Any]:
    """Return the parameters of a caller."""
    return {
        "system_id": call.system_id,
        "modtager": caller.institution_nummer,
        "today": caller.today,
        "kommunekode": caller.kommunekode,
        "hovedinstitution": caller.hovedinstitution,
    }


def page(
    connection: Connection, query: Prepared, call: Call, caller: Recipient, size: int | None = None, **wanted: Any
) -> feed.Page:
    """Return the page that a query of this module selects for a caller: at most ``size`` events (None: all)."""
    row_by_row(connection)
    return feed.page_of(query.rows(connection, **values(call, caller), **wanted, size=size), size)


Find = Callable[[str, Recipient, ColumnElement[bool]], Sequence[feed.Wanted]]
"""A function of dialect, caller and the condition for those meant: where to find events, each in one place only."""


Meant = Callable[[Recipient], ColumnElement[bool]]
"""A function of the caller that makes the condition for the visible events that are meant, when the query is made."""


def _of_feed(find: Find, meant: Meant = lambda _: true(), *, limited: bool = True) -> dict[bool, Prepared]:
    """Return the queries of what is visible in the feed, by whether the caller is a kommune."""
    return {
        is_kommune: _in_feed(caller, find, meant, limited) for is_kommune, caller in ((True, KOMMUNE), (False, OTHER))
    }


def _in_feed(caller: Recipient, find: Find, meant: Meant, limited: bool) -> Prepared:  # noqa: FBT001 - handed on
    home = false() if caller is OTHER else a1_home_kommune(caller)

    def query(dialect: str) -> Select[Any]:
        visible = and_(feed_events(caller), meant(caller))
        return feed.page_query(dialect, find(dialect, caller, visible), home, caller, limited=limited)

    return Prepared(query)


def _after(
    dialect: str, caller: Recipient, meant: ColumnElement[bool], number: ColumnElement[bool]
) -> list[feed.Wanted]:
    in_order = caller.kommunekode is not None
    return [feed.Wanted(and_(place, number), meant, in_order) for place in index_conditions(dialect, caller)]


def _new(dialect: str, caller: Recipient, meant: ColumnElement[bool]) -> list[feed.Wanted]:
    again = feed.Wanted(feed.again(dialect, _POSITION, caller.today), meant, in_order=False)
    return [*_after(dialect, caller, meant, feed.after(_POSITION)), again]


_AFTER: Final = haendelse.c.nummer > parameter("nummer", String())
_CALL: Final = Call("", parameter("system_id", String()), "", "", parameter("modtager", String()), "")
_POSITION: Final = feed.Position(parameter("seen", String()), parameter("gained", String()), parameter("day", Date()))

AFTER: Final = _of_feed(lambda dialect, caller, meant: _after(dialect, caller, meant, _AFTER))
"""Visible events after ``nummer``."""
NEW: Final = _of_feed(_new, lambda caller: feed.not_given(_CALL, caller))
"""Visible events new to ``system_id``, whose position is ``seen``, ``gained``, ``day``."""
AGAIN: Final = _of_feed(
    lambda dialect, _, meant: [feed.Wanted(haendelse.c.nummer.in_(select(texts(dialect, "numre").c.value)), meant)],
    limited=False,
)
"""Visible events among the numbers ``numre``."""
MARKS: Final = Prepared(
    lambda dialect: feed.page_query(dialect, [feed.Wanted(and_(a11_marks(OTHER), _AFTER), true())], false())
)
"""The kommunes' marks after ``nummer``."""
LOOK_UP: Final = Prepared(
    lambda dialect: feed.page_query(
        dialect,
        [feed.Wanted(haendelse.c.person_id == parameter("person_id"), look_up_events(KOMMUNE))],
        a1_home_kommune(KOMMUNE),
        KOMMUNE,
        limited=False,
    )
)
"""The events of ``person_id`` that the look-up shows."""
