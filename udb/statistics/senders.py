"""Who sends what: a row for each institution, service and system (docs/spec/ground.md, Senders)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, select

from udb.domain.clock import danish_date, midnight
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor
from udb.statistics.verdict import LONG_SILENCE, WINDOW, Counts, Days, Verdict, until_yesterday, verdict, year_before
from udb.store.tables import haendelse, institution, modtagelse

ACCEPTED: Final = "A"
REFUSED: Final = "R"
PROEVE: Final = "proeve"
COUNTED: Final = and_(modtagelse.c.resultat.in_((ACCEPTED, REFUSED)), modtagelse.c.slags != PROEVE)
"""The reports that count: neither repetitions nor trials."""

_Key = tuple[str, str]
"""An institution and a service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What one system sends for an institution and service. ``system_id`` None: not known, the row was restored.

    ``accepteret``, ``afvist``: in the 30 days up to yesterday; ``aaret_foer``: accepted in the same days a year before,
    at least so many where ``nedre_graense`` is true. ``top_kode``: the most frequent refusal of those days.
    ``vurdering``: of institution and service, over all its systems. ``tilbage``: the day of the first accepted report
    after a silence, in the 30 days up to yesterday or today. ``afloest_af``, ``afloest_dato``: the system that followed
    this one, and the day of its first accepted report.
    """

    institution_nummer: str
    institution: str | None
    service: str
    system_id: str | None
    seneste_accepterede: datetime | None
    seneste_afviste: datetime | None
    accepteret: int
    afvist: int
    aaret_foer: int
    nedre_graense: bool
    top_kode: str | None
    vurdering: Verdict
    tilbage: date | None = None
    afloest_af: str | None = None
    afloest_dato: date | None = None


def senders(connection: Connection, today: date) -> list[Sender]:
    """Return every sender, by institution, service and system. ``today``: the domain's."""
    window = until_yesterday(today, WINDOW)
    before = year_before(window)
    groups: dict[_Key, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(_by_system(today)):
        groups[row.institution_nummer, row.service].append(row)
    known_from = connection.execute(select(func.min(modtagelse.c.tid)).where(~modtagelse.c.genskabt)).scalar_one()
    is_bound = known_from is None or before.first < danish_date(known_from)
    top, open_forloeb = _top_codes(connection, window), _open_forloeb(connection)
    names = dict(connection.execute(select(institution.c.nummer, institution.c.navn)).all())
    mains = dict(connection.execute(select(institution.c.nummer, institution.c.hovedinstitution)).all())
    found = []
    for key, rows in sorted(groups.items(), key=lambda group: group[0]):
        open_here = open_forloeb[mains.get(key[0], key[0])]
        judged = verdict(_together(rows, open_here), today)
        back = _back(connection, key, rows, open_here)
        for row in sorted(rows, key=lambda one: one.system_id or ""):
            follower = _follower(row, rows, window)
            found.append(
                Sender(
                    institution_nummer=key[0],
                    institution=names.get(key[0]),
                    service=key[1],
                    system_id=row.system_id,
                    seneste_accepterede=row.last,
                    seneste_afviste=row.last_refused,
                    accepteret=row.accepted,
                    afvist=row.refused,
                    aaret_foer=row.base,
                    nedre_graense=is_bound,
                    top_kode=top.get((*key, row.system_id)),
                    vurdering=judged,
                    tilbage=back,
                    afloest_af=follower.system_id if follower else None,
                    afloest_dato=danish_date(follower.first) if follower else None,
                )
            )
    return found


def verdicts_before(connection: Connection, day: date) -> dict[tuple[str, str], Verdict]:
    """Return the verdict that each pair of institution and service had when a day began.

    By the reports before it; open forloeb are counted as they are now.
    """
    open_forloeb = _open_forloeb(connection)
    mains = dict(connection.execute(select(institution.c.nummer, institution.c.hovedinstitution)).all())
    groups: dict[_Key, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(_by_system(day).where(modtagelse.c.tid < midnight(day))):
        groups[row.institution_nummer, row.service].append(row)
    return {key: verdict(_together(rows, open_forloeb[mains.get(key[0], key[0])]), day) for key, rows in groups.items()}


def by_verdict(connection: Connection, today: date) -> dict[Verdict, int]:
    """Return how many pairs of institution and service have each verdict."""
    judged = {(one.institution_nummer, one.service): one.vurdering for one in senders(connection, today)}
    counts = Counter(judged.values())
    return {one: counts[one] for one in Verdict}


def _by_system(today: date) -> Select[Any]:
    window, long = until_yesterday(today, WINDOW), until_yesterday(today, LONG_SILENCE)
    accepted, refused = modtagelse.c.resultat == ACCEPTED, modtagelse.c.resultat == REFUSED
    begin = midnight(window.first)
    key = (modtagelse.c.institution_nummer, modtagelse.c.service, modtagelse.c.system_id)
    return (
        select(
            *key,
            func.min(case((accepted, modtagelse.c.tid))).label("first"),
            func.max(case((accepted, modtagelse.c.tid))).label("last"),
            func.max(case((refused, modtagelse.c.tid))).label("last_refused"),
            func.max(case((and_(accepted, modtagelse.c.tid < begin), modtagelse.c.tid))).label("last_before"),
            func.min(case((and_(accepted, modtagelse.c.tid >= begin), modtagelse.c.tid))).label("first_since"),
            _count(accepted, window).label("accepted"),
            _count(refused, window).label("refused"),
            _count(accepted, year_before(window)).label("base"),
            _count(accepted, year_before(long)).label("base_long"),
        )
        .where(COUNTED)
        .group_by(*key)
    )


def _count(what: ColumnElement[bool], days: Days) -> ColumnElement[int]:
    return func.sum(case((and_(what, within(days)), 1), else_=0))


def within(days: Days) -> ColumnElement[bool]:
    """Return the condition for reports of some days, by the Danish clock."""
    return and_(modtagelse.c.tid >= midnight(days.first), modtagelse.c.tid < midnight(days.last + timedelta(days=1)))


def _together(rows: Sequence[Row[Any]], open_forloeb: int) -> Counts:
    first = min((row.first for row in rows if row.first), default=None)
    last = max((row.last for row in rows if row.last), default=None)
    return Counts(
        first=first and danish_date(first),
        last=last and danish_date(last),
        open_forloeb=open_forloeb,
        **{name: sum(getattr(row, name) for row in rows) for name in ("accepted", "refused", "base", "base_long")},
    )


def _back(connection: Connection, key: _Key, rows: Sequence[Row[Any]], open_forloeb: int) -> date | None:
    """Return the day of the first accepted report since the window began, if the verdict was ``tavs`` until then.

    Open forloeb are counted as they are now.
    """
    before = max((row.last_before for row in rows if row.last_before), default=None)
    since = min((row.first_since for row in rows if row.first_since), default=None)
    if before is None or since is None:
        return None
    day = danish_date(since)
    if day - danish_date(before) <= timedelta(days=WINDOW):
        return None
    until_then = _by_system(day).where(
        modtagelse.c.institution_nummer == key[0], modtagelse.c.service == key[1], modtagelse.c.tid < midnight(day)
    )
    then = _together(connection.execute(until_then).all(), open_forloeb)
    return day if verdict(then, day) is Verdict.TAVS else None


def _follower(row: Row[Any], rows: Sequence[Row[Any]], window: Days) -> Row[Any] | None:
    """Return the system that sends instead of this one, if there is one: it began later and went on longer.

    Where both sent for a time, this one must have sent nothing since the first day of the window.
    """
    if row.system_id is None or row.last is None:
        return None
    later = [
        other
        for other in rows
        if other.system_id is not None and other.first is not None and other.first > row.first and other.last > row.last
    ]
    follower = min(later, key=lambda other: other.first, default=None)
    if follower is None or (follower.first < row.last and danish_date(row.last) >= window.first):
        return None
    return follower


def _top_codes(connection: Connection, window: Days) -> dict[tuple[str, str, str | None], str]:
    key = (modtagelse.c.institution_nummer, modtagelse.c.service, modtagelse.c.system_id)
    query = select(*key, modtagelse.c.koder, func.count().label("count")).where(
        COUNTED, modtagelse.c.resultat == REFUSED, within(window)
    )
    counts: dict[tuple[str, str, str | None], Counter[str]] = defaultdict(Counter)
    for number, service, system_id, codes, count in connection.execute(query.group_by(*key, modtagelse.c.koder)):
        for code in codes.split():
            if code not in BY_CODE or BY_CODE[code].alvor is Alvor.HAARD:
                counts[number, service, system_id][code] += count
    # Of equally frequent codes the lowest.
    return {key: min(found, key=lambda code: (-found[code], code)) for key, found in counts.items() if found}


def _open_forloeb(connection: Connection) -> dict[str, int]:
    """Return how many forloeb are open at each main institution."""
    query = select(haendelse.c.aabent_hos, func.count(haendelse.c.forloeb_id.distinct()))
    rows = connection.execute(query.where(haendelse.c.aabent_hos.is_not(None)).group_by(haendelse.c.aabent_hos))
    return defaultdict(int, {row[0]: row[1] for row in rows})
