"""Picking a page: after a number, or all that is new to the calling system (access.md, The feed)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from udb.call import Call
from udb.clock import system_time
from udb.haendelse import Haendelse
from udb.hentning.present import Given, Youth
from udb.identifiers import event_number
from udb.store.events import EVENT_COLUMNS, as_event
from udb.store.tables import counter, feed_position, haendelse, hentet, institution, person


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


def pick(connection: Connection, condition: ColumnElement[bool], size: int | None = None) -> Page:
    """The first ``size`` events under a condition (None: all), in one statement: page and highest number are of one
    snapshot.
    """
    wanted = (
        select(
            person.c.id.label("the_person"),
            person.c.cprnr.label("the_cprnr"),
            person.c.turns_25.label("turns_25"),
            *_labelled(),
        )
        .select_from(
            haendelse.join(person, person.c.id == haendelse.c.person_id).outerjoin(
                institution, institution.c.nummer == haendelse.c.institution_nummer
            )
        )
        .where(condition)
        .order_by(haendelse.c.nummer)
        .limit(None if size is None else size + 1)
        .subquery()
    )
    query = select(counter.c.last, wanted).select_from(counter.outerjoin(wanted, wanted.c.the_person.is_not(None)))
    rows = connection.execute(query.order_by(wanted.c.e_nummer)).all()
    found = [Given(Youth(*row[1:4]), as_event(row[4:])) for row in rows if row[1] is not None]
    return Page(found[:size], size is not None and len(found) > size, event_number(int(rows[0][0])))


def _labelled() -> list[ColumnElement[Any]]:
    return [column.label(f"e_{column.name}") for column in EVENT_COLUMNS]


def after(nummer: str) -> ColumnElement[bool]:
    """Events with a higher number."""
    return haendelse.c.nummer > nummer


def new_to(call: Call) -> ColumnElement[bool]:
    """What the calling system was not given yet; of cancellations only those whose report it was given (contract
    5.1).
    """
    return and_(
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


def lock_position(connection: Connection, call: Call) -> None:
    """Let one system's calls without criterion come one after the other, per recipient."""
    values = {"system_id": call.system_id, "modtager": call.institution_nummer}
    connection.execute(_insert(connection, feed_position).values(values).on_conflict_do_nothing())
    connection.execute(select(feed_position.c.modtager).where(_position(call)).with_for_update())


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


def take_back(connection: Connection, call: Call, page: Page) -> None:
    """Make the events of a page new again that was not handed over whole (contract 2)."""
    lock_position(connection, call)
    connection.execute(
        update(hentet)
        .where(
            hentet.c.system_id == call.system_id,
            hentet.c.modtager == call.institution_nummer,
            hentet.c.nummer.in_([event.nummer for event in page.events]),
        )
        .values(givet_tid=None)
    )


def _position(call: Call) -> ColumnElement[bool]:
    return and_(feed_position.c.system_id == call.system_id, feed_position.c.modtager == call.institution_nummer)


def _insert(connection: Connection, table: Any) -> Any:
    # ON CONFLICT is the same in both, but SQLAlchemy has an insert of its own for each.
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
