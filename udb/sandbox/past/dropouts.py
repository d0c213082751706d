"""The plant of youths of 15 to 17 who dropped out, and how fast their kommune reached them (V 2.4; portal 3.0.9)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from udb.domain.clock import DANISH
from udb.domain.haendelse import AFBRUDT
from udb.domain.services import KONTAKT_TILBUDSTID
from udb.sandbox.draft import Course, Draft, Youth
from udb.sandbox.past.plants import STX, Plants
from udb.sandbox.past.senders import CAUSE
from udb.sandbox.places import GYMNASIUM
from udb.statistics.definitions.frist import CONTACT_DAYS
from udb.statistics.definitions.working_days import easter_sunday, working_day_after

WHOLE: Final = 300
FEWEST: Final = 20
"""So many there are in the smallest world; all of them in one of 2,000 youths."""
ALL_FROM: Final = 2_000
IN_TIME: Final = "in time"
LATE: Final = "late"
OVERDUE: Final = "overdue"
OPEN: Final = "open"
NOT_FETCHED: Final = "not fetched"
PERCENT: Final = {IN_TIME: 60, LATE: 15, OVERDUE: 10, OPEN: 5, NOT_FETCHED: 10}
AT_HOLIDAYS: Final = 25
"""Of so many, one is contacted on a due day that Easter moves, and one on a due day that New Year moves."""
SPAN: Final = 340
"""The days over which the others are spread, the latest about a month ago."""
OFFER_WITHIN: Final = 28
OFFERED: Final = 0.7
SCHOOL_START: Final = (8, 10)


@dataclass(frozen=True, slots=True)
class Case:
    """An afbrud of the day before ``known``, the day on which the kommune fetched it. ``contact``: None for none."""

    known: date
    outcome: str
    contact: date | None = None


def count(youths: int) -> int:
    """Return how many there are beside so many invented youths: a multiple of 20, so that the percentages are whole."""
    wanted = WHOLE * min(youths, ALL_FROM) // ALL_FROM
    return max(FEWEST, wanted // FEWEST * FEWEST)


def plant(plants: Plants, youths: int) -> None:
    """Add the youths with their afbrud, contact and offer times, and what their kommuner fetched."""
    for case in cases(plants, count(youths)):
        _add(plants, case)


def cases(plants: Plants, number: int) -> list[Case]:
    """Return the cases: the percentages hold exactly."""
    outcomes = [outcome for outcome, percent in PERCENT.items() for _ in range(number * percent // 100)]
    at_holidays = max(1, number // AT_HOLIDAYS)
    easter_known, new_year_known = before_easter(plants.today), before_new_year(plants.today)
    found = []
    in_time = late = 0
    for index, outcome in enumerate(outcomes):
        known = plants.today - timedelta(days=35 + (index * 7919) % SPAN)
        contact = None
        if outcome == IN_TIME:
            if in_time < 2 * at_holidays:
                known = easter_known if in_time < at_holidays else new_year_known
                contact = working_day_after(known, CONTACT_DAYS)
            else:
                longest = (working_day_after(known, CONTACT_DAYS) - known).days
                contact = known + timedelta(days=plants.rng.randint(0, longest))
            in_time += 1
        elif outcome == LATE:
            known = {0: easter_known, 1: new_year_known}.get(late, known)
            contact = working_day_after(known, CONTACT_DAYS) + timedelta(days=plants.rng.randint(1, 9))
            late += 1
        elif outcome == OPEN:
            known = plants.today - timedelta(days=plants.rng.randint(1, 3))
        found.append(Case(known, outcome, contact))
    return found


def before_easter(today: date) -> date:
    """Return the Thursday ten days before the last Easter that is over long enough; its due day is after Easter."""
    latest = max(
        day for year in (today.year - 1, today.year) if (day := easter_sunday(year)) < today - timedelta(days=30)
    )
    return latest - timedelta(days=10)


def before_new_year(today: date) -> date:
    """Return 29 December of the last New Year that is over long enough; its due day is in January."""
    year = today.year - 1 if today > date(today.year, 2, 1) else today.year - 2
    return date(year, 12, 29)


def _add(plants: Plants, case: Case) -> None:
    day = case.known - timedelta(days=1)
    kommune = plants.rng.choice(plants.world.places.kommuner)
    youth = plants.youth(plants.rng.uniform(15.6, 17.9), day, kommune)
    began = max(_school_start(day), youth.turns_15)
    school = plants.world.places.near(plants.rng, GYMNASIUM, kommune)
    course = plants.course(STX, school, began)
    plants.report(youth, course, began)
    afbrud = plants.report(youth, course, day, AFBRUDT, afbrudsarsags_kode=CAUSE)
    if case.outcome == NOT_FETCHED:
        return
    plants.fetched.append((afbrud, kommune, case.known))
    if case.contact is not None:
        _times(plants, youth, afbrud, case.contact)


def _school_start(day: date) -> date:
    """Return the last start of a school year at least three weeks before a day."""
    enough = day - timedelta(days=21)
    this_year = date(enough.year, *SCHOOL_START)
    return this_year if this_year <= enough else date(enough.year - 1, *SCHOOL_START)


def _times(plants: Plants, youth: Youth, afbrud: Draft, contact: date) -> None:
    """Report the contact, and to most the offer, each the day after."""
    number = plants.world.places.kommune_number[youth.kommune]
    course = Course(KONTAKT_TILBUDSTID, number, "UV-Vej", {})
    offer = contact + timedelta(days=plants.rng.randint(5, OFFER_WITHIN))
    times = [("Kontakttid", contact)]
    if plants.rng.random() < OFFERED and offer < plants.today - timedelta(days=1):
        times.append(("Tilbudstid", offer))
    for kind, day in times:
        at = datetime(day.year, day.month, day.day, plants.rng.randint(8, 15), 30, tzinfo=DANISH)
        time = plants.report(youth, course, day, None, on=day + timedelta(days=1), type=kind, haendelse_tid=at)
        time.afbrud = afbrud
