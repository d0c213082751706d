"""Figures that a job works out and pages show until it works them out again.

They are values of ``state``, which every worker sees: one small row says when a figure was worked out, one has its
content. A worker that has read the content keeps it until the small row changes. No figure names a youth.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, delete, or_, select

from udb.store import state
from udb.store.tables import state as table

T = TypeVar("T")
PREFIX: Final = "kvalitet."
_STAMP: Final = ".tid"
_MOST: Final = 40
"""Contents that a worker keeps in memory."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A figure, and when it was worked out, by the domain's clock."""

    content: T
    beregnet: datetime


_read: dict[str, tuple[str, Kept[Any]]] = {}


def keep(connection: Connection, name: str, content: Any, now: datetime) -> None:
    """Keep a figure, as JSON values, instead of the one of that name. ``now``: the domain's."""
    state.write(connection, f"{PREFIX}{name}", content)
    state.write(connection, f"{PREFIX}{name}{_STAMP}", {"id": str(uuid4()), "beregnet": now.isoformat()})


def kept(connection: Connection, name: str, made: Callable[[Any], T]) -> Kept[T] | None:
    """Return a figure as ``made`` makes it of its JSON values, once in a worker; None when none is worked out yet.

    The content is shared by all who read it: leave it as it is.
    """
    stamp = state.read(connection, f"{PREFIX}{name}{_STAMP}")
    if stamp is None:
        return None
    known = _read.get(name)
    if known is None or known[0] != stamp["id"]:
        found = raw(connection, name)
        if found is None:
            return None
        known = stamp["id"], Kept(made(found.content), found.beregnet)
        if len(_read) >= _MOST:
            _read.clear()
        _read[name] = known
    return known[1]


def raw(connection: Connection, name: str) -> Kept[Any] | None:
    """Return a figure's JSON values, from the database; None when none is worked out yet."""
    stamp = state.read(connection, f"{PREFIX}{name}{_STAMP}")
    if stamp is None:
        return None
    return Kept(state.read(connection, f"{PREFIX}{name}"), datetime.fromisoformat(stamp["beregnet"]))


def worked_out(connection: Connection, name: str) -> datetime | None:
    """Return when a figure was worked out; None when none is."""
    stamp = state.read(connection, f"{PREFIX}{name}{_STAMP}")
    return datetime.fromisoformat(stamp["beregnet"]) if stamp is not None else None


def names(connection: Connection, prefix: str) -> list[str]:
    """Return the names of the figures that begin with a text, in order."""
    begin = f"{PREFIX}{prefix}"
    found = connection.execute(select(table.c.name).where(table.c.name.startswith(begin, autoescape=True))).scalars()
    return sorted(name.removeprefix(PREFIX) for name in found if not name.endswith(_STAMP))


def forget(connection: Connection, name: str | None = None) -> None:
    """Remove a figure, or all (None), as when the sandbox is reset."""
    if name is None:
        connection.execute(delete(table).where(table.c.name.startswith(PREFIX, autoescape=True)))
        return
    both = or_(table.c.name == f"{PREFIX}{name}", table.c.name == f"{PREFIX}{name}{_STAMP}")
    connection.execute(delete(table).where(both))
