"""Picking a page: after a number, or all that is new to the calling system (access.md, The feed)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from udb.call import Call
from udb.clock import system_time
from udb.haendelse import Haendelse
from udb.hentning.access import TABLES
from udb.hentning.present import Given, Youth
from udb.identifiers import event_number
from udb.store.events import EVENT_COLUMNS, as_event
from udb.store.tables import counter, feed_gained, feed_position, haendelse, hentet, person


@dataclass(frozen=True, slots=True)
class Page:
    """Events in ascending number, whether more wait, and the highest number committed in the snapshot they were read
    in.
    """

    given: Sequence[Given]
    more: bool
    committed: str

    @property
    def events(self) -> list[Haendelse]:
        """The events alone."""
        return [item.event for item in self.given]

    @property
    def first(self) -> str | None:
        """The lowest number in the page, None when it is empty."""
        return self.given[0].event.nummer if self.given else None

    @property
    def last(self) -> str | None:
        """The highest number in the page, None when it is empty."""
        return self.given[-1].event.nummer if self.given else None


def pick(
    connection: Connection, condition: ColumnElement[bool], home: ColumnElement[bool], size: int | None = None
) -> Page:
    """The first ``size`` events under a condition (None: all), in one statement: page and highest number are of one
    snapshot. ``home``: whether the caller is the youth's home kommune.
    """
    wanted = (
        select(
            person.c.id.label("the_person"),
            person.c.cprnr.label("the_cprnr"),
            person.c.turns_25.label("turns_25"),
            home.label("home"),
            *_labelled(),
        )
        .select_from(TABLES)
        .where(condition)
        .order_by(haendelse.c.nummer)
        .limit(None if size is None else size + 1)
        .subquery()
    )
    query = select(counter.c.last, wanted).select_from(counter.outerjoin(wanted, wanted.c.the_person.is_not(None)))
    rows = connection.execute(query.order_by(wanted.c.e_nummer)).all()
    found = [_given_row(row) for row in rows if row[1] is not None]
    return Page(found[:size], size is not None and len(found) > size, event_number(int(rows[0][0])))


def _given_row(row: Sequence[Any]) -> Given:
    return Given(Youth(row[1], row[2], row[3], home=bool(row[4])), as_event(row[5:]))


def _labelled() -> list[ColumnElement[Any]]:
    return [column.label(f"e_{column.name}") for column in EVENT_COLUMNS]


def after(nummer: str) -> ColumnElement[bool]:
    """Events with a higher number."""
    return haendelse.c.nummer > nummer


@dataclass(frozen=True, slots=True)
class Position:
    """How far one system has been told the feed: every event up to ``seen`` and every change of access up to ``gained``
    was looked at, on ``day``.
    """

    seen: str
    gained: str
    day: date


BEGINNING: Final = event_number(0)


def new_to(call: Call, position: Position, today: date) -> ColumnElement[bool]:
    """What the calling system was not given yet; of cancellations only those whose report it was given (contract 5.1).

    Looked at are the events after its position, and all of those youths of whom more may be seen since: by a change
    of access, or by a birthday.
    """
    gained = exists().where(feed_gained.c.person_id == person.c.id, feed_gained.c.plads > position.gained)
    return and_(
        or_(
            haendelse.c.nummer > position.seen,
            gained.correlate(person),
            person.c.turns_15.between(position.day, today),
            person.c.turns_25.between(position.day, today),
        ),
        not_(_given(call, haendelse.c.nummer)),
        or_(not_(haendelse.c.annullering), _given(call, haendelse.c.annulleret_haendelse_nummer)),
    )


def _given(call: Call, nummer: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(
        hentet.c.system_id == call.system_id,
        hentet.c.modtager == call.institution_nummer,
        hentet.c.nummer == nummer,
        hentet.c.givet_tid.is_not(None),
    )


def lock_position(connection: Connection, call: Call, today: date) -> Position:
    """Let one system's calls without criterion come one after the other, per recipient; gives how far it has come.

    A new system begins with everything. So does one whose clock was set back (in the sandbox): what was given stays
    given.
    """
    values = {
        "system_id": call.system_id,
        "modtager": call.institution_nummer,
        "seen": BEGINNING,
        "gained": BEGINNING,
        "day": today,
    }
    connection.execute(_insert(connection, feed_position).values(values).on_conflict_do_nothing())
    columns = (feed_position.c.seen, feed_position.c.gained, feed_position.c.day)
    found = Position(*connection.execute(select(*columns).where(_position(call)).with_for_update()).one())
    return found if found.day <= today else Position(BEGINNING, BEGINNING, today)


def move_position(connection: Connection, call: Call, position: Position) -> None:
    """Remember how far a system has come; the caller holds its position."""
    connection.execute(
        update(feed_position)
        .where(_position(call))
        .values(seen=position.seen, gained=position.gained, day=position.day)
    )


def after_page(before: Position, page: Page, today: date) -> Position:
    """How far a system has come with a page: while more waits, only as far as the page goes."""
    if page.more:
        return replace(before, seen=max(before.seen, page.last or before.seen))
    return Position(page.committed, page.committed, today)


def mark_fetched(connection: Connection, call: Call, page: Page, *, given: bool) -> None:
    """Record each event's first fetch, and with ``given`` its first answer without criterion."""
    if not page.given:
        return
    now = system_time()
    statement = _insert(connection, hentet)
    first = {"givet_tid": func.coalesce(hentet.c.givet_tid, statement.excluded.givet_tid)}
    connection.execute(
        statement.on_conflict_do_update(index_elements=[*hentet.primary_key.columns], set_=first),
        [
            {
                "system_id": call.system_id,
                "modtager": call.institution_nummer,
                "nummer": item.event.nummer,
                "hentet_tid": now,
                "givet_tid": now if given else None,
            }
            for item in page.given
        ],
    )


def take_back(connection: Connection, call: Call, page: Page, before: Position) -> None:
    """Make the events of a page new again that was not handed over whole (contract 2)."""
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


def _position(call: Call) -> ColumnElement[bool]:
    return and_(feed_position.c.system_id == call.system_id, feed_position.c.modtager == call.institution_nummer)


def _insert(connection: Connection, table: Any) -> Any:
    # ON CONFLICT is the same in both, but SQLAlchemy has an insert of its own for each.
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
