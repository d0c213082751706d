"""The reports that an institution has made, for its user administrator (A12). Every answer is preceded by its row in
the read log, committed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, select

from udb.access.own_reports import CLAUSE, a12_own_reports
from udb.context import Context
from udb.domain.call import Call
from udb.domain.clock import midnight
from udb.domain.haendelse import Haendelse
from udb.indberetning.modtagelse import PROEVE, REFUSED
from udb.readlog.entries import NO_PERSON, log_read
from udb.store.engine import writing
from udb.store.events import EVENT_COLUMNS, WITH_REPORTER, as_event
from udb.store.tables import haendelse, haendelse_raad, institution, modtagelse, system

PAGE: Final = 100
"""How many reports one page has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What to look for; None: no matter. ``fra``, ``til``: days on which it was registered, both included.

    ``system_id``: the system that sent it. ``annulleret``: whether it is cancelled. ``foer``: only lower numbers.
    """

    fra: date | None = None
    til: date | None = None
    status: int | None = None
    service: str | None = None
    system_id: str | None = None
    annulleret: bool | None = None
    foer: str | None = None


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report. ``system``: the name of the system that sent it, None where no one knows it any more.

    ``raad``: the codes of the advice it was accepted with; lists leave them out.
    """

    event: Haendelse
    system: str | None
    raad: tuple[str, ...] = ()


_REPORTS: Final = select(haendelse.c.person_id, system.c.navn, *EVENT_COLUMNS).select_from(
    WITH_REPORTER.outerjoin(system, system.c.id == haendelse.c.system_id)
)


def own_reports(
    context: Context, call: Call, hovedinstitution: str, sought: Sought, *, most: int = PAGE
) -> tuple[list[OwnReport], bool]:
    """Return the newest reports of a main institution that fit, and whether there are more than ``most``."""
    with writing(context.engine) as connection:
        query = _REPORTS.where(a12_own_reports(hovedinstitution), *_conditions(sought))
        rows = connection.execute(query.order_by(haendelse.c.nummer.desc()).limit(most + 1)).all()
        shown = rows[:most]
        found = [OwnReport(as_event(row[2:]), row[1]) for row in shown]
        if found:
            persons = {row[0] for row in shown}
            first, last = found[-1].event.nummer, found[0].event.nummer
            log_read(connection, call, persons, clause=CLAUSE, first=first, last=last)
        return found, len(rows) > most


def own_report(context: Context, call: Call, hovedinstitution: str, nummer: str) -> OwnReport | None:
    """Return a report of a main institution; None when there is none of that number, or it is another's."""
    with writing(context.engine) as connection:
        query = _REPORTS.where(haendelse.c.nummer == nummer, a12_own_reports(hovedinstitution))
        row = connection.execute(query).one_or_none()
        if row is None:
            log_read(connection, call, [NO_PERSON], clause=None)
            return None
        log_read(connection, call, [row[0]], clause=CLAUSE, first=nummer, last=nummer)
        return OwnReport(as_event(row[2:]), row[1], _raad(connection, nummer))


def refused_since(connection: Connection, hovedinstitution: str, instant: datetime) -> int:
    """Return how many reports of a main institution were refused since ``instant``, over all systems; no trials.

    A number that shows no youth: it needs no row of the read log.
    """
    under = select(institution.c.nummer).where(institution.c.hovedinstitution == hovedinstitution)
    query = select(func.count()).where(
        modtagelse.c.institution_nummer.in_(under),
        modtagelse.c.resultat == REFUSED,
        modtagelse.c.slags != PROEVE,
        modtagelse.c.tid >= instant,
    )
    return connection.execute(query).scalar_one()


def _raad(connection: Connection, nummer: str) -> tuple[str, ...]:
    query = select(haendelse_raad.c.fejl_kode).where(haendelse_raad.c.nummer == nummer)
    return tuple(sorted(connection.execute(query).scalars()))


def _conditions(sought: Sought) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.fra is not None:
        found.append(haendelse.c.registreringstid >= midnight(sought.fra))
    if sought.til is not None:
        found.append(haendelse.c.registreringstid < midnight(sought.til + timedelta(days=1)))
    for column, value in (
        (haendelse.c.status, sought.status),
        (haendelse.c.service, sought.service),
        (haendelse.c.system_id, sought.system_id),
        (haendelse.c.annulleret, sought.annulleret),
    ):
        if value is not None:
            found.append(column == value)
    if sought.foer is not None:
        found.append(haendelse.c.nummer < sought.foer)
    return found
