"""Youths of one afbrud each, and when the kommune learned of it: the smallest on which all readings must agree."""

from datetime import date, datetime
from typing import Final

from tests.support.figure_youths import EUD, LEFT, TEST, Course, Told
from tests.support.told_afbrud import Contact, Fetch, Look, Mark
from udb.domain.clock import DANISH

DAY: Final = date(2026, 5, 1)
LEFT_ON: Final = date(2026, 3, 2)
HOME, OTHER, SCHOOL = "281851", "281751", "470001"
"""Numbers: of kommune 851, of kommune 751, and of no kommune."""
KOMMUNER: Final = {HOME: "851", OTHER: "751"}
BORN: Final = date(2009, 6, 1)


def at(day: int) -> datetime:
    """Return a time in March."""
    return datetime(2026, 3, day, 10, tzinfo=DANISH)


def afbrud(kode: str = EUD, **more: object) -> Course:
    """Return a course that was left on 2 March, and registered the same day."""
    return Course("formaal", kode, date(2025, 8, 11), LEFT_ON, LEFT, registered=at(2), **more)  # type: ignore[arg-type]


CASES: Final[dict[str, tuple[Told, dict[str, int]]]] = {
    "fetched by the home kommune": (
        Told(BORN, courses=[afbrud(fetched=[Fetch(HOME, at(3))])]), {"overskredet": 1},
    ),
    "fetched by a school, and no home is known": (
        Told(BORN, kommune=None, courses=[afbrud(fetched=[Fetch(SCHOOL, at(3))])]), {"ikke_hentet": 1},
    ),
    "looked at by a school, and no home is known": (
        Told(BORN, kommune=None, courses=[afbrud()], looks=[Look(SCHOOL, at(3))]), {"ikke_hentet": 1},
    ),
    # The mark is an afbrud too.
    "marked by the home kommune": (
        Told(BORN, courses=[afbrud(marks=[Mark(LEFT_ON, at(3), HOME)])]), {"overskredet": 2},
    ),
    "an admission test, marked by the home kommune": (
        Told(BORN, courses=[afbrud(TEST, marks=[Mark(LEFT_ON, at(3), HOME)])]), {"overskredet": 2},
    ),
    "marked by another kommune": (
        Told(BORN, courses=[afbrud(marks=[Mark(LEFT_ON, at(3), OTHER)])]), {"ikke_hentet": 2},
    ),
    "fetched and contacted before it was repeated": (
        Told(BORN, courses=[afbrud(
            repeated=at(30), fetched=[Fetch(HOME, at(3), earlier=True)],
            contacts=[Contact(date(2026, 3, 10), earlier=True)],
        )]),
        {"i_tide": 1},
    ),
    "looked at before it was repeated": (
        Told(BORN, courses=[afbrud(repeated=at(30))], looks=[Look(HOME, at(3))]), {"overskredet": 1},
    ),
    "repeated, and fetched and contacted after": (
        Told(BORN, courses=[afbrud(
            repeated=at(4), fetched=[Fetch(HOME, at(5))], contacts=[Contact(date(2026, 3, 13))],
        )]),
        {"for_sent": 1},
    ),
    "14 years old": (Told(date(2011, 3, 3), courses=[afbrud(fetched=[Fetch(HOME, at(3))])]), {}),
    "15 on that day": (Told(date(2011, 3, 2), courses=[afbrud(fetched=[Fetch(HOME, at(3))])]), {"overskredet": 1}),
    "18 on that day": (Told(date(2008, 3, 2), courses=[afbrud(fetched=[Fetch(HOME, at(3))])]), {}),
}  # fmt: skip
"""Each with the outcomes on 1 May."""
