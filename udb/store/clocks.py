"""Read the clocks by which a host's clock is judged, and refuse what cannot be taken back when they disagree.

The row ``ur`` of ``state``: ``{"tid": the latest system time that was found right, "nummer": , "blok": }``. Numbers and
blocks up to those two say nothing about the time: an operator has accepted them, or a restore has moved them ahead. Nor
do numbers that count on from that one while it is ahead of the clock.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Select, cast, func, null, select, true

from udb.domain.clock import system_time
from udb.domain.clocks import MINUTES, SILENT_WHILE_SERVED, Clocks, Seen, disagreement
from udb.domain.errors import ClockDisagrees
from udb.domain.identifiers import number_time
from udb.store import state
from udb.store.engine import reading
from udb.store.sql.dialects import insert_into
from udb.store.sql.prepared import Prepared
from udb.store.tables import counter
from udb.store.tables import state as table
from udb.store.tables.log import read_log_block
from udb.store.tables.types import Instant

LIMIT: Final = timedelta(minutes=MINUTES)
CLOCK: Final = "ur"
"""The name of the row in ``state``."""
NOTED_EVERY: Final = timedelta(hours=1)
"""How often the running service notes the time."""
_COUNTED_ON: Final = timedelta(minutes=1)
"""How far numbers that count on can come, at a million in a millisecond."""
_NUMBER: Final = "the last number drawn"
_BLOCK: Final = "the last block of the read log"
_NOTED: Final = "the time that was last noted as right"
_UNREADABLE: Final = f"The state has another value than a time for {_NOTED}. If the clock is right: udb clock accept"


def database_clock(dialect: str) -> ColumnElement[Any]:
    """Return the database's own clock; NULL on SQLite, which has this host's."""
    if dialect != "postgresql":
        return cast(null(), Instant())
    return cast(func.timezone("UTC", func.clock_timestamp()), Instant())


def read(connection: Connection) -> Clocks:
    """Return the clocks of this moment. Raises ClockDisagrees when the time last noted cannot be read."""
    before = system_time()
    rows = _READ.rows(connection)
    host = before + (system_time() - before) / 2
    last, noted, database, number, sealed, *sandbox = rows[0]
    block = None if number is None else (number, sealed)
    return judged_by(host, database, last=last, noted=noted, block=block, sandbox=any(sandbox))


def judged_by(
    host: datetime,
    database: datetime | None,
    *,
    last: str,
    noted: Mapping[str, Any] | None,
    block: tuple[int, datetime] | None = None,
    sandbox: bool,
) -> Clocks:
    """Return the clocks of a moment.

    ``last``: the last number drawn. ``noted``: the value of ``ur``. ``block``: number and system time of the last
    block. ``sandbox``: the domain clock can be set, so numbers say nothing. Raises ClockDisagrees when ``noted`` cannot
    be read: whoever may write that row would otherwise end every call as a defect.
    """
    tid, number, sealed = _understood(noted)
    seen = []
    drawn, accepted = number_time(int(last)), number_time(number)
    if not sandbox and drawn is not None and (accepted is None or drawn > accepted + _COUNTED_ON):
        seen.append(Seen(_NUMBER, drawn))
    if block is not None and block[0] > sealed:
        seen.append(Seen(_BLOCK, block[1]))
    if tid is not None:
        seen.append(Seen(_NOTED, tid))
    return Clocks(host, database, seen, sandbox)


def _understood(noted: Any) -> tuple[datetime | None, int, int]:
    """Return what the row ``ur`` says: its time in UTC, number and block. Raises ClockDisagrees when it says none."""
    try:
        noted = noted or {}
        tid = datetime.fromisoformat(noted["tid"]) if "tid" in noted else None
        if tid is not None and tid.tzinfo is None:
            raise ValueError
        return tid and tid.astimezone(UTC), int(noted.get("nummer", 0)), int(noted.get("blok", 0))
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise ClockDisagrees(_UNREADABLE) from None


def require(connection: Connection, *, limit: timedelta = LIMIT, silence: timedelta) -> Clocks:
    """Return the clocks; ``limit`` and ``silence`` as in ``disagreement``. Raises ClockDisagrees, with what to do."""
    found = read(connection)
    wrong = disagreement(found, limit=limit, silence=silence)
    if wrong is not None:
        raise ClockDisagrees(wrong)
    return found


def require_in(engine: Engine, limit: timedelta) -> None:
    """Raise ClockDisagrees, as ``require`` does, for a job of a service; DatabaseUnavailable."""
    with reading(engine) as connection:
        require(connection, limit=limit, silence=SILENT_WHILE_SERVED)


def is_noted(connection: Connection, clocks: Clocks) -> bool:
    """Return whether a clock was found right, and that noted, within the hour before it."""
    noted = state.read(connection, CLOCK) or {}
    return "tid" in noted and abs(clocks.host - datetime.fromisoformat(noted["tid"])) < NOTED_EVERY


def note(connection: Connection, clocks: Clocks) -> None:
    """Note that a clock was found right."""
    noted = state.read(connection, CLOCK) or {}
    _write(connection, {**noted, "tid": clocks.host.isoformat()})


def accept(connection: Connection) -> None:
    """Note this host's clock as right, whatever numbers and blocks say that are stored by now."""
    block = connection.execute(select(func.max(read_log_block.c.nummer))).scalar_one() or 0
    last = connection.execute(select(counter.c.last)).scalar_one()
    _write(connection, {"tid": system_time().isoformat(), "nummer": last, "blok": block})


def _write(connection: Connection, value: dict[str, Any]) -> None:
    row = insert_into(connection.dialect.name, table).values(name=CLOCK, value=value)
    connection.execute(row.on_conflict_do_update(index_elements=[table.c.name], set_={"value": row.excluded.value}))


def _read(dialect: str) -> Select[Any]:
    latest = read_log_block.alias("latest")
    block = select(latest).order_by(latest.c.nummer.desc()).limit(1).subquery()
    return select(
        counter.c.last,
        state.value_of(CLOCK),
        database_clock(dialect),
        block.c.nummer,
        block.c.forseglet,
        *(select(table.c.name).where(table.c.name == name).scalar_subquery() for name in state.SETS_THE_CLOCK),
    ).select_from(counter.outerjoin(block, true()))


_READ: Final = Prepared(_read)
