"""What the checks look at: the reports of one main institution or kommune, read by its numbers.

Of an institution the reports of education (A12), of a kommune its activities (A13); never another's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, not_, or_, select

from udb.access.own_reports import a12_own_reports
from udb.domain.clock import add_years, danish_date, midnight
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import Institution
from udb.domain.services import KOMMUNE_AKTIVITET
from udb.statistics.system_change.announced import Change
from udb.statistics.system_change.sides import Side, Sides, sides_of
from udb.store.events import EVENT_COLUMNS, WITH_REPORTER, as_event
from udb.store.persons import INSTITUTION_COLUMNS
from udb.store.tables import haendelse, institution, modtagelse, system

AROUND: Final = 14
"""Days before and after the change that count as around it."""
WINDOW: Final = 90
"""Days before and after the change whose judged reports are read."""
YEARS_BEFORE: Final = (1, 2, 3)
ACCEPTED: Final = "A"
REFUSED: Final = "R"
TRIAL: Final = "proeve"


@dataclass(frozen=True, slots=True)
class Held:
    """A forløb of one youth at the institution, with the side that sent each of its events, by number."""

    person_id: int
    forloeb: Forloeb
    sides: Mapping[str, Side | None]

    def side(self, event: Haendelse) -> Side | None:
        """Return who sent an event of it."""
        return self.sides.get(event.nummer)

    def is_open_on(self, day: date) -> bool:
        """Return whether it had begun and not ended on a day."""
        began, end = self.forloeb.dato_optag, self.forloeb.end
        return began is not None and began <= day and (end is None or end.haendelse_dato > day)


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged report, accepted or refused, no trial. ``day``: when it was judged, by the Danish clock."""

    tid: datetime
    day: date
    side: Side | None
    service: str
    institution_nummer: str
    resultat: str
    slags: str
    koder: tuple[str, ...]
    person_id: int | None
    dato: date | None
    nummer: str | None
    genskabt: bool = False
    transaction_id: str | None = None

    @property
    def accepted(self) -> bool:
        """True if it was accepted."""
        return self.resultat == ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """All that the checks of one change look at, on one day.

    ``places``: the institutions under it; of a kommune itself alone. ``ends``: how many forløb ended in the days around
    the change, and in the same days of each of the years before.
    """

    change: Change
    today: date
    codes: Kodesaet
    sides: Sides
    places: Mapping[str, Institution]
    held: Sequence[Held] = ()
    judged: Sequence[Judged] = ()
    ends: Sequence[int] = ()

    @property
    def day(self) -> date:
        """The day of the change."""
        return self.change.dag

    def until(self, days: int) -> date | None:
        """Return the day so many days after the change while it is not over; None when it is."""
        day = self.day + timedelta(days=days)
        return None if self.today > day else day

    @property
    def is_kommune(self) -> bool:
        """True if a kommune changes the system with which it reports."""
        return is_kommune(self.places, self.change)

    @property
    def lower_bound(self) -> bool:
        """True if reports around the change are from before reports were kept: at least so many there were."""
        return self.bound_since(self.day - timedelta(days=WINDOW))

    def bound_since(self, first: date) -> bool:
        """Return whether any report since a day is known from its event alone, or was made by a migration."""
        if any(one.genskabt and one.day >= first for one in self.judged):
            return True
        known = {one.nummer for one in self.judged}
        last = self.day + timedelta(days=WINDOW)
        return any(
            event.nummer not in known and first <= danish_date(event.registreringstid) <= last
            for held in self.held
            for event in held.forloeb.events
        )


def is_kommune(places: Mapping[str, Institution], change: Change) -> bool:
    """Return whether the change is a kommune's."""
    own = places.get(change.institution_nummer)
    return own is not None and own.kommunekode is not None


def read(connection: Connection, change: Change, today: date, codes: Kodesaet) -> Stock:
    """Return what the checks of a change look at on a day, the domain's."""
    places = places_of(connection, change)
    own = own_events(change, places)
    rows = connection.execute(_events(change, places, own)).all()
    names = dict(connection.execute(select(system.c.id, system.c.navn)).all())
    sources = {(row[1], row[2]) for row in rows}
    sides = sides_of(change.gammelt, change.nyt, change.dag, names, sources)
    return Stock(
        change=change,
        today=today,
        codes=codes,
        sides=sides,
        places=places,
        held=_held(rows, sides),
        judged=_judged(connection, change, places, sides, today),
        ends=[
            _ends(connection, own, change.dag, sides),
            *(_ends(connection, own, add_years(change.dag, -years), None) for years in YEARS_BEFORE),
        ],
    )


def places_of(connection: Connection, change: Change) -> Mapping[str, Institution]:
    """Return the institutions under the one that changes; of a kommune itself alone."""
    under = institution.c.hovedinstitution == change.institution_nummer
    query = select(*INSTITUTION_COLUMNS).where(or_(under, institution.c.nummer == change.institution_nummer))
    found = {row[0]: Institution(*row) for row in connection.execute(query.order_by(institution.c.nummer))}
    if is_kommune(found, change):
        # Its schools are not what it reports itself.
        return {change.institution_nummer: found[change.institution_nummer]}
    return found


