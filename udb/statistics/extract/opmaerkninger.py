"""The file ``opmaerkninger``: each stored forløb with the mark that says what figures do with it on the day.

A forløb none of whose reports stands has no number here: it is counted, and names no cancelled report.
"""

from collections.abc import Mapping
from typing import Any, Final

from udb.domain.forloeb import Forloeb
from udb.statistics.definitions.opmaerkninger import opmaerkninger
from udb.statistics.extract.moment import Moment
from udb.statistics.extract.youths import Found

NAME: Final = "opmaerkninger"
COLUMNS: Final = ("id", "forloeb_nr", "maerke", "modpart")


def rows(found: Found, moment: Moment, courses: Mapping[str, Forloeb]) -> list[tuple[Any, ...]]:
    """Return the rows of a youth, by number. ``courses``: all of the youth, by number."""
    numbers = {course.events[0].nummer: number for number, course in courses.items()}
    made = []
    for one in opmaerkninger(found.events, found.youth, moment.codes, moment.request.day):
        own, other = (numbers[course.events[0].nummer] if course else "" for course in (one.forloeb, one.modpart))
        made.append((found.id, own, one.maerke.value, other))
    return sorted(made)
