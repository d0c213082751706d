"""Frozen figures: what the table ``opgoerelse`` holds, and the only module that reads and writes it (portal 3.0.3).

A *run* is one computation of one definition for one status day; a *figure* is one count of a run. Rows are added and
never changed: who computes a day again adds a run with the next number. A run is *provisional* (``foreloebig``) until
the month of eIndkomst that contains its day is delivered. The first run that is final (``endelig``) is *frozen*: it is
the published one, whatever is computed later. Before there is one, the latest provisional run is shown.

To show a month: ``published`` gives the run, ``figures`` its counts. To show what has changed since: ``latest``. For a
line over months: ``series``.

Every margin is stored as a figure of its own: ``kommunekode`` None is the whole country, ``alder`` None all ages,
``koen`` None both sexes. The whole country's figures are there even when they are 0. Of a kommune a count of 0 is left
out unless it is hidden, so a figure that is not there is a 0 that everyone may see. ``kommunekode`` 000 counts
residents whose kommune is not known, so that the kommuner add up to the country.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select

from udb.statistics.suppression import Skjult
from udb.store.tables import opgoerelse

WHOLE_COUNTRY: Final = None
"""The ``kommunekode`` of figures of the whole country."""
UNKNOWN_KOMMUNE: Final = "000"
"""The ``kommunekode`` of residents whose kommune is not known."""
_AT_ONCE: Final = 2000


class Status(StrEnum):
    """Whether the month of eIndkomst of the status day was delivered when the figures were computed."""

    FORELOEBIG = "foreloebig"
    ENDELIG = "endelig"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One computation of a definition for a status day.

    ``definition``: its short name (``restgruppe``, ``kui``). ``koersel``: 1 for the day's first run.
    ``indkomst_maaned``: the last day of the month of eIndkomst that was used, None when none was delivered.
    ``beregnet``: by the domain's clock. ``beregnet_af_nummer``: the highest event number that it saw. ``frosset``: the
    published run of its day. ``dagens_bopael``: the day is from before addresses were kept, so today's were counted
    ("efter dagens bopæl").
    """

    definition: str
    version: str
    dag: date
    koersel: int
    status: Status
    indkomst_maaned: date | None
    beregnet: datetime
    beregnet_af_nummer: str
    frosset: bool
    dagens_bopael: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One count of a run.

    ``maal``: what is counted: a sub-group's name, ``i_alt`` (the sum of the sub-groups) or ``P`` (the population of
    which it is a share). ``gruppe``: a dimension of the definition's own, such as the education and year of a cohort;
    None where it has none. ``alder``: 15-17, 18-24, 25-29; ``koen``: K, M; None: all.
    """

    kommunekode: str | None
    maal: str
    antal: int
    gruppe: str | None = None
    alder: str | None = None
    koen: str | None = None
    skjult: Skjult = Skjult.INGEN


def runs(connection: Connection, definition: str, *, days: Collection[date] | None = None) -> list[Run]:
    """Return all runs of a definition, of every version, by day and number; ``days``: of these days alone."""
    query = select(*_RUN).where(_row.definition == definition, _row.kommunekode == "").distinct()
    if days is not None:
        query = query.where(_row.dag.in_(days))
    return [_run(row) for row in connection.execute(query.order_by(_row.dag, _row.koersel, _row.version))]


def published(connection: Connection, definition: str, dag: date) -> Run | None:
    """Return the run to be shown for a day: the frozen one, else the latest; None when there is none.

    Of two versions the later one is shown.
    """
    return _published(runs(connection, definition, days=[dag]))


def published_days(connection: Connection, definition: str) -> dict[date, Run]:
    """Return the run to be shown for each day that has one, by day, in ascending order."""
    by_day: dict[date, list[Run]] = {}
    for run in runs(connection, definition):
        by_day.setdefault(run.dag, []).append(run)
    shown = ((day, _published(of_day)) for day, of_day in by_day.items())
    return {day: run for day, run in shown if run is not None}


def latest(connection: Connection, definition: str, dag: date) -> Run | None:
    """Return the latest run of a day, to be compared with the published one; None when there is none."""
    return max(runs(connection, definition, days=[dag]), key=_age, default=None)


def figures(
    connection: Connection,
    run: Run,
    *,
    kommuner: Collection[str | None] | None = None,
    totals_only: bool = False,
) -> list[Figure]:
    """Return the figures of a run, by kommune (the whole country first), gruppe, maal, age and sex.

    ``kommuner``: of these alone (None among them: the whole country). ``totals_only``: of all ages and both sexes
    together.
    """
    conditions = [_of(run)]
    if kommuner is not None:
        conditions.append(_row.kommunekode.in_([kode or "" for kode in kommuner]))
    if totals_only:
        conditions += [_row.alder == "", _row.koen == ""]
    order = (_row.kommunekode, _row.gruppe, _row.maal, _row.alder, _row.koen)
    return [_figure(row) for row in connection.execute(select(*_FIGURE).where(*conditions).order_by(*order))]


def series(
    connection: Connection, definition: str, kommunekode: str | None, maal: Collection[str]
) -> list[tuple[Run, dict[str, Figure]]]:
    """Return, for each day and version that has a published run, its totals of some measures, by measure; in order.

    Of all ages and both sexes together, and of no ``gruppe``. A measure that is not there is 0.
    """
    by_version: dict[tuple[date, str], list[Run]] = {}
    for one in runs(connection, definition):
        by_version.setdefault((one.dag, one.version), []).append(one)
    published = [_published(some) for _, some in sorted(by_version.items())]
    shown = {(run.dag, run.version, run.koersel): run for run in published if run is not None}
    query = select(_row.dag, _row.version, _row.koersel, *_FIGURE).where(
        _row.definition == definition,
        _row.kommunekode == (kommunekode or ""),
        _row.maal.in_(maal),
        *(column == "" for column in (_row.gruppe, _row.alder, _row.koen)),
    )
    found: dict[Run, dict[str, Figure]] = {run: {} for run in shown.values()}
    for row in connection.execute(query):
        if (run := shown.get((row.dag, row.version, row.koersel))) is not None:
            found[run][row.maal] = _figure(row)
    return list(found.items())


def next_number(connection: Connection, definition: str, dag: date) -> int:
    """Return the number of the next run of a day."""
    query = select(func.max(_row.koersel)).where(_row.definition == definition, _row.dag == dag)
    return (connection.execute(query).scalar_one() or 0) + 1


def is_frozen(connection: Connection, definition: str, dag: date, version: str) -> bool:
    """Return whether a day has a frozen run of a version."""
    of_day = (_row.definition == definition, _row.kommunekode == "", _row.dag == dag, _row.version == version)
    return connection.execute(select(1).where(*of_day, _row.frosset).limit(1)).first() is not None


def write(connection: Connection, run: Run, found: Iterable[Figure]) -> int:
    """Add a run and its figures, of which the whole country's must be among them; return how many rows it has.

    A figure of a kommune that is 0, and not hidden, is left out. Raises IntegrityError when another run has taken the
    number: the caller's transaction is lost, and the run can be made again.
    """
    of_run = {name: getattr(run, name) for name in _RUN_NAMES}
    rows = (
        {
            **of_run,
            "kommunekode": one.kommunekode or "",
            "maal": one.maal,
            "gruppe": one.gruppe or "",
            "alder": one.alder or "",
            "koen": one.koen or "",
            "antal": one.antal,
            "skjult": one.skjult,
        }
        for one in found
        if one.antal or one.kommunekode is None or one.skjult is not Skjult.INGEN
    )
    written = 0
    while some := list(islice(rows, _AT_ONCE)):
        connection.execute(insert(opgoerelse), some)
        written += len(some)
    return written


_row: Final = opgoerelse.c
_RUN_NAMES: Final = tuple(Run.__dataclass_fields__)
_RUN: Final = [_row[name] for name in _RUN_NAMES]
_FIGURE: Final = [_row[name] for name in Figure.__dataclass_fields__]


def _run(row: Row[Any]) -> Run:
    return Run(**{**row._asdict(), "status": Status(row.status)})


def _figure(row: Row[Any]) -> Figure:
    return Figure(
        kommunekode=row.kommunekode or None,
        maal=row.maal,
        antal=row.antal,
        gruppe=row.gruppe or None,
        alder=row.alder or None,
        koen=row.koen or None,
        skjult=Skjult(row.skjult),
    )


def _age(run: Run) -> tuple[int, str, int]:
    return len(run.version), run.version, run.koersel


def _published(of_day: Sequence[Run]) -> Run | None:
    frozen = [run for run in of_day if run.frosset]
    return max(frozen or of_day, key=_age, default=None)


def _of(run: Run) -> ColumnElement[bool]:
    of_run = (
        _row.definition == run.definition,
        _row.dag == run.dag,
        _row.version == run.version,
        _row.koersel == run.koersel,
    )
    return of_run[0] & of_run[1] & of_run[2] & of_run[3]
