"""``udb statistics run``: compute a month's figures from one moment of the register, and keep them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, func, select, text

from udb import settings
from udb.domain.clock import danish_date, month_end, month_in_words
from udb.domain.errors import WrongUse
from udb.domain.identifiers import event_number
from udb.statistics import frozen
from udb.statistics.definitions.definition import Definition
from udb.statistics.frozen import Run, Status
from udb.statistics.frozen_contacts import freeze_contacts
from udb.statistics.hiding import with_signs
from udb.statistics.monthly.count import StatusDay, count, status_days
from udb.statistics.monthly.income import delivered
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import allow_memory, reading, writing
from udb.store.locks import one_run_at_a_time
from udb.store.tables import bopael, counter


@dataclass(frozen=True, slots=True)
class Computed:
    """The figures of some status days, not stored yet.

    ``youths``: how many were read; ``nummer``: the highest event; ``addresses_since``: the day since which addresses
    are kept.
    """

    days: Sequence[StatusDay]
    youths: int
    beregnet: datetime
    nummer: str
    addresses_since: date | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did. ``rows``: of the month; ``years``: whose contacts it froze."""

    month: date
    youths: int
    rows: int
    status: Status
    indkomst_maaned: date | None
    years: Sequence[int] = ()


def run(read: Engine, engine: Engine, month: date | None = None) -> Result:
    """Compute the figures of a month and add them to those that are there, in one transaction.

    ``read``: the database, or a standby of it; ``month``: its first day, None for the month of the domain's clock.
    Then freeze the contacts of the years that are over. Raises WrongUse for a month in the future, DatabaseUnavailable.
    """
    with snapshot(read) as connection:
        found = compute(connection, None if month is None else [month])
    with writing(engine) as connection:
        rows = store(connection, found)
        years = freeze_contacts(connection)
    day = found.days[0]
    return Result(day.dag, found.youths, rows, _status(day), day.maaned, years)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a transaction that only reads, and sees one moment: SQLite's always does. Neither blocks a writer."""
    is_postgresql = engine.dialect.name == "postgresql"
    moment = engine.execution_options(isolation_level="REPEATABLE READ") if is_postgresql else engine
    with reading(moment) as connection:
        if is_postgresql:
            connection.execute(text("SET TRANSACTION READ ONLY"))
        allow_memory(connection)
        yield connection


def compute(connection: Connection, months: Sequence[date] | None = None) -> Computed:
    """Count for some months, named by their first days, in one pass; None: the month of the domain's clock.

    Raises WrongUse for a month in the future.
    """
    now = state.now(connection)
    today = now.date()
    wanted = [today.replace(day=1)] if months is None else months
    if late := [one for one in wanted if one > today]:
        raise WrongUse(f"{month_in_words(late[0])} has not begun: a month is computed from its first day on.")
    known = delivered(connection)
    days = [day for one in wanted for day in status_days(one, today, known)]
    youths = count(connection, days, load_codes(connection))
    last = connection.execute(select(counter.c.last)).scalar_one()
    since = connection.execute(select(func.min(bopael.c.registreret))).scalar_one()
    return Computed(days, youths, now, event_number(int(last)), None if since is None else danish_date(since))


def store(connection: Connection, found: Computed, limit: int | None = None) -> int:
    """Add the figures of each day as a run of its own, and return how many rows they have.

    ``limit``: below it counts are hidden from others, and as many others as it takes; None: the setting's.
    """
    # The number of a run, and which one is frozen, follow from those that are there.
    one_run_at_a_time(connection)
    rows, limit = 0, settings.load().diskretion if limit is None else limit
    for day in found.days:
        counted = day.figures()
        by_name = {definition.kort: figures for definition, figures in counted}
        # No count is below 1: choosing would still take its time.
        signed = with_signs(by_name, limit) if limit > 1 else by_name
        for definition, _ in counted:
            rows += frozen.write(connection, _run(connection, definition, day, found), signed[definition.kort])
    return rows


def _run(connection: Connection, definition: Definition, day: StatusDay, found: Computed) -> Run:
    is_first = day.is_final and not frozen.is_frozen(connection, definition.kort, day.dag, definition.version)
    return Run(
        definition=definition.kort,
        version=definition.version,
        dag=day.dag,
        koersel=frozen.next_number(connection, definition.kort, day.dag),
        status=_status(day),
        indkomst_maaned=day.maaned,
        beregnet=found.beregnet,
        beregnet_af_nummer=found.nummer,
        frosset=is_first,
        dagens_bopael=found.addresses_since is None or day.dag < found.addresses_since,
    )


def _status(day: StatusDay) -> Status:
    return Status.ENDELIG if day.is_final else Status.FORELOEBIG


def due(connection: Connection) -> list[date]:
    """Return the months to be computed now: the one of today if it has no run, and those whose month of eIndkomst has
    been delivered since they were computed; named by their first days, in ascending order.
    """
    this = state.now(connection).date().replace(day=1)
    shown = {run.dag: run for run in frozen.published_days(connection, "restgruppe").values()}
    known = set(delivered(connection))
    late = [day for day, run in shown.items() if not run.frosset and month_end(day) in known]
    return sorted({*late, *(() if this in shown else (this,))})
