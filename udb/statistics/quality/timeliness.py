"""How late each sender's reports are, by month (docs/spec/quality.md, Timeliness)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select

from udb.domain.clock import add_months, midnight
from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET
from udb.statistics.quality import kept
from udb.statistics.quality.delays import Delay, figures, late, together
from udb.store.tables import haendelse, modtagelse

MONTHS: Final = 13
"""How many months are kept, the present one included."""
_NAME: Final = "rettidighed."


class Slags(StrEnum):
    """The kinds of event, in the order in which pages have them."""

    AFBRUDT = "afbrudt"
    GENNEMFOERT = "gennemfoert"
    RISIKO = "risiko"
    OPTAGET = "optaget"


@dataclass(frozen=True, slots=True)
class Line:
    """A sender's reports of a kind in a month. ``dage``: how many reports were so many days late; ``tal``: their
    figures, when the line is read.
    """

    institution_nummer: str
    service: str
    system_id: str | None
    slags: Slags
    dage: dict[int, int]
    tal: Delay | None = None


def month_of(day: date) -> str:
    """Return a month's name: ``2026-08``."""
    return f"{day:%Y-%m}"


def first_day(month: str) -> date:
    """Return the first day of a named month."""
    return date.fromisoformat(f"{month}-01")


def refresh_months(connection: Connection, now: datetime) -> None:
    """Keep the months up to the present one. One that was over when it was worked out is left as it is.

    ``now``: the domain's.
    """
    present = now.date().replace(day=1)
    wanted = [month_of(add_months(present, -back)) for back in range(MONTHS)]
    for name in kept.names(connection, _NAME):
        if name.removeprefix(_NAME) not in wanted:
            kept.forget(connection, name)
    missing = [month for month in wanted if not _is_final(connection, month)]
    for month, lines in _counted(connection, missing).items():
        rows = [
            [one.institution_nummer, one.service, one.system_id, one.slags, list(one.dage.items())] for one in lines
        ]
        land = {
            slags: list(together(one.dage for one in lines if one.slags is slags).items())
            for slags in Slags
            if any(one.slags is slags for one in lines)
        }
        kept.keep(connection, f"{_NAME}{month}", {"raekker": rows, "land": land}, now)


def months(connection: Connection) -> list[str]:
    """Return the months that are kept, the latest first."""
    return [name.removeprefix(_NAME) for name in reversed(kept.names(connection, _NAME))]


def lines(connection: Connection, month: str, of: Collection[str] | None) -> tuple[list[Line], datetime] | None:
    """Return the lines of a month, of some institutions or of all (None), and when they were worked out."""
    found = kept.kept(connection, f"{_NAME}{month}", _made)
    if found is None:
        return None
    return [one for one in found.content.lines if of is None or one.institution_nummer in of], found.beregnet


def country(connection: Connection, month: str) -> Mapping[Slags, Mapping[int, int]]:
    """Return the counts of the whole country in a month, by kind."""
    found = kept.kept(connection, f"{_NAME}{month}", _made)
    return found.content.land if found is not None else {}


@dataclass(frozen=True, slots=True)
class _Month:
    lines: Sequence[Line]
    land: Mapping[Slags, Mapping[int, int]]


def _made(content: Any) -> _Month:
    return _Month(
        [
            Line(row[0], row[1], row[2], Slags(row[3]), dict(row[4]), figures(dict(row[4])))
            for row in content["raekker"]
        ],
        {Slags(name): dict(rows) for name, rows in content["land"].items()},
    )


def by_month(
    connection: Connection, sender: tuple[str, str, str | None], wanted: Sequence[str]
) -> dict[str, dict[Slags, dict[int, int]]]:
    """Return a sender's counts of each month, by kind, from the kept months."""
    found: dict[str, dict[Slags, dict[int, int]]] = {}
    for month in wanted:
        known = lines(connection, month, {sender[0]})
        of_month = known[0] if known is not None else []
        found[month] = {
            one.slags: one.dage for one in of_month if (one.service, one.system_id) == (sender[1], sender[2])
        }
    return found


def _is_final(connection: Connection, month: str) -> bool:
    known = kept.worked_out(connection, f"{_NAME}{month}")
    return known is not None and known >= midnight(add_months(first_day(month), 1))


def _counted(connection: Connection, wanted: Sequence[str]) -> dict[str, list[Line]]:
    if not wanted:
        return {}
    firsts = sorted(first_day(month) for month in wanted)
    until = [(modtagelse.c.tid < midnight(add_months(first, 1)), month_of(first)) for first in firsts]
    month = case(*until, else_=literal("")).label("month")
    key = (modtagelse.c.institution_nummer, modtagelse.c.service, modtagelse.c.system_id)
    days = modtagelse.c.forsinkelse_dage
    each = (
        select(month, *key, _slags().label("slags"), days)
        .join_from(modtagelse, haendelse, haendelse.c.nummer == modtagelse.c.nummer)
        .where(
            modtagelse.c.resultat == "A",
            modtagelse.c.slags == "ny",
            days.is_not(None),
            modtagelse.c.tid >= midnight(firsts[0]),
            modtagelse.c.tid < midnight(add_months(firsts[-1], 1)),
        )
        .subquery()
    )
    query = select(*each.c, func.count()).where(each.c.slags.is_not(None)).group_by(*each.c)
    found: dict[tuple[Any, ...], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in connection.execute(query):
        name, *of, kind, delay, count = row
        if name in wanted:
            found[name, *of, kind][late(delay)] += count
    by_month_: dict[str, list[Line]] = {month: [] for month in wanted}
    for (name, number, service, system, kind), dage in sorted(found.items(), key=lambda one: tuple(map(str, one[0]))):
        by_month_[name].append(Line(number, service, system, Slags(kind), dict(dage)))
    return by_month_


def _slags() -> ColumnElement[Any]:
    event = haendelse.c
    return case(
        (event.status == AFBRUDT, Slags.AFBRUDT.value),
        (event.status == GENNEMFOERT, Slags.GENNEMFOERT.value),
        (
            or_(event.ifoelge_kommunen == "Risiko", and_(event.frafaldstruet_markering, event.status == OPTAGET)),
            Slags.RISIKO.value,
        ),
        (event.status == OPTAGET, Slags.OPTAGET.value),
    )
