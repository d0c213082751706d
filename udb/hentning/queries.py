"""The queries of pages, made once for all callers: who asks, when and for what are their parameters."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Date, Select, String, and_, false, select

from udb.call import Call
from udb.hentning import feed
from udb.hentning.access import Recipient, a1_home_kommune, a11_marks, feed_events, look_up_events
from udb.hentning.near import near
from udb.store.lists import texts
from udb.store.prepared import Prepared, parameter
from udb.store.tables import haendelse

KOMMUNE: Final = Recipient(
    parameter("modtager", String()),
    parameter("today", Date()),
    parameter("kommunekode", String()),
    parameter("hovedinstitution", String()),
)
"""Any kommune."""
OTHER: Final = replace(KOMMUNE, kommunekode=None)
"""Anybody else."""


def values(call: Call, caller: Recipient) -> dict[str, Any]:
    """The parameters of a caller."""
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
    """The page that a query of this module gives a caller: at most ``size`` events (None: all)."""
    return feed.page_of(query.rows(connection, **values(call, caller), **wanted, size=size), size)


Wanted = Callable[[str, Recipient], Sequence[ColumnElement[bool]]]
"""By the kind of database and who asks: conditions of which an event fulfils one, and no two."""


def _of_feed(wanted: Wanted, *, limited: bool = True) -> dict[bool, Prepared]:
    """Of what is visible in the feed: by whether a kommune asks."""
    return {is_kommune: _in_feed(caller, wanted, limited) for is_kommune, caller in ((True, KOMMUNE), (False, OTHER))}


def _in_feed(caller: Recipient, wanted: Wanted, limited: bool) -> Prepared:  # noqa: FBT001 - handed on
    home = false() if caller is OTHER else a1_home_kommune(caller)

    def query(dialect: str) -> Select[Any]:
        visible = feed_events(caller)
        conditions = [and_(visible, one) for one in wanted(dialect, caller)]
        return feed.page_query(dialect, conditions, home, caller, limited=limited)

    return Prepared(query)


def _near_and(dialect: str, caller: Recipient, wanted: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    return [and_(place, wanted) for place in near(dialect, caller)]


def _new(dialect: str, caller: Recipient) -> list[ColumnElement[bool]]:
    again = feed.new_again(_CALL, _POSITION, caller.today)
    return [*_near_and(dialect, caller, feed.new_after(_CALL, _POSITION)), again]


_AFTER: Final = haendelse.c.nummer > parameter("nummer", String())
_CALL: Final = Call("", parameter("system_id", String()), "", "", parameter("modtager", String()), "")
_POSITION: Final = feed.Position(parameter("seen", String()), parameter("gained", String()), parameter("day", Date()))

AFTER: Final = _of_feed(lambda dialect, caller: _near_and(dialect, caller, _AFTER))
"""After ``nummer``."""
NEW: Final = _of_feed(_new)
"""New to ``system_id``, whose position is ``seen``, ``gained``, ``day``."""
AGAIN: Final = _of_feed(
    lambda dialect, _: [haendelse.c.nummer.in_(select(texts(dialect, "numre").c.value))], limited=False
)
"""Of the numbers ``numre``."""
MARKS: Final = Prepared(lambda dialect: feed.page_query(dialect, [and_(a11_marks(OTHER), _AFTER)], false()))
"""The kommunes' marks after ``nummer``."""
LOOK_UP: Final = Prepared(
    lambda dialect: feed.page_query(
        dialect,
        [and_(haendelse.c.person_id == parameter("person_id"), look_up_events(KOMMUNE))],
        a1_home_kommune(KOMMUNE),
        KOMMUNE,
        limited=False,
    )
)
"""What the look-up shows of ``person_id``."""
