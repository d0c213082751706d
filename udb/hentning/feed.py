"""Pages of events: after a number, or all that is new to the calling system (access.md, The feed)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Select,
    and_,
    not_,
    or_,
    select,
    true,
    union_all,
    update,
)

from udb.access.clauses import TABLES, Recipient, cancels_looked_up
from udb.domain.call import Call
from udb.domain.clock import system_time
from udb.domain.identifiers import event_number
from udb.hentning.page_row import PageRow, columns
from udb.store.sql.dialects import insert_into, texts
from udb.store.sql.planner_hints import judged_after, one_of, there_is
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import counter, feed_gained, feed_position, haendelse, hentet, person


@dataclass(frozen=True, slots=True)
class Page:
    """Events in ascending number.

    ``more``: whether more events wait. ``committed``: the highest number committed in the snapshot of the page.
    """

    events: Sequence[PageRow]
    more: bool
    committed: str

    @property
    def first(self) -> str | None:
        """The lowest number in the page, None when it is empty."""
        return self.events[0].nummer if self.events else None

    @property
    def last(self) -> str | None:
        """The highest number in the page, None when it is empty."""
        return self.events[-1].nummer if self.events else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Events to select: ``found`` by an index, then filtered by ``meant``.

    ``in_order``: the index returns them by number; otherwise all are found, and then sorted.
    """

    found: ColumnElement[bool]
    meant: ColumnElement[bool]
    in_order: bool = True

    @property
    def order(self) -> ColumnElement[str]:
        """The sort key: the number."""
        # No index has the expression: by the column, PostgreSQL would walk all events by number to find a few.
        return haendelse.c.nummer if self.in_order else haendelse.c.nummer + ""


def page_query(
    dialect: str,
    wanted: Sequence[Wanted],
    home: ColumnElement[bool],
    caller: Recipient | None = None,
    *,
    limited: bool = True,
) -> Select[Any]:
    """Return the query of a page: the wanted events by number, each with the last number drawn.

    One statement, so that page and highest number are of one snapshot. ``wanted``: no event may be in two of them.
    ``home``: whether the caller is the youth's home kommune. ``caller``: see ``columns``. ``limited``: select the first
    ``size`` events (a parameter) and one more, which shows that more wait; otherwise all.
    """
    size = parameter("size", Integer()) + 1 if limited else None
    found = [
        select(*columns(dialect, home, caller))
        .select_from(TABLES)
        .where(one.found, judged_after(one.meant))
        .order_by(one.order)
        .limit(size)
        for one in wanted
    ]
    page = found[0].subquery()
    if len(found) > 1:
        together = union_all(*(select(one.subquery()) for one in found))
        page = together.order_by("haendelse_nummer").limit(size).subquery()
    query = select(page, counter.c.last).select_from(counter.outerjoin(page, page.c.person_id.is_not(None)))
    return query.order_by(page.c.haendelse_nummer)


def page_of(rows: Sequence[Sequence[Any]], size: int | None) -> Page:
    """Return the page that the rows of its query make; ``size``: the most events it holds, None: all."""
    found = [PageRow._make(row) for row in rows if row[0] is not None]
    return Page(found[:size], size is not None and len(found) > size, event_number(int(rows[0][-1])))


@dataclass(frozen=True, slots=True)
class Position:
    """The progress of one system in the feed.

    On ``day`` every event up to ``seen`` and every change of access up to ``gained`` was looked at.
    """

    seen: str
    gained: str
    day: date


BEGINNING: Final = event_number(0)


def after(position: Position) -> ColumnElement[bool]:
    """Return the condition for events after a position."""
    return haendelse.c.nummer > position.seen


def again(dialect: str, position: Position, today: date) -> ColumnElement[bool]:
    """Return the condition for older events of youths with newly visible events since the position.

    The causes are a change of access and a birthday.
    """
    gained = select(feed_gained.c.person_id).where(feed_gained.c.plads > position.gained)
    # The birthdays of the position's own day were counted on that day.
    birthdays = (
        select(_BORN.c.id).where(_BORN.c[name] > position.day, _BORN.c[name] <= today)
        for name in ("turns_15", "turns_25")
    )
    looked_at = union_all(gained, *birthdays).subquery()
    youths = select(looked_at.c.person_id).distinct()
    return and_(haendelse.c.nummer <= position.seen, one_of(dialect, haendelse.c.person_id, youths))


_BORN: Final = person.alias()


def not_given(call: Call, caller: Recipient) -> ColumnElement[bool]:
    """Return the condition for events that the calling system has not been given.

    A cancellation counts only if the system was given the report it cancels (contract 5.1), or is given it although it
    is cancelled (A7).
    """
    return and_(
        not_(_given(call, haendelse.c.nummer)),
        or_(
            not_(haendelse.c.annullering),
            _given(call, haendelse.c.annulleret_haendelse_nummer),
            cancels_looked_up(caller),
        ),
    )