def own_events(change: Change, places: Mapping[str, Institution]) -> ColumnElement[bool]:
    """Return the condition for the reports that the change is about: A12's, or of a kommune A13's activities."""
    if is_kommune(places, change):
        return and_(
            haendelse.c.institution_nummer == change.institution_nummer,
            haendelse.c.service == KOMMUNE_AKTIVITET,
            not_(haendelse.c.annullering),
            haendelse.c.ifoelge_kommunen.is_(None),
        )
    # Of a school below a kommune, which is its main institution, the own reports alone.
    return and_(a12_own_reports(_main(change, places)), haendelse.c.institution_nummer.in_(places))


def _main(change: Change, places: Mapping[str, Institution]) -> str:
    own = places.get(change.institution_nummer)
    return own.hovedinstitution if own is not None else change.institution_nummer


def _events(change: Change, places: Mapping[str, Institution], own: ColumnElement[bool]) -> Any:
    """Return the query of all events of the youths who had a forløb there around the change or have one now."""
    query = select(
        haendelse.c.person_id, haendelse.c.system_id, haendelse.c.kilde_leverandoer, *EVENT_COLUMNS
    ).select_from(WITH_REPORTER)
    if not is_kommune(places, change):
        since = midnight(change.dag - timedelta(days=WINDOW))
        there = select(haendelse.c.person_id).where(
            haendelse.c.institution_nummer.in_(places),
            or_(
                haendelse.c.aabent_hos == _main(change, places),
                haendelse.c.registreringstid >= since,
                haendelse.c.haendelse_dato >= change.dag - timedelta(days=WINDOW),
            ),
        )
        query = query.where(haendelse.c.person_id.in_(there))
    return query.where(own).order_by(haendelse.c.person_id, haendelse.c.nummer)


def _held(rows: Collection[Any], sides: Sides) -> list[Held]:
    events: dict[int, list[Haendelse]] = {}
    senders: dict[int, dict[str, Side | None]] = {}
    for person_id, system_id, kilde, *values in rows:
        event = as_event(values)
        events.setdefault(person_id, []).append(event)
        side = sides.of(system_id, kilde, danish_date(event.registreringstid))
        senders.setdefault(person_id, {})[event.nummer] = side
    return [
        Held(person_id, one, senders[person_id]) for person_id, found in events.items() for one in all_forloeb(found)
    ]


def _judged(
    connection: Connection, change: Change, places: Mapping[str, Institution], sides: Sides, today: date
) -> list[Judged]:
    def within(first: date, last: date) -> ColumnElement[bool]:
        return and_(modtagelse.c.tid >= midnight(first), modtagelse.c.tid < midnight(last + timedelta(days=1)))

    span = timedelta(days=WINDOW)
    columns = (
        *(modtagelse.c.service, modtagelse.c.institution_nummer, modtagelse.c.resultat, modtagelse.c.slags),
        *(modtagelse.c.koder, modtagelse.c.person_id, modtagelse.c.dato, modtagelse.c.nummer, modtagelse.c.genskabt),
        modtagelse.c.transaction_id,
    )
    query = (
        select(modtagelse.c.tid, modtagelse.c.system_id, haendelse.c.kilde_leverandoer, *columns)
        .select_from(modtagelse.outerjoin(haendelse, haendelse.c.nummer == modtagelse.c.nummer))
        .where(
            modtagelse.c.institution_nummer.in_(places),
            modtagelse.c.resultat.in_((ACCEPTED, REFUSED)),
            modtagelse.c.slags != TRIAL,
            or_(within(change.dag - span, change.dag + span), within(today - span, today)),
        )
        .order_by(modtagelse.c.tid, modtagelse.c.id)
    )
    found = []
    for tid, system_id, kilde, service, nummer, resultat, slags, koder, *rest in connection.execute(query):
        day = danish_date(tid)
        side = sides.of(system_id, kilde, day)
        found.append(Judged(tid, day, side, service, nummer, resultat, slags, tuple(koder.split()), *rest))
    return found


def _ends(connection: Connection, own: ColumnElement[bool], day: date, sides: Sides | None) -> int:
    """Return how many forløb ended in the days around a day; with ``sides`` those alone that either system ended."""
    around = timedelta(days=AROUND)
    query = (
        select(haendelse.c.forloeb_id, haendelse.c.system_id, haendelse.c.kilde_leverandoer, haendelse.c.haendelse_dato)
        .where(
            own,
            haendelse.c.status.in_((2, 3)),
            not_(or_(haendelse.c.annulleret, haendelse.c.gentaget)),
            haendelse.c.haendelse_dato >= day - around,
            haendelse.c.haendelse_dato <= day + around,
        )
        .distinct()
    )
    rows = connection.execute(query)
    return len({row[0] for row in rows if sides is None or sides.of(*row[1:]) is not None})
