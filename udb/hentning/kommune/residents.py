"""The list of a kommune's residents of 15 to 29. A list is a look-up of each youth it shows: all are logged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from udb.access.clauses import home_youths
from udb.context import Context
from udb.domain.call import Call
from udb.domain.clock import add_years
from udb.domain.cpr import BORN_ON_LEAP_DAY, LEAP_DAY
from udb.domain.kodesaet import Kodesaet
from udb.domain.receipt import Fejl
from udb.hentning.fetch import HOME
from udb.hentning.fetch_call import FetchCall, carry_out
from udb.hentning.kommune.listed import LISTED, goes_to, is_of_today
from udb.hentning.kommune.seen import Seen, see
from udb.statistics.definitions.situation import Situation
from udb.store.contacts import KOMMUNE
from udb.store.tables import kontakt, person, ung_liste

PAGE: Final = 100
"""How many youths one page has."""
MOST: Final = 5000
"""How many youths a list or a file may have."""
YOUNGEST, OLDEST = 15, 29
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to look for; None: no matter. Ages in whole years, both included; ``situationer``: any of these, empty: no
    matter; ``skole``: an institution's number; ``afbrud_dage``: an afbrud in so many days.
    """

    alder_fra: int | None = None
    alder_til: int | None = None
    situationer: Collection[Situation] = ()
    risiko: bool | None = None
    paalaeg: bool | None = None
    kontakt: str | None = None
    afbrud_dage: int | None = None
    udfald: str | None = None
    skole: str | None = None


@dataclass(frozen=True, slots=True)
class Resident:
    """A youth of the list. ``kontakt``: the name of the own kommune's contact person; None without one."""

    seen: Seen
    kontakt: str | None


@dataclass(frozen=True, slots=True)
class Residents:
    """A page of the list. ``antal``: how many fit; ``beregnet``: the time of the oldest row that filters and order
    were worked out from, None when none was; ``residents`` is empty when there are more than MOST.
    """

    residents: Sequence[Resident]
    antal: int
    beregnet: datetime | None
    now: datetime
    codes: Kodesaet

    @property
    def too_many(self) -> bool:
        """Whether the list must be narrowed."""
        return self.antal > MOST


def residents(context: Context, call: Call, filters: Filters, *, number: int = 1) -> Residents | None:
    """Return a page of the list, ``number`` from 1. Raises NoDataaftale, DatabaseUnavailable."""
    return carry_out(context, call, None, partial(_answer, filters=filters, first=(number - 1) * PAGE), _refused)


def all_residents(context: Context, call: Call, filters: Filters) -> Residents | None:
    """Return the whole list, as for a file. Raises NoDataaftale, DatabaseUnavailable."""
    return carry_out(context, call, None, partial(_answer, filters=filters, first=0, size=MOST), _refused)


def _refused(_: tuple[Fejl, ...]) -> Residents | None:
    return None


def _answer(fetch: FetchCall, filters: Filters, first: int, size: int = PAGE) -> Residents:
    connection, caller = fetch.connection, fetch.caller
    wanted = and_(home_youths(caller), *_conditions(fetch, filters))
    counted = select(func.count(), func.min(ung_liste.c.beregnet)).select_from(LISTED).where(wanted)
    antal, beregnet = connection.execute(counted).one()
    if not antal:
        # No row fits: whether any was worked out is asked of all.
        everyone = select(func.min(ung_liste.c.beregnet)).select_from(LISTED).where(home_youths(caller))
        beregnet = connection.execute(everyone).scalar_one()
    numbers: list[int] = []
    if antal <= MOST:
        query = select(person.c.id).select_from(LISTED).where(wanted)
        ordered = query.order_by(
            ung_liste.c.frist.is_(None),
            ung_liste.c.frist,
            ung_liste.c.seneste.is_(None),
            ung_liste.c.seneste.desc(),
            person.c.id,
        )
        numbers = list(connection.execute(ordered.offset(first).limit(size)).scalars())
    shown: list[Resident] = []
    for begin in range(0, len(numbers), _AT_ONCE):
        batch = numbers[begin : begin + _AT_ONCE]
        seen = see(connection, caller, batch, fetch.codes)
        names = _contacts(fetch, batch)
        # Without those that a register has moved since the list was made.
        shown += [Resident(seen[one], names.get(one)) for one in batch if one in seen]
    fetch.log([one.seen.person_id for one in shown], clause=HOME)
    return Residents(shown, antal, beregnet, fetch.now, fetch.codes)


def _contacts(fetch: FetchCall, persons: Sequence[int]) -> dict[int, str]:
    query = select(kontakt.c.person_id, kontakt.c.navn).where(
        kontakt.c.person_id.in_(persons),
        kontakt.c.art == KOMMUNE,
        kontakt.c.institution_nummer == fetch.caller.institution_nummer,
    )
    return {row[0]: row[1] for row in fetch.connection.execute(query)}


def _conditions(fetch: FetchCall, filters: Filters) -> list[ColumnElement[bool]]:
    today, row = fetch.caller.today, ung_liste.c
    ages: list[ColumnElement[bool]] = []
    if filters.alder_fra is not None:
        ages.append(_is_at_least(filters.alder_fra, today))
    if filters.alder_til is not None:
        ages.append(not_(_is_at_least(filters.alder_til + 1, today)))
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (row.risiko, filters.risiko),
        (row.paalaeg, filters.paalaeg),
        (row.kontakt, filters.kontakt),
        (row.udfald, filters.udfald),
    ):
        if value is not None:
            found.append(column == value)
    if filters.situationer:
        found.append(row.situation.in_([one.value for one in filters.situationer]))
    if filters.afbrud_dage is not None:
        found.append(row.afbrud > today - timedelta(days=filters.afbrud_dage))
    if filters.skole is not None:
        found.append(goes_to(fetch.connection, filters.skole))
    if found:
        found.append(is_of_today(fetch.connection, fetch.caller))
    return [*ages, *found]


def _is_at_least(years: int, today: date) -> ColumnElement[bool]:
    """Return the condition that a person is so many years old today."""
    last = add_years(today, YOUNGEST - years)
    if (today.month, today.day) != LEAP_DAY or last.day == today.day:
        return person.c.turns_15 <= last
    # Of those who turned 15 on 1 March, who was born on 29 February has a birthday today, who was born in March not.
    born = func.substr(person.c.cprnr, 1, len(BORN_ON_LEAP_DAY[0])).in_(BORN_ON_LEAP_DAY)
    return or_(person.c.turns_15 < last, and_(person.c.turns_15 == last, born))