def _given(call: Call, nummer: ColumnElement[str]) -> ColumnElement[bool]:
    return there_is(
        select(hentet.c.nummer)
        .where(
            hentet.c.system_id == call.system_id,
            hentet.c.modtager == call.institution_nummer,
            hentet.c.nummer == nummer,
            hentet.c.givet_tid.is_not(None),
        )
        .correlate(haendelse)
    )


def lock_position(connection: Connection, call: Call, today: date) -> Position:
    """Lock the calling system's position for this recipient and return it.

    One system's calls without criterion run one after the other. A new system begins with everything, and so does a
    system whose clock was set back (in the sandbox). What was given stays given.
    """
    key = {"system_id_": call.system_id, "modtager_": call.institution_nummer}
    rows = _LOCK.rows(connection, **key)
    if not rows:
        _BEGIN.run(connection, **key, seen=BEGINNING, gained=BEGINNING, day=today)
        rows = _LOCK.rows(connection, **key)
    found = Position(*rows[0])
    return found if found.day <= today else Position(BEGINNING, BEGINNING, today)


def move_position(connection: Connection, call: Call, position: Position) -> None:
    """Store how far a system has come; the caller holds the lock of its position."""
    key = {"system_id_": call.system_id, "modtager_": call.institution_nummer}
    _MOVE.run(connection, **key, seen_=position.seen, gained_=position.gained, day_=position.day)


_OWN: Final = and_(
    feed_position.c.system_id == parameter("system_id_"), feed_position.c.modtager == parameter("modtager_")
)
_LOCK: Final = Prepared(
    lambda _: select(feed_position.c.seen, feed_position.c.gained, feed_position.c.day).where(_OWN).with_for_update()
)
_MOVE: Final = Prepared(
    lambda _: (
        update(feed_position).where(_OWN).values({name: parameter(f"{name}_") for name in ("seen", "gained", "day")})
    )
)
_BEGIN: Final = Prepared(
    lambda dialect: (
        insert_into(dialect, feed_position)
        .values(
            {
                "system_id": parameter("system_id_"),
                "modtager": parameter("modtager_"),
                **{name: parameter(name) for name in ("seen", "gained", "day")},
            }
        )
        .on_conflict_do_nothing()
    )
)


def after_page(before: Position, page: Page, today: date) -> Position:
    """Return the position after a page: while more events wait, only as far as the page reaches."""
    if page.more:
        return replace(before, seen=max(before.seen, page.last or before.seen))
    return Position(page.committed, page.committed, today)


def mark_fetched(connection: Connection, call: Call, page: Page, now: datetime, *, given: bool) -> None:
    """Record each event's first fetch (V 7), and with ``given`` its first answer without criterion.

    ``now``: the domain's, the clock of the events; system time is recorded beside it.
    """
    if not page.events:
        return
    _MARK.run(
        connection,
        system_id=call.system_id,
        modtager=call.institution_nummer,
        hentet_tid=now,
        hentet_system=system_time(),
        givet_tid=now if given else None,
        numre=[event.haendelse_nummer for event in page.events],
    )


def _mark(dialect: str) -> Executable:
    numbers = texts(dialect, "numre")
    values: dict[str, ColumnElement[Any]] = {
        name: parameter(name, hentet.c[name].type)
        for name in ("system_id", "modtager", "hentet_tid", "hentet_system", "givet_tid")
    }
    source = select(*values.values(), numbers.c.value).where(true())
    statement = insert_into(dialect, hentet).from_select([*values, "nummer"], source)
    return statement.on_conflict_do_update(  # type: ignore[no-any-return]  # of either dialect
        index_elements=[*hentet.primary_key.columns],
        set_={"givet_tid": statement.excluded.givet_tid},
        where=and_(hentet.c.givet_tid.is_(None), statement.excluded.givet_tid.is_not(None)),
    )


_MARK: Final = Prepared(_mark)


def take_back(connection: Connection, call: Call, page: Page, before: Position) -> None:
    """Make the events of a page new again, because it was not handed over whole (contract 2)."""
    now = lock_position(connection, call, before.day)
    connection.execute(
        update(hentet)
        .where(
            hentet.c.system_id == call.system_id,
            hentet.c.modtager == call.institution_nummer,
            hentet.c.nummer.in_([event.nummer for event in page.events]),
        )
        .values(givet_tid=None)
    )
    # What was given stays given, so looking at too much again does no harm.
    earlier = Position(min(before.seen, now.seen), min(before.gained, now.gained), min(before.day, now.day))
    move_position(connection, call, earlier)
